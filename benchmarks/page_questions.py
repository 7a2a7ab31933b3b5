"""The page's part on questions of BI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.measure import median, percentile
from benchmarks.tables import Result, cpu, peak_mb, ratio, table, verdict, where

_GOAL_MS = 50
_NAMES = {
    "published": "published",
    "as_built": "in no order",
    "warehouse": "warehouse",
    "postgres": "PostgreSQL",
}


def questions(results: Sequence[Result]) -> list[str]:
    """How long an answer takes, cold and warm, and what the order of published tables costs."""
    if not results:
        return []
    lines = [
        "## Questions of BI",
        "",
        "Twelve selects that the dashboard and BI tools ask (`benchmarks/bi_questions/`), each about another account,"
        " owner or segment every time. *Published* is the serving file as publishing writes it, *in no order* the same"
        " file without its order, *warehouse* the private file with the same tables, *PostgreSQL* the copy of"
        " `publish --postgres` with the tables that the questions need, on a server with its default settings.",
        "",
        "Milliseconds until the last row has arrived, 95th percentile. *Cold*: a new process and connection, and"
        " nothing of the file in the page cache of the machine (PostgreSQL: its server started anew too); what the host"
        " of a virtual machine caches is out of reach. *Warm*: one connection, after each question was asked once.",
        "",
    ]
    for result in results:
        lines += _company(result)
    return lines


def _company(result: Result) -> list[str]:
    facts, targets = result["facts"], result["facts"]["targets"]
    accounts, days, rows = facts["counts"]
    return [
        f"### {accounts:,} accounts, {days} days, {rows:,} account-days",
        "",
        *where(result),
        *_answers(facts["meanings"], targets),
        *_verdicts(targets, facts),
        *_opening(targets, facts["megabytes"]),
        *_publishing(result),
    ]


def _answers(meanings: dict[str, str], targets: dict[str, Any]) -> list[str]:
    header = [f"{_NAMES[name]}, {state}" for name in targets for state in ("cold", "warm")]
    lines = [
        [
            f"`{question}`",
            *(_p95(target[state][question]) for target in targets.values() for state in ("cold", "warm")),
            f"{median(targets['published']['warm_cpu'][question]):.1f}",
        ]
        for question in meanings
    ]
    everything = [
        "all of them",
        *(_p95(_all(target[state])) for target in targets.values() for state in ("cold", "warm")),
        f"{median(_all(targets['published']['warm_cpu'])):.1f}",
    ]
    return table(["question", *header, "published, CPU ms"], [*lines, everything])


def _verdicts(targets: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    published = targets["published"]
    lines = []
    for state in ("cold", "warm"):
        worst = {name: percentile(times, 95) for name, times in published[state].items()}
        missed = ", ".join(f"{name} by {value - _GOAL_MS:.0f} ms" for name, value in worst.items() if value > _GOAL_MS)
        overall = percentile(_all(published[state]), 95)
        lines.append(
            f"- {state.capitalize()}: {overall:.0f} ms over all questions, median"
            f" {median(_all(published[state])):.1f}; goal {verdict(overall, _GOAL_MS, '95 of 100 within {} ms')}."
            f" Single questions beyond it: {missed or 'none'}."
        )
    remembered = ", ".join(_NAMES[name] for name, target in targets.items() if not target["is_cold"])
    cold, warm = (len(next(iter(published[state].values()))) for state in ("cold", "warm"))
    return [
        *lines,
        f"- {cold} cold and {warm} warm answers a question: of fewer than 20 the 95th percentile is the slowest. What a"
        " cold answer takes beyond a warm one is reading the disk, column by column, and the first use of each table.",
        f"- Of which the page cache could not be emptied every time: {remembered or 'none'}. CPU is the median of a"
        f" warm answer, all threads; it does not wait for other processes. Priority of processes: {facts['priority']}.",
        "",
    ]


def _opening(targets: dict[str, Any], megabytes: dict[str, float]) -> list[str]:
    return [
        "What comes before the question: the start of Python with the driver, then opening the file or connecting."
        " Medians in ms; a tool that stays open pays it once.",
        "",
        *table(
            ("", "MB", "start", "opening, cold", "opening, warm", "opening and answer, cold, 95th percentile"),
            [
                (
                    _NAMES[name],
                    f"{megabytes[name]:.0f}",
                    f"{median(target['start']):.0f}",
                    f"{median(target['open_cold']):.0f}",
                    f"{median(target['open_warm']):.0f}",
                    _p95([opening + times for opening, times in _together(target)]),
                )
                for name, target in targets.items()
            ],
        ),
    ]


def _together(target: dict[str, Any]) -> Iterable[tuple[float, float]]:
    """Openings are kept round by round, answers question by question."""
    rounds = zip(*target["cold"].values(), strict=True)
    return zip(target["open_cold"], (wall for answers in rounds for wall in answers), strict=True)


def _publishing(result: Result) -> list[str]:
    size, (ordered, plain) = result["facts"]["megabytes"], (cpu(result, name) for name in ("published", "as_built"))
    return [
        f"Publishing in order takes {ratio(ordered, plain):.1f} times the CPU of publishing in no order"
        f" ({ordered:.0f} s against {plain:.0f} s), {peak_mb(result, 'published'):.0f} MB at its peak (without order"
        f" {peak_mb(result, 'as_built'):.0f} MB; DuckDB may use {result['parameters']['memory']}), and makes a file of"
        f" {100 * ratio(size['published'], size['as_built']):.0f}% of the size.",
        "",
    ]


def _all(times: dict[str, list[float]]) -> list[float]:
    return [wall for walls in times.values() for wall in walls]


def _p95(values: Sequence[float]) -> str:
    return f"{percentile(values, 95):.1f}"
