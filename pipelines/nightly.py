"""The refresh: land, look at the age of the sources, build and test, publish.

Every step is a function of its own, so that the commands `land`, `build` and `publish` do exactly what the
nightly refresh does. A run may be killed at any moment and started again: landing is transactional per
system, building starts from raw, publishing is one rename.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines import freshness
from pipelines.config import Settings
from pipelines.dbt import DbtResult, NodeMessage, dbt_build, manifest_path
from pipelines.errors import CommandError, ExitCode
from pipelines.freshness import SourceAge
from pipelines.landing import ExportsMissingError, LandingResult, land
from pipelines.landing.contract import SYSTEMS
from pipelines.lock import HeldLock
from pipelines.progress import StepProgress
from pipelines.runlog import Recorder, Run, plural, record_run, shorten
from pipelines.serving.gate import building, marts_untouched, require_green
from pipelines.serving.publish import PublishResult, publish
from pipelines.serving.relations import PublishError

_NAMED_FAILURES = 3
_LOGGED_FAILURES = 50


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh did, for the report."""

    run: Run
    landed: list[LandingResult]
    sources: list[SourceAge]
    built: DbtResult
    published: PublishResult


def run_nightly(
    settings: Settings,
    lock: HeldLock,
    as_of: date | None = None,
    progress: StepProgress | None = None,
    command: str = "nightly",
) -> Refresh:
    """Lands what is new, builds and tests the warehouse, publishes it.

    Args:
        settings: what to refresh.
        lock: proof that nobody else does.
        as_of: lands drops up to this day only and builds the warehouse as of it; None takes all there is.
        progress: sees each step.
        command: what the run log calls this run.

    Raises:
        CommandError: a step failed; the steps after it did not run and readers keep the last publish.
    """
    with record_run(settings, command, progress) as recorder:
        check_clock(settings, as_of)
        landed = land_step(settings, recorder, as_of=as_of)
        clock = clock_of(settings, as_of)
        recorder.run.as_of_date = clock.isoformat()
        sources = freshness_step(settings, recorder, clock)
        built = build_step(settings, recorder, lock, as_of)
        published = publish_step(settings, recorder)
    return Refresh(recorder.run, landed, sources, built, published)


def land_step(
    settings: Settings,
    recorder: Recorder,
    systems: Sequence[str] = SYSTEMS,
    as_of: date | None = None,
    accept: str | None = None,
) -> list[LandingResult]:
    """Lands the new files of `systems`; `accept` says why held-back extracts land this once.

    Raises:
        CommandError: USAGE when there are no exports, LAND_FAILED when a system did not land; the others did.
    """
    with recorder.step("land") as step, _otherwise(ExitCode.LAND_FAILED, "Landing failed"):
        try:
            with marts_untouched(settings):
                results = land(systems, settings, until=as_of, progress=recorder.progress.update, accept=accept)
        except ExportsMissingError as error:
            hint = "Point ACCOUNT_HEALTH_EXPORTS at the exports folder, or run `account-health generate`."
            raise CommandError(ExitCode.USAGE, str(error), hint) from error
        step.rows = sum(result.rows for result in results)
        step.facts = {
            result.system: {"files": result.files, "rows": result.rows, "warnings": list(result.warnings)}
            for result in results
        }
        step.summary = ", ".join(f"{r.system} {plural(r.files, 'file')} {plural(r.rows, 'row')}" for r in results)
        if any(result.warnings for result in results):
            step.status = "warned"
        failed = {result.system: shorten(result.error) for result in results if result.error}
        if failed:
            step.facts["errors"] = failed
            raise CommandError(
                ExitCode.LAND_FAILED,
                "; ".join(f"{system} did not land: {error}" for system, error in failed.items()),
                "The other systems landed. Repair or remove the file, then start again.",
            )
        return results


def freshness_step(settings: Settings, recorder: Recorder, clock: date) -> list[SourceAge]:
    """Notes how far each source is behind `clock`; a late source warns."""
    with recorder.step("freshness") as step, _otherwise(ExitCode.LAND_FAILED, "Reading the ledgers failed"):
        ages = freshness.source_ages(settings, clock)
        step.facts = {"sources": [age.to_json() for age in ages]}
        step.summary = ", ".join(str(age) for age in ages)
        if any(age.is_late for age in ages):
            step.status = "warned"
        return ages


def build_step(settings: Settings, recorder: Recorder, lock: HeldLock, as_of: date | None = None) -> DbtResult:
    """Builds and tests everything.

    Raises:
        CommandError: GATE_FAILED when a data test failed, TRANSFORM_FAILED when a node could not be built.
    """
    # Told only where `util_as_of` would not find it itself: another value makes dbt parse everything anew.
    told = as_of if as_of is not None and as_of != freshness.newest_usage_date(settings) else None
    with (
        recorder.step("build") as step,
        _otherwise(ExitCode.TRANSFORM_FAILED, "dbt could not run"),
        building(settings, recorder.run.run_id),
    ):
        result = dbt_build(settings, recorder.run_dir, lock, recorder.progress, told)
        step.summary = result.summary
        step.facts = {
            "built": dict(result.built),
            "tests_passed": result.tests_passed,
            "warnings": [str(message) for message in result.test_warnings[:_LOGGED_FAILURES]],
            "failures": [str(message) for message in result.test_failures[:_LOGGED_FAILURES]],
            "errors": [str(message) for message in result.errors[:_LOGGED_FAILURES]],
            "skipped": result.skipped,
        }
        log = f"dbt's log is {recorder.run_dir / 'dbt.log'}."
        if result.errors:
            raise CommandError(ExitCode.TRANSFORM_FAILED, f"Build failed: {_first(result.errors)}", log)
        if result.test_failures:
            raise CommandError(
                ExitCode.GATE_FAILED,
                f"{plural(len(result.test_failures), 'data test')} failed, nothing is published:"
                f" {_first(result.test_failures)}",
                f"Readers keep the last publish. {log}",
            )
        if result.test_warnings:
            step.status = "warned"
        return result


def publish_step(settings: Settings, recorder: Recorder) -> PublishResult:
    """Publishes the build that the warehouse holds.

    Raises:
        CommandError: GATE_FAILED when that build is not green, PUBLISH_FAILED when it could not be copied.
    """
    with recorder.step("publish") as step, _otherwise(ExitCode.PUBLISH_FAILED, "Publishing failed"):
        require_green(settings)
        try:
            result = publish(settings, manifest_path(settings), recorder.run.run_id)
        except PublishError as error:
            raise CommandError(
                ExitCode.PUBLISH_FAILED,
                str(error),
                "Readers keep the last publish. Repair, then run `account-health publish`.",
            ) from error
        recorder.run.as_of_date = result.as_of.isoformat()
        step.rows = result.rows
        step.summary = f"{len(result.tables)} tables, {result.rows:,} rows, {result.bytes / 1e6:.1f} MB"
        step.facts = {"path": str(result.path), "bytes": result.bytes, "leftovers": list(result.leftovers)}
        return result


def clock_of(settings: Settings, as_of: date | None) -> date:
    """The day that a build would be for, once everything has landed.

    Raises:
        CommandError: USAGE when there is no usage to take it from, or it lies before the last build.
    """
    clock = as_of or freshness.newest_usage_date(settings)
    if clock is None:
        raise CommandError(
            ExitCode.USAGE,
            "No product usage has landed, so there is no day to build for.",
            "Land product exports, or name the day with --as-of.",
        )
    check_clock(settings, clock)
    return clock


def check_clock(settings: Settings, as_of: date | None) -> None:
    """Refuses to take a warehouse back in time: its snapshots would get histories that end before they begin.

    Raises:
        CommandError: USAGE.
    """
    with _otherwise(ExitCode.TRANSFORM_FAILED, "The warehouse cannot be read"):
        built = freshness.built_as_of(settings)
        if built is not None and as_of is not None and as_of < built:
            raise CommandError(
                ExitCode.USAGE,
                f"The warehouse stands at {built} and cannot be taken back to {as_of}: it keeps history.",
                f"See that day in a home of its own: ACCOUNT_HEALTH_EXPORTS={settings.exports}"
                f" ACCOUNT_HEALTH_HOME=data/{as_of} account-health nightly --as-of {as_of}",
            )


@contextlib.contextmanager
def _otherwise(exit_code: ExitCode, what: str) -> Iterator[None]:
    """Whatever else goes wrong in the block ends the run with `exit_code`."""
    try:
        yield
    except CommandError:
        raise
    except duckdb.IOException as error:
        hint = "Close whatever has the warehouse open (readers belong on the serving file), then start again."
        raise CommandError(exit_code, f"{what}: {shorten(str(error))}", hint) from error
    except Exception as error:
        hint = "Start again with --debug to see where."
        raise CommandError(exit_code, f"{what}: {type(error).__name__}: {shorten(str(error))}", hint) from error


def _first(messages: list[NodeMessage]) -> str:
    more = len(messages) - _NAMED_FAILURES
    named = "; ".join(str(message) for message in messages[:_NAMED_FAILURES])
    return f"{named}; and {more} more" if more > 0 else named
