"""What each command does, and how its failures become exit codes."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.text import Text

from pipelines.config import TELEMETRY_OFF, Settings
from pipelines.errors import CommandError, ExitCode, signal_of
from pipelines.lock import hold_lock, running_holder
from pipelines.progress import ConsoleProgress
from pipelines.runlog import shorten

_LOG_WIDTH = 140  # columns, where there is no terminal to fit into

# Modules that pull in dlt are imported by the command that needs them: `--help` must not take seconds.


@contextlib.contextmanager
def exit_codes(debug: bool) -> Iterator[None]:
    """Ends the program with the right code: failures of the block print what, where and what next."""
    os.umask(0o077)
    os.environ.update(TELEMETRY_OFF)
    try:
        yield
    except CommandError as error:
        if debug:
            traceback.print_exc()
        _say(error.message)
        if error.hint:
            _say(error.hint)
        sys.exit(int(error.exit_code))
    except Exception as error:
        if debug:
            traceback.print_exc()
        _say(f"{type(error).__name__}: {shorten(str(error))}")
        _say("This should not happen: start again with --debug to see where.")
        sys.exit(int(ExitCode.INTERNAL))
    except KeyboardInterrupt as error:
        if debug:
            traceback.print_exc()
        _say("Interrupted. Readers keep the last publish; start again when you like.")
        sys.exit(128 + signal_of(error))


def run_demo(
    settings: Settings, accounts: int, days: int, seed: int, until: date, density: float, command: str
) -> None:
    """Generates a company and runs three nights of it."""
    from pipelines import demo, report

    company = demo.Company(accounts, days, seed, until, density)
    with hold_lock(settings.lock, command) as lock:
        refresh = demo.run_demo(settings, company, lock, ConsoleProgress())
    report.print_refresh(refresh, _out())


def run_generate(
    settings: Settings,
    exports: Path | None,
    accounts: int,
    days: int,
    seed: int,
    until: date,
    density: float,
) -> None:
    """Writes the sample company's exports."""
    from pipelines import demo

    if exports is not None:
        settings = replace(settings, exports=str(exports.expanduser().resolve()))
    demo.generate_exports(settings, demo.Company(accounts, days, seed, until, density), ConsoleProgress())


def run_land(
    settings: Settings, systems: Sequence[str], until: date | None, command: str, accept: str | None = None
) -> None:
    """Lands new files."""
    from pipelines.nightly import land_step
    from pipelines.runlog import record_run

    chosen = _chosen(systems)
    with (
        hold_lock(settings.lock, command),
        record_run(settings, command, ConsoleProgress()) as recorder,
    ):
        results = land_step(settings, recorder, chosen, until, accept)
    for result in results:
        for warning in result.warnings:
            _say(f"warning: {warning}")
        for table in result.tables:
            if table.rejected:
                _say(f"rejected: {table.rejected:,} records of {result.system} {table.table}: `account-health rejects`")


def run_rejects(settings: Settings, systems: Sequence[str], last: int, shows_text: bool) -> None:
    """The records that did not land; takes no lock."""
    from pipelines.rejects import open_rejects, print_rejects

    chosen = _chosen(systems)
    _require_warehouse(settings)
    try:
        found = open_rejects(settings, chosen)
    except duckdb.IOException as error:
        raise CommandError(
            ExitCode.LOCKED, "The warehouse is busy: a refresh is writing it.", "Ask again when it has ended."
        ) from error
    print_rejects(found, last, shows_text, _out())


def run_build(settings: Settings, as_of: date | None, command: str) -> None:
    """Builds and tests the warehouse without landing or publishing."""
    from pipelines.nightly import build_step, clock_of
    from pipelines.runlog import record_run

    _require_warehouse(settings)
    with (
        hold_lock(settings.lock, command) as lock,
        record_run(settings, command, ConsoleProgress()) as recorder,
    ):
        recorder.run.as_of_date = clock_of(settings, as_of).isoformat()
        result = build_step(settings, recorder, lock, as_of)
    for message in result.test_warnings:
        _say(f"warning: {message}")


def run_nightly(settings: Settings, as_of: date | None, command: str) -> None:
    """The whole refresh, and its report."""
    from pipelines import nightly, report

    with hold_lock(settings.lock, command) as lock:
        refresh = nightly.run_nightly(settings, lock, as_of, ConsoleProgress(), command)
    report.print_refresh(refresh, _out())


def run_publish(settings: Settings, command: str) -> None:
    """Publishes the last green build again."""
    from pipelines.nightly import publish_step
    from pipelines.runlog import record_run

    _require_warehouse(settings)
    with (
        hold_lock(settings.lock, command),
        record_run(settings, command, ConsoleProgress()) as recorder,
    ):
        result = publish_step(settings, recorder)
    _out().print(Text(str(result.path)), soft_wrap=True)


def run_status(settings: Settings, last: int) -> None:
    """The last runs and the age of the sources; takes no lock and waits for nobody."""
    from pipelines import freshness, report, runlog

    holder = running_holder(settings.lock)
    runs = runlog.read_runs(settings, last)
    current = runlog.read_current(settings)
    if current is not None:
        current.status = "running" if holder else "killed"
        runs = [*runs, current][-last:]
    sources: list[freshness.SourceAge] = []
    try:
        if settings.warehouse.exists():
            sources = freshness.source_ages(settings, freshness.built_as_of(settings))
    except duckdb.IOException:
        # A refresh is writing: what the last run saw is the best there is.
        steps = [run.step("freshness") for run in reversed(runs)]
        seen = next((step for step in steps if step is not None and step.facts), None)
        sources = freshness.ages_from_facts(seen.facts) if seen else []
    report.print_status(runs, sources, holder, _out())


def _chosen(systems: Sequence[str]) -> Sequence[str]:
    from pipelines.landing.contract import SYSTEMS

    unknown = sorted(set(systems) - set(SYSTEMS))
    if unknown:
        raise CommandError(
            ExitCode.USAGE, f"There is no system {', '.join(unknown)}.", f"Systems: {', '.join(SYSTEMS)}."
        )
    return [system for system in SYSTEMS if system in systems] or SYSTEMS


def _require_warehouse(settings: Settings) -> None:
    if not settings.warehouse.exists():
        raise CommandError(
            ExitCode.USAGE,
            f"There is no warehouse at {settings.warehouse}.",
            "Land something first: `account-health land`, or `account-health demo` for a sample company.",
        )


def _out() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _LOG_WIDTH
    return console


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(Text(text), soft_wrap=True)
