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


_SECTIONS = (
    "Landing",
    "One night",
    "The gate's share",
    "Memory",
    "dbt's overhead",
    "Usage signals",
    "Questions of BI",
)


def write_page(workspace: Workspace, path: Path) -> None:
    """Rewrites the sections of what was measured; those of other benchmarks stay as they are."""
    results = workspace.load()

    def named(prefix: str) -> list[dict[str, object]]:
        return [result for result in results if str(result["name"]).startswith(f"{prefix}-")]

    lines = [
        *landing(named("landing")),
        *nightly(named("nightly")),
        *memory(named("memory")),
        *overhead(named("overhead")),
        *signals(named("signals")),
        *questions(named("questions")),
    ]
    sections = _by_title(path.read_text(encoding="utf-8") if path.exists() else "") | _by_title("\n".join(lines))
    ordered = [f"## {title}\n{sections[title]}" for title in _SECTIONS if title in sections]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([_INTRO, *ordered]), encoding="utf-8")


def _by_title(page: str) -> dict[str, str]:
    parts = (part.partition("\n") for part in f"\n{page}".split("\n## ")[1:])
    return {title: text.rstrip() + "\n" for title, _, text in parts}
