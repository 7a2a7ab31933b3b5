"""The page's part on landing."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.tables import Result, cpu, peak_mb, ratio, share_of, spread, table, verdict, where

FLOOR_GOAL = 1.2
ORDINARY_GOAL = 10.0


def landing(results: Sequence[Result]) -> list[str]:
    """All sizes and forms, and where the CPU goes."""
    if not results:
        return []
    ordered = sorted(results, key=lambda result: (result["facts"]["rows"], result["facts"]["form"]))
    lines = [
        "## Landing",
        "",
        "`account-health land product` into an empty home, against DuckDB reading the same files with the same types"
        " into a table of an empty file. CPU seconds, Python's start included. *Told the same* is DuckDB with landing's"
        " columns of provenance and landing's setting, by which rows need not keep the order of files: by default it"
        " leaves row groups half full and writes the table again when it closes the file. The goal is against DuckDB as"
        " it comes.",
        "",
        *_places(ordered),
        *table(
            (
                "events",
                "form",
                "files",
                "MB",
                "DuckDB alone",
                "DuckDB, told the same",
                "landing",
                "times DuckDB told the same",
                "times DuckDB alone",
                "goal",
                "peak MB, DuckDB",
                "peak MB, landing",
            ),
            (_floor_row(result) for result in ordered),
        ),
        *_excess(ordered),
        "Against dlt's ordinary path (filesystem source, `read_jsonl`, `read_csv` or `read_parquet`, declared columns,"
        " Parquet to the loader) on the newest files of the same exports. The fixed start of landing weighs on a sample"
        " so small: the last columns set the cost of an event on the ordinary path, its own start included, against"
        " that of landing on all files. Both grow fairer with the size of the sample.",
        "",
        *table(
            (
                "events",
                "form",
                "dlt s",
                "landing s",
                "times",
                "dlt us an event",
                "landing us, all files",
                "times",
                "goal",
            ),
            (_ordinary_row(result) for result in ordered),
        ),
    ]
    return lines


def _places(results: Sequence[Result]) -> list[str]:
    """When and where, once for what was measured together."""
    together: dict[tuple[int, str], list[Result]] = {}
    for result in results:
        together.setdefault((result["facts"]["rows"], result["where"]["commit"]), []).append(result)
    lines = []
    for (rows, _commit), group in together.items():
        forms = ", ".join(result["facts"]["form"] for result in group)
        lines.append(f"- {rows:,} events, {forms}: {where(group[-1])[0]}")
    return [*lines, ""]


def _floor_row(result: Result) -> tuple[str, ...]:
    facts, floor, ours = result["facts"], cpu(result, "floor"), cpu(result, "land")
    alike, times = cpu(result, "like_landing"), ratio(ours, floor)
    return (
        f"{facts['rows']:,}",
        facts["form"],
        str(facts["files"]),
        f"{facts['megabytes']:,}",
        f"{floor:.1f} ({spread(result, 'floor')})",
        f"{alike:.1f} ({spread(result, 'like_landing')})",
        f"{ours:.1f} ({spread(result, 'land')})",
        f"{ratio(ours, alike):.2f}",
        f"{times:.2f}",
        verdict(times, FLOOR_GOAL, "at most {}"),
        f"{peak_mb(result, 'floor'):,.0f}",
        f"{peak_mb(result, 'land'):,.0f}",
    )


def _excess(results: Sequence[Result]) -> list[str]:
    lines = ["Where the CPU of landing goes, in microseconds an event:", ""]
    rows = []
    for result in results:
        count = result["facts"]["rows"]
        parts = excess_parts(result)
        rows.append(
            (
                f"{count:,}",
                result["facts"]["form"],
                *(f"{1e6 * seconds / count:.2f}" for seconds in parts.values()),
                share_of({name: value for name, value in list(parts.items())[1:] if value > 0}, _over(parts)),
            )
        )
    names = ("DuckDB, told the same", "fixed", "looking into the files")
    lines += table(("events", "form", *names, "of what exceeds DuckDB"), rows)
    return [
        *lines,
        "*Fixed* is a landing of one empty file: Python and dlt start, dlt plans and runs a package, the ledger."
        " *Looking into the files* is what remains: content hash, count of records, contract, and noise.",
        "",
    ]


def excess_parts(result: Result) -> dict[str, float]:
    """Seconds of one landing by what they are spent on."""
    alike, fixed = cpu(result, "like_landing"), cpu(result, "nothing")
    return {
        "told the same": alike,
        "fixed": fixed,
        "looking into files": cpu(result, "land") - alike - fixed,
    }


def _over(parts: dict[str, float]) -> float:
    return sum(value for name, value in parts.items() if name != "told the same" and value > 0)


def _ordinary_row(result: Result) -> tuple[str, ...]:
    facts = result["facts"]
    ordinary, ours = cpu(result, "small_ordinary"), cpu(result, "small_land")
    per_event, ours_per_event = 1e6 * ordinary / facts["small_rows"], 1e6 * cpu(result, "land") / facts["rows"]
    times = ratio(per_event, ours_per_event)
    kept = "kept" if times >= ORDINARY_GOAL else f"**missed** ({times / ORDINARY_GOAL:.2f} of the goal)"
    return (
        f"{facts['small_rows']:,}",
        facts["form"],
        f"{ordinary:.1f}",
        f"{ours:.1f}",
        f"{ratio(ordinary, ours):.1f}",
        f"{per_event:.1f}",
        f"{ours_per_event:.1f}",
        f"{times:.1f}",
        f"at least {ORDINARY_GOAL:g}: {kept}",
    )
