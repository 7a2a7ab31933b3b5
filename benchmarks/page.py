"""Writes `docs/benchmarks.md` from the results that are there."""

from __future__ import annotations

from pathlib import Path

from benchmarks.page_landing import landing
from benchmarks.page_nightly import memory, nightly, overhead
from benchmarks.page_questions import questions
from benchmarks.page_signals import signals
from benchmarks.workspace import Workspace

_INTRO = """# Benchmarks

What the warehouse costs. `make bench` writes this page; do not edit it.

Every number is a ratio or a percentile within one run: the variants take turns, each in a process of its own, and the
median counts (beside it in brackets the lowest and the highest). CPU is user and system time of the whole process
tree, peak memory that of its largest process. Seconds differ from machine to machine, ratios hardly. Where a goal is
missed, the lines below the table say what the excess is spent on.
"""


def write_page(workspace: Workspace, path: Path) -> None:
    """Rewrites the page; a benchmark without a result has no section."""
    results = workspace.load()

    def named(prefix: str) -> list[dict[str, object]]:
        return [result for result in results if str(result["name"]).startswith(f"{prefix}-")]

    sections = [
        *landing(named("landing")),
        *nightly(named("nightly")),
        *memory(named("memory")),
        *overhead(named("overhead")),
        *signals(named("signals")),
        *questions(named("questions")),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([_INTRO, *sections]).rstrip() + "\n", encoding="utf-8")
