"""The steps of a refresh, each a function of its own: the commands `land`, `build` and `publish` do what it does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb

from pipelines import freshness
from pipelines.briefing.writing import write as write_briefing
from pipelines.config import Settings
from pipelines.dbt import RESULTS, DbtResult, NodeMessage, dbt_build, manifest_path, read_json, read_results
from pipelines.errors import CommandError, ExitCode
from pipelines.freshness import SourceAge
from pipelines.landing import ExportsMissingError, LandingError, LandingResult, create_empty_raw, land
from pipelines.landing.contract import SYSTEMS
from pipelines.lock import HeldLock
from pipelines.resume import Resumable, inputs_of, resumable
from pipelines.runlog import Recorder, Step, plural, read_runs, shorten
from pipelines.serving.gate import building, mark_published, marts_untouched, require_green
from pipelines.serving.publish import PublishResult, publish
from pipelines.serving.relations import PublishError

_NAMED_FAILURES = 3
_LOGGED_FAILURES = 50
_PUBLISHED_RUNS = 100  # newest runs whose record goes into the serving file
_NO_ROOM = ("No space left", "File too large", "Read-only file system", "Permission denied", "Could not write")


def land_step(
    settings: Settings, recorder: Recorder, systems: Sequence[str] = SYSTEMS, as_of: date | None = None
) -> list[LandingResult]:
    """Lands the new files of `systems`; one that fails is in the results, see `refuse_unlanded`.

    Raises:
        CommandError: USAGE when there are no exports, LAND_FAILED when no system landed at all.
    """
    with recorder.step("land") as step, otherwise(ExitCode.LAND_FAILED, f"Landing into {settings.warehouse} failed"):
        try:
            with marts_untouched(settings):
                results = land(
                    systems,
                    settings,
                    until=as_of,
                    progress=recorder.progress.update,
                    accept=recorder.run.accepted or None,
                )
                _create_missing_raw(settings, results)
        except ExportsMissingError as error:
            hint = "Point ACCOUNT_HEALTH_EXPORTS at the exports folder, or run `account-health generate`."
            raise CommandError(ExitCode.USAGE, str(error), hint) from error
        step.rows = sum(result.rows for result in results)
        step.facts = {result.system: _landing_facts(result) for result in results}
        step.summary = ", ".join(
            f"{r.system} {plural(r.files, 'file')} {plural(r.rows, 'row')}" if r.ok else f"{r.system} failed"
            for r in results
        )
        if any(result.warnings for result in results):
            step.status = "warned"
        if any(not result.ok for result in results):
            step.status = "degraded"
            if not any(result.ok for result in results):
                refuse_unlanded(results)
        return results


def refuse_unlanded(results: Sequence[LandingResult]) -> None:
    """Returns when every system landed.

    Raises:
        CommandError: LAND_FAILED, naming each system's file.
    """
    failed = unlanded(results)
    if failed:
        raise CommandError(ExitCode.LAND_FAILED, failed, _hint(failed, "Repair or remove the file, then start again."))


def unlanded(results: Sequence[LandingResult]) -> str:
    """Which systems did not land and why, on one line; empty when all did."""
    return "; ".join(f"{r.system} did not land: {shorten(r.error)}" for r in results if r.error)


def freshness_step(settings: Settings, recorder: Recorder, clock: date) -> list[SourceAge]:
    """Notes how far each source is behind `clock`; a late source warns."""
    with recorder.step("freshness") as step, otherwise(ExitCode.LAND_FAILED, "Reading the ledgers failed"):
        ages = freshness.source_ages(settings, clock)
        step.facts = {"sources": [age.to_json() for age in ages]}
        step.summary = ", ".join(str(age) for age in ages)
        if any(age.is_late for age in ages):
            step.status = "warned"
        return ages


def build_step(
    settings: Settings, recorder: Recorder, lock: HeldLock, clock: date, may_resume: bool = False
) -> DbtResult:
    """Builds and tests everything, or with `may_resume` what an earlier run of the same night left to do.

    Raises:
        CommandError: GATE_FAILED when a data test failed, TRANSFORM_FAILED when a node could not be built.
    """
    with recorder.step("build") as step, otherwise(ExitCode.TRANSFORM_FAILED, "dbt could not run"):
        inputs = inputs_of(settings, clock)
        earlier = resumable(settings, inputs) if may_resume else None
        if earlier is not None and earlier.is_green:
            result = read_results(read_json(earlier.folder / RESULTS))
            _note(step, result, earlier)
            return result
        with building(settings, recorder.run.run_id, clock, inputs):
            # Told only where `util_as_of` would not find it itself: another value makes dbt parse everything anew.
            told = clock if clock != freshness.newest_usage_date(settings) else None
            retry_of = earlier.folder if earlier else None
            result = dbt_build(settings, recorder.run_dir, lock, recorder.progress, told, retry_of)
            _note(step, result, earlier)
            _require_passed(result, f"dbt's log is {recorder.run_dir / 'dbt.log'}.")
        return result


def publish_step(settings: Settings, recorder: Recorder) -> PublishResult:
    """Publishes the build that the warehouse holds.

    Raises:
        CommandError: GATE_FAILED when that build is not green, PUBLISH_FAILED when it could not be copied.
    """
    with recorder.step("publish") as step, otherwise(ExitCode.PUBLISH_FAILED, "Publishing failed"):
        require_green(settings)
        runs = [*read_runs(settings, _PUBLISHED_RUNS - 1), recorder.run]
        try:
            result = publish(settings, manifest_path(settings), recorder.run.run_id, runs)
        except PublishError as error:
            raise CommandError(
                ExitCode.PUBLISH_FAILED,
                shorten(str(error)),
                "Readers keep the last publish. "
                + _hint(str(error), "Remove the obstacle, then start again: it continues where it stopped."),
            ) from error
        mark_published(settings)
        recorder.run.as_of_date = result.as_of.isoformat()
        step.rows = result.rows
        step.summary = f"{len(result.tables)} tables, {result.rows:,} rows, {result.bytes / 1e6:.1f} MB"
        step.facts = {
            "path": str(result.path),
            "bytes": result.bytes,
            "tables": {f"{table.schema}.{table.name}": table.rows for table in result.tables},
            "leftovers": list(result.leftovers),
        }
        return result


def briefing_step(settings: Settings, recorder: Recorder) -> Path | None:
    """Writes the page of what changed; returns where it is. Without it the publish is as good: the step only warns."""
    with recorder.step("briefing") as step:
        try:
            written = write_briefing(settings)
        except Exception as error:
            step.status, step.summary = "warned", f"no briefing: {type(error).__name__}: {shorten(str(error))}"
            return None
        step.summary = written.problem or str(written.page)
        step.status = "warned" if written.problem else "ok"
        step.facts = {"page": str(written.page), "picture": str(written.picture) if written.picture else None}
        return written.page


@contextlib.contextmanager
def otherwise(exit_code: ExitCode, what: str) -> Iterator[None]:
    """Whatever else goes wrong in the block ends the run with `exit_code`."""
    try:
        yield
    except CommandError:
        raise
    except duckdb.IOException as error:
        text = shorten(str(error))
        hint = "Close whatever has the warehouse open (readers belong on the serving file), then start again."
        raise CommandError(exit_code, f"{what}: {text}", _hint(text, hint)) from error
    except LandingError as error:
        raise CommandError(exit_code, f"{what}: {shorten(str(error))}", _hint(str(error))) from error
    except Exception as error:
        text = f"{type(error).__name__}: {shorten(str(error))}"
        raise CommandError(exit_code, f"{what}: {text}", _hint(text)) from error


def _hint(text: str, otherwise: str = "Start again with --debug to see where.") -> str:
    """What to do about the failure that `text` tells of."""
    if any(mark in text for mark in _NO_ROOM):
        return "Free space or repair the permissions, then start again: it continues where it stopped."
    return otherwise


def _create_missing_raw(settings: Settings, results: Sequence[LandingResult]) -> None:
    """A system that failed before it ever landed gets its empty tables: dbt builds the others on top of them."""
    failed = [result.system for result in results if not result.ok]
    if not failed or not any(result.ok for result in results):
        return
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select schema_name from duckdb_tables() where table_name = 'landed_files'"
        ).fetchall()
    missing = [system for system in failed if (f"raw_{system}",) not in found]
    if missing:
        create_empty_raw(settings, missing)


def _landing_facts(result: LandingResult) -> dict[str, object]:
    return {
        "files": result.files,
        "rows": result.rows,
        "rejected": result.rejected,
        "warnings": [shorten(warning) for warning in result.warnings],
        "error": shorten(result.error) if result.error else None,
    }


def _note(step: Step, result: DbtResult, earlier: Resumable | None) -> None:
    step.summary, step.peak_memory_mb = result.summary, result.peak_memory_mb
    step.facts = {
        "built": dict(result.built),
        "tests_passed": result.tests_passed,
        "warnings": [str(message) for message in result.test_warnings[:_LOGGED_FAILURES]],
        "failures": [str(message) for message in result.test_failures[:_LOGGED_FAILURES]],
        "errors": [str(message) for message in result.errors[:_LOGGED_FAILURES]],
        "skipped": result.skipped,
        "resumed_from": earlier.run_id if earlier else None,
    }
    if earlier is not None:
        what = "was green, nothing to build" if earlier.is_green else "failed, only the rest was built"
        step.summary = f"resumed: {earlier.run_id} {what}; in all {result.summary}"
    if result.test_warnings:
        step.status = "warned"


def _require_passed(result: DbtResult, log: str) -> None:
    if result.errors:
        hint = f"{log} Started again, it continues where it stopped."
        raise CommandError(ExitCode.TRANSFORM_FAILED, f"Build failed: {_first(result.errors)}", hint)
    if result.test_failures:
        count = plural(len(result.test_failures), "data test")
        raise CommandError(
            ExitCode.GATE_FAILED,
            f"{count} failed, nothing is published: {_first(result.test_failures)}",
            f"Readers keep the last publish. {log}",
        )


def _first(messages: list[NodeMessage]) -> str:
    more = len(messages) - _NAMED_FAILURES
    named = "; ".join(str(message) for message in messages[:_NAMED_FAILURES])
    return f"{named}; and {more} more" if more > 0 else named
