"""The page's parts on the nightly, its gate, memory and dbt."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.tables import (
    Result,
    cpu,
    medians,
    peak_mb,
    ratio,
    share_of,
    spread,
    steps_cpu,
    table,
    verdict,
    wall,
    where,
)

GROWTH_GOAL, FULL_GOAL = 1.3, 0.1
GATE_GOAL = 0.1
MEMORY_GOAL_MB = 4096 * 1.048576


def nightly(results: Sequence[Result]) -> list[str]:
    """Growth with history, and the gate's share."""
    if not results:
        return []
    lines = [
        "## One night",
        "",
        "The nightly (land, check, build, test, publish) of one day on top of a short and of a long history of the same"
        " company, and the long history landed and built at once in an empty home. CPU seconds of all processes.",
        "",
    ]
    for result in results:
        lines += _growth(result)
    return [*lines, *_gate(results)]


def _growth(result: Result) -> list[str]:
    parameters, nights = result["parameters"], result["facts"]["nights"]
    short, long, full = (cpu(result, name) for name in ("short", "long", "full"))
    growth, of_full = ratio(long, short), ratio(long, full)
    landed = {name: nights[name][-1]["rows"].get("land", 0) for name in nights}
    steps = {name: steps_cpu(result, name) for name in nights}
    nodes, subjects = (
        {name: medians([night[kind] for night in nights[name]]) for name in nights} for kind in ("nodes", "subjects")
    )
    return [
        f"### {parameters['accounts']} accounts, density {parameters['density']:g}",
        "",
        *where(result),
        *table(
            (
                "",
                f"night after {parameters['short_days']} days",
                f"night after {parameters['days']} days",
                "all days at once",
            ),
            [
                ("rows landed", *(f"{landed[name]:,}" for name in nights)),
                ("CPU s", *(f"{cpu(result, name):.1f} ({spread(result, name)})" for name in nights)),
                ("wall s", *(f"{wall(result, name):.1f}" for name in nights)),
                ("peak MB", *(f"{peak_mb(result, name):,.0f}" for name in nights)),
                *(
                    (f"step {step}, CPU s", *(f"{steps[name].get(step, 0):.1f}" for name in nights))
                    for step in steps["long"]
                ),
                *(
                    (f"dbt: {kind}, wall s of all", *(f"{nodes[name].get(kind, 0):.1f}" for name in nights))
                    for kind in sorted(nodes["long"])
                    if nodes["long"][kind] >= 0.05
                ),
                *(
                    (
                        f"models of {subject}, wall s of all",
                        *(f"{subjects[name].get(subject, 0):.1f}" for name in nights),
                    )
                    for subject in sorted(subjects["long"], key=lambda subject: -subjects["long"][subject])
                ),
            ],
        ),
        f"- Long against short history: {growth:.2f}; {verdict(growth, GROWTH_GOAL, 'goal at most {}')}.",
        f"- Against all days at once: {of_full:.2f}; {verdict(of_full, FULL_GOAL, 'goal at most {}')}.",
        *_growth_reasons(steps, nodes, long - short, growth > GROWTH_GOAL, of_full > FULL_GOAL),
        "",
    ]


def _growth_reasons(
    steps: dict[str, dict[str, float]], nodes: dict[str, dict[str, float]], grown: float, slower: bool, dear: bool
) -> list[str]:
    lines = []
    by_step = {name: seconds - steps["short"].get(name, 0.0) for name, seconds in steps["long"].items()}
    by_kind = {name: seconds - nodes["short"].get(name, 0.0) for name, seconds in nodes["long"].items()}
    increase = sum(value for value in by_kind.values() if value > 0)
    if slower and grown > 0:
        lines.append(
            f"- What grows with history, by step: {share_of(by_step, grown)}; by kind of dbt node: "
            f"{share_of(by_kind, increase)}. Only the product's events are aggregated incrementally; every other model,"
            " a few rows an account and day, is made anew."
        )
    if dear:
        little, much = (sum(steps[name].values()) for name in ("short", "long"))
        lines.append(
            f"- A night after a short history takes {little:.1f} s already, {100 * ratio(little, much):.0f}% of the"
            " night after the long one: Python's and dbt's start, and what dbt spends on a node, do not depend on rows."
        )
    return lines


def _gate(results: Sequence[Result]) -> list[str]:
    rows = []
    for result in results:
        steps = steps_cpu(result, "long")
        if "gate" not in steps:
            continue
        share = ratio(steps["gate"], cpu(result, "long"))
        seconds = medians([night["steps"] for night in result["facts"]["nights"]["long"]])
        rows.append(
            (
                f"{result['parameters']['accounts']}, density {result['parameters']['density']:g}",
                f"{steps['gate']:.1f}",
                f"{cpu(result, 'long'):.1f}",
                f"{100 * share:.0f}%",
                f"{100 * ratio(seconds.get('gate', 0.0), wall(result, 'long')):.0f}%",
                verdict(share, GATE_GOAL, "under {}"),
            )
        )
    if not rows:
        return ["## The gate's share", "", "Not measured: the nights above ran no gate.", ""]
    header = ("company", "gate, CPU s", "night, CPU s", "share of CPU", "share of wall time", "goal")
    return [
        "## The gate's share",
        "",
        "Of the night after the long history.",
        "",
        *table(header, rows),
    ]


def memory(results: Sequence[Result]) -> list[str]:
    """Peak memory at many events."""
    if not results:
        return []
    rows = []
    for result in results:
        for step in ("land", "build"):
            peak = peak_mb(result, step)
            rows.append(
                (
                    f"{result['facts']['rows']:,}",
                    step,
                    result["parameters"]["limit"],
                    f"{cpu(result, step):.0f}",
                    f"{wall(result, step):.0f}",
                    f"{peak:,.0f}",
                    verdict(peak, MEMORY_GOAL_MB, "at most {}"),
                )
            )
    parameters = results[-1]["parameters"]
    return [
        "## Memory",
        "",
        f"All exports of {parameters['accounts']:,} accounts over {parameters['days']} days landed at once, everything"
        " built from nothing and tested. *Limit* is `ACCOUNT_HEALTH_MEMORY`, what DuckDB may use; Python comes on top."
        " What publishing needs stands below the questions of BI.",
        "",
        *where(results[-1]),
        *table(
            ("product rows", "step", "limit", "CPU s", "wall s", "peak MB of one process", "goal (4 GiB in MB)"), rows
        ),
    ]


def overhead(results: Sequence[Result]) -> list[str]:
    """dbt against its own SQL."""
    lines: list[str] = []
    for result in results:
        parameters, nodes = result["parameters"], result["facts"]["nodes"]
        count = sum(nodes.values())
        build, sql, imports = cpu(result, "build"), cpu(result, "replay"), cpu(result, "import")
        parse = max(cpu(result, "parse_again") - imports, 0.0)
        rest = build - sql - imports - parse
        kinds = medians([{kind: cost["cpu"] for kind, cost in run.items()} for run in result["facts"]["replayed"]])
        numbers = {kind: cost["statements"] for kind, cost in result["facts"]["replayed"][-1].items()}
        lines += [
            f"### {parameters['accounts']} accounts, {parameters['days']} days, density {parameters['density']:g}",
            "",
            *where(result),
            *table(
                ("", "CPU s", "wall s", "share of the build"),
                [
                    ("`dbt build`", f"{build:.1f} ({spread(result, 'build')})", f"{wall(result, 'build'):.1f}", "100%"),
                    ("its SQL on one connection", f"{sql:.1f}", f"{wall(result, 'replay'):.1f}", _percent(sql, build)),
                    ("import of dbt", f"{imports:.1f}", f"{wall(result, 'import'):.1f}", _percent(imports, build)),
                    ("parse, nothing changed", f"{parse:.1f}", "", _percent(parse, build)),
                    (f"the rest, {1000 * rest / count:.0f} ms a node", f"{rest:.1f}", "", _percent(rest, build)),
                ],
            ),
            f"The build takes {ratio(build, sql):.2f} times the CPU of its SQL and"
            f" {ratio(wall(result, 'build'), wall(result, 'replay')):.2f} times its wall time (two threads against one"
            f" connection). {count} nodes: {', '.join(f'{number} {kind}s' for kind, number in nodes.items())}. A parse"
            f" from nothing takes {cpu(result, 'parse_anew') - imports:.1f} s more than the import.",
            "",
            *table(
                ("what the SQL is", "statements", "CPU s"),
                [
                    (kind, str(int(numbers.get(kind, 0))), f"{seconds:.1f}")
                    for kind, seconds in sorted(kinds.items(), key=lambda kind: -kind[1])
                ],
            ),
        ]
    head = [
        "## dbt's overhead",
        "",
        "Everything built from nothing, unit tests left out, against the statements that dbt sent (recorded from a"
        " build with one thread), run in their order by DuckDB alone. The rest is what dbt does around them: Jinja,"
        " events, connections, artifacts.",
        "",
    ]
    return [*head, *lines] if lines else []


def _percent(part: float, whole: float) -> str:
    return f"{100 * ratio(part, whole):.0f}%"
