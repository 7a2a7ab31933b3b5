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
    from pipelines import demo, report, run_page

    company = demo.Company(accounts, days, seed, until, density)
    with hold_lock(settings.lock, command) as lock:
        refresh = demo.run_demo(settings, company, lock, ConsoleProgress())
    report.print_refresh(refresh, run_page.newest(settings), _out())


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


def run_land(settings: Settings, systems: Sequence[str], until: date | None, command: str, accept: str) -> None:
    """Lands new files."""
    from pipelines.recorded import recorded
    from pipelines.steps import land_step, refuse_unlanded

    chosen = _chosen(systems)
    with hold_lock(settings.lock, command), recorded(settings, command, ConsoleProgress()) as recorder:
        recorder.run.accepted = accept
        results = land_step(settings, recorder, chosen, until)
        refuse_unlanded(results)
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


def run_forget(settings: Settings, address: str, customers: Sequence[str]) -> None:
    """Takes a person out of the private file."""
    from pipelines.forget.command import forget

    _require_warehouse(settings)
    forget(settings, address, customers, _out())


def run_build(settings: Settings, as_of: date | None, command: str) -> None:
    """Builds and tests the warehouse without landing or publishing."""
    from pipelines.nightly import clock_of
    from pipelines.recorded import recorded
    from pipelines.steps import build_step

    _require_warehouse(settings)
    with hold_lock(settings.lock, command) as lock, recorded(settings, command, ConsoleProgress()) as recorder:
        clock = clock_of(settings, as_of)
        recorder.run.as_of_date = clock.isoformat()
        result = build_step(settings, recorder, lock, clock)
    for message in result.test_warnings:
        _say(f"warning: {message}")


def run_nightly(settings: Settings, as_of: date | None, accept: str, command: str) -> None:
    """The whole refresh of each night that is due, and the report of the last."""
    from pipelines import nightly, report, run_page

    with hold_lock(settings.lock, command) as lock:
        refreshes = nightly.run_nights(settings, lock, as_of, ConsoleProgress(), command, accept, _say)
    report.print_refresh(refreshes[-1], run_page.newest(settings), _out())
    for refresh in refreshes:
        if refresh.run.status == "degraded":
            raise CommandError(ExitCode.LAND_FAILED, refresh.run.message, refresh.run.hint)


def run_publish(settings: Settings, command: str) -> None:
    """Publishes the last green build again."""
    from pipelines.recorded import recorded
    from pipelines.steps import briefing_step, publish_step

    _require_warehouse(settings)
    with hold_lock(settings.lock, command), recorded(settings, command, ConsoleProgress()) as recorder:
        result = publish_step(settings, recorder)
        briefing_step(settings, recorder)
    _out().print(Text(str(result.path)), soft_wrap=True)


def run_copy(settings: Settings, uri: str, to_postgres: bool, folder: Path | None) -> None:
    """Copies what is published into PostgreSQL, into Parquet files, or both; takes no lock."""
    from pipelines.serving.parquet import copy_to_parquet
    from pipelines.serving.postgres import copy_to_postgres
    from pipelines.serving.relations import PublishError

    if to_postgres and not uri:
        raise CommandError(
            ExitCode.USAGE,
            "ACCOUNT_HEALTH_POSTGRES is not set.",
            "Set it to postgresql://user:password@host:port/database, a database of its own.",
        )
    try:
        if to_postgres:
            copied = copy_to_postgres(settings.serving, uri)
            _out().print(f"PostgreSQL: {copied.tables} tables, {copied.rows:,} rows, as of {copied.as_of}")
            for schema in copied.leftovers:
                _say(f"warning: {schema} is still being read; the next publish drops it")
        if folder is not None:
            _out().print(Text(str(copy_to_parquet(settings.serving, folder.expanduser().resolve()))), soft_wrap=True)
    except PublishError as error:
        raise CommandError(ExitCode.PUBLISH_FAILED, str(error), "Readers keep what they had.") from error


def run_briefing(settings: Settings) -> None:
    """Writes the page of what changed once more, from what is published."""
    from pipelines.briefing.writing import write

    _require_published(settings)
    with hold_lock(settings.lock, "account-health briefing"):
        try:
            written = write(settings)
        except (duckdb.Error, OSError) as error:
            raise CommandError(
                ExitCode.PUBLISH_FAILED,
                f"No briefing: {shorten(str(error))}",
                "What is published stays as it is. Free space, or publish with this version, then start again.",
            ) from error
    for path in filter(None, (written.page, written.picture)):
        _out().print(Text(str(path)), soft_wrap=True)
    if written.problem:
        raise CommandError(
            ExitCode.PUBLISH_FAILED,
            f"The page is written, but there is {written.problem}.",
            "Is there room, and is typst installed? docs/briefing.md says how it is drawn.",
        )


def run_explain(settings: Settings, account: str, days: int) -> None:
    """The score of one account, as Markdown, from what was published last."""
    from pipelines.explain import NotFoundError, explain

    _require_published(settings)
    try:
        text = str(explain(settings.serving, account, days))
    except NotFoundError as error:
        raise CommandError(ExitCode.USAGE, str(error), "See marts.accounts for names and ids.") from error
    _out().print(Text(text), soft_wrap=True)


def run_status(settings: Settings, last: int, max_age_hours: float | None) -> None:
    """The last runs and the age of the sources; takes no lock and waits for nobody.

    Raises:
        CommandError: STALE when readers have nothing younger than `max_age_hours`, or the last refresh failed.
    """
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
    if max_age_hours is not None:
        from pipelines.serving.age import require_fresh

        require_fresh(settings, max_age_hours, is_running=holder is not None)


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


def _require_published(settings: Settings) -> None:
    if not settings.serving.exists():
        raise CommandError(
            ExitCode.USAGE,
            f"Nothing has been published at {settings.serving}.",
            "Run `account-health nightly`, or `account-health demo` for a sample company.",
        )


def _out() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _LOG_WIDTH
    return console


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(Text(text), soft_wrap=True)
