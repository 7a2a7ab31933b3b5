"""Markdown tables and medians of results, for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.measure import median

Result = dict[str, Any]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, with an empty line behind; numbers stand right."""
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join(['---', *['---:'] * (len(header) - 1)])}|"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def cpu(result: Result, variant: str) -> float:
    """Median CPU seconds of a variant."""
    return median([run["cpu"] for run in result["costs"][variant]])


def wall(result: Result, variant: str) -> float:
    """Median wall seconds of a variant."""
    return median([run["wall"] for run in result["costs"][variant]])


def peak_mb(result: Result, variant: str) -> float:
    """Highest peak memory of a variant, over all of its runs."""
    return max((run["peak_mb"] for run in result["costs"][variant]), default=0.0)


def steps_cpu(result: Result, variant: str) -> dict[str, float]:
    """Median CPU seconds of a variant by step."""
    return medians([run["steps"] for run in result["costs"][variant]])


def medians(records: Sequence[dict[str, float]]) -> dict[str, float]:
    """Key by key; a key that one of them lacks counts 0 there."""
    keys = dict.fromkeys(key for record in records for key in record)
    return {key: median([record.get(key, 0.0) for record in records]) for key in keys}


def spread(result: Result, variant: str) -> str:
    """Lowest and highest CPU seconds."""
    runs = [run["cpu"] for run in result["costs"][variant]]
    return f"{min(runs):.1f} to {max(runs):.1f}"


def ratio(value: float, base: float) -> float:
    """How many times `base`; 0 where there is no base."""
    return value / base if base else 0.0


def verdict(value: float, goal: float, text: str) -> str:
    """A goal as one cell: kept, or missed by how much. `text` holds a `{}` for a number."""
    shown = text.format(f"{goal:g}")
    return f"{shown}: kept" if value <= goal else f"{shown}: **missed** ({value / goal:.2f} times the goal)"


def share_of(parts: dict[str, float], whole: float) -> str:
    """What makes up a whole, largest first, in percent."""
    listed = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {100 * value / whole:.0f}%" for name, value in listed if whole and value / whole >= 0.005)


def where(result: Result) -> list[str]:
    """One line: when, on what, with which versions, how busy."""
    place = result["where"]
    versions = ", ".join(f"{name} {version}" for name, version in place["versions"].items())
    reps = result["parameters"].get("reps", 1)
    return [
        f"{place['date']}, commit {place['commit']}, {place['machine']}; {versions}; {reps} repetitions; load of the"
        f" machine {place['load']}.",
        "",
    ]
