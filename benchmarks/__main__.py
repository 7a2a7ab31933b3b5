"""`python -m benchmarks [landing] [nightly] [memory] [overhead] [signals] [questions]`: measures, writes the page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.landing import measure_landing
from benchmarks.measure import BenchmarkError
from benchmarks.memory import measure_memory
from benchmarks.nightly import measure_nightly
from benchmarks.overhead import measure_overhead
from benchmarks.page import write_page
from benchmarks.questions import measure_questions
from benchmarks.signals import measure_signals
from benchmarks.workspace import Workspace
from pipelines.config import PROJECT_ROOT

NAMES = ("landing", "nightly", "memory", "overhead", "signals", "questions")
PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Runs the named benchmarks; without a name all but `memory`, which takes an hour."""
    options = _options()
    workspace = Workspace(options.home.resolve())
    try:
        for name in options.names or [name for name in NAMES if name != "memory"]:
            _measure(name, workspace, options)
    except BenchmarkError as error:
        sys.exit(str(error))
    write_page(workspace, PAGE)
    print(PAGE)


def _measure(name: str, workspace: Workspace, options: argparse.Namespace) -> None:
    company = (options.accounts, options.days, options.density, options.reps)
    if name == "landing":
        for events in options.events or [10_000_000]:
            measure_landing(workspace, events, options.ordinary_events, options.reps)
    elif name == "nightly":
        measure_nightly(workspace, *company)
    elif name == "memory":
        for events in options.events or [50_000_000]:
            measure_memory(workspace, events, options.memory)
    elif name == "overhead":
        measure_overhead(workspace, *company)
    elif name == "signals":
        measure_signals(workspace, options.accounts, options.days, options.seed)
    elif name == "questions":
        built = options.built.resolve() if options.built else None
        measure_questions(workspace, built, *company[:3], options.memory, options.reps)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*NAMES, "page"], help="`page` rewrites the page from earlier results"
    )
    parser.add_argument(
        "--events", type=int, action="append", help="product events of landing and memory; may be repeated"
    )
    parser.add_argument("--ordinary-events", type=int, default=500_000, help="events for dlt's ordinary path")
    parser.add_argument("--reps", type=int, default=5, help="repetitions; the median counts")
    parser.add_argument("--accounts", type=int, default=300, help="company of all but landing")
    parser.add_argument("--days", type=int, default=300, help="its history")
    parser.add_argument("--density", type=float, default=1.0, help="multiplies its product events")
    parser.add_argument("--seed", type=int, default=101, help="of the company of signals; thresholds were chosen on 7")
    parser.add_argument("--memory", default="3GB", help="memory limit of DuckDB for memory and questions")
    parser.add_argument("--built", type=Path, help="built home that questions publishes a copy of; it is only read")
    parser.add_argument("--home", type=Path, default=PROJECT_ROOT / "data" / "benchmarks", help="data and results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
