"""The gate as a step of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.landing.contract import SYSTEMS
from pipelines.quality.gate import Failure, GateError, GateResult, data_docs, run_gate
from pipelines.quality.suites import SuiteError
from pipelines.runlog import Recorder, plural, shorten

_NAMED_FAILURES = 3
_LOGGED_FAILURES = 50


def gate_step(
    settings: Settings,
    recorder: Recorder,
    systems: Sequence[str] = SYSTEMS,
    as_of: date | None = None,
    accept: str | None = None,
) -> GateResult:
    """Judges what the systems have landed; a warning marks its day, an accepted failure is logged with the reason.

    Raises:
        CommandError: BLOCKED when a critical expectation failed, or when the gate could not look.
    """
    with recorder.step("gate") as step:
        try:
            result = run_gate(settings, recorder.run.run_id, systems, as_of, accept, recorder.progress.update)
        except (GateError, SuiteError, duckdb.Error) as error:
            raise CommandError(
                ExitCode.BLOCKED,
                f"The gate could not look at what has landed: {shorten(str(error))}",
                "Nothing was built. Start again with --debug to see where.",
            ) from error
        step.facts = {
            "expectations": result.expectations,
            "scanned_rows": result.scanned_rows,
            "failures": [_fact(failure) for failure in result.failures[:_LOGGED_FAILURES]],
            "seconds": result.parts,
            "data_docs": str(result.docs) if result.docs else None,
        }
        if accept:
            step.facts["accepted_reason"] = accept
        step.summary = _summary(result)
        if result.is_blocked:
            blocking = [item for item in result.failures if item.severity == "critical"]
            raise CommandError(
                ExitCode.BLOCKED,
                f"{plural(len(blocking), 'critical expectation')} failed on what has landed, nothing is built:"
                f" {_first(blocking)}",
                f"Readers keep the last publish. See {data_docs(settings)}, then repair the files, or let them pass"
                ' this once with --accept "REASON".',
            )
        if any(failure.severity != "info" for failure in result.failures):
            step.status = "warned"
        return result


def _summary(result: GateResult) -> str:
    if not result.expectations:
        return "nothing new"
    counts = []
    for severity in ("critical", "warning", "info"):
        failed = [failure for failure in result.failures if failure.severity == severity]
        if failed:
            counts.append(f"{len(failed)} {severity} failed")
    return ", ".join([plural(result.expectations, "expectation"), *counts, plural(result.scanned_rows, "row")])


def _fact(failure: Failure) -> dict[str, object]:
    return {
        "system": failure.system,
        "expectation": failure.expectation,
        "severity": failure.severity,
        "unexpected_count": failure.unexpected_count,
        "message": failure.message,
        "drop_dates": [day.isoformat() for day in failure.days],
        "accepted_reason": failure.accepted_reason,
    }


def _first(failures: Sequence[Failure]) -> str:
    more = len(failures) - _NAMED_FAILURES
    named = "; ".join(str(failure) for failure in failures[:_NAMED_FAILURES])
    return f"{named}; and {more} more" if more > 0 else named
