"""The dead-man check: how long ago readers got something new, by the file that they open.

A scheduler that never starts anything writes no log and sends no alert; whoever asks this from elsewhere notices.
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from pipelines.config import Settings
from pipelines.errors import MEANINGS, CommandError, ExitCode
from pipelines.runlog import read_current, read_runs
from pipelines.serving.reading import reading

_FAILED = ("failed", "interrupted", "killed")
_CLOCK_TOLERANCE_HOURS = 1.0
_LOOKED_AT_RUNS = 100


def require_fresh(settings: Settings, max_age_hours: float, is_running: bool) -> None:
    """Returns when the newest publish is at most `max_age_hours` old and the last refresh did not fail.

    Args:
        settings: whose serving file and run log to look at.
        max_age_hours: the oldest that is still good.
        is_running: whether a refresh goes on; then its record in `current.json` is not that of a killed one.

    Raises:
        CommandError: STALE.
    """
    published_at = newest_publish(settings)
    if published_at is None:
        raise _stale(f"Nothing is published at {settings.serving}, or it cannot be read.")
    age = (datetime.now(UTC) - published_at).total_seconds() / 3600
    moment = published_at.isoformat(sep=" ", timespec="minutes")
    if age > max_age_hours:
        raise _stale(f"The newest publish is of {moment}, {age:,.1f} hours ago: more than {max_age_hours:g}.")
    if age < -_CLOCK_TOLERANCE_HOURS:
        raise _stale(f"The newest publish is of {moment}, which lies in the future: a clock is wrong.")
    runs = read_runs(settings, _LOOKED_AT_RUNS)
    killed = None if is_running else read_current(settings)
    refreshes = [run for run in runs if run.step("land") is not None or run.step("publish") is not None]
    if killed is not None:
        raise _stale(f"The last run ({killed.run_id}) was killed.")
    if refreshes and refreshes[-1].status in _FAILED:
        last = refreshes[-1]
        raise _stale(f"The last refresh ({last.run_id}) {last.status} with exit code {last.exit_code}: {last.message}")


def newest_publish(settings: Settings) -> datetime | None:
    """When the serving file was published, UTC; None when there is none that can be read."""
    try:
        with reading(settings.serving) as connection:
            row = connection.execute("select max(published_at) from serving.ops.publishes").fetchone()
    except duckdb.Error:
        return None
    return row[0].replace(tzinfo=UTC) if row and row[0] else None


def _stale(message: str) -> CommandError:
    return CommandError(ExitCode.STALE, message, MEANINGS[ExitCode.STALE].next)
