"""How a command ends: its exit codes, and the error that carries one."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import IntEnum
from types import FrameType


class ExitCode(IntEnum):
    """What the scheduler sees. An interrupted command exits with 128 + the signal's number (129, 130, 143)."""

    OK = 0
    GATE_FAILED = 1
    USAGE = 2
    LOCKED = 3
    LAND_FAILED = 4
    TRANSFORM_FAILED = 5
    PUBLISH_FAILED = 6
    BLOCKED = 7
    STATE_FAILED = 8
    STALE = 9
    INTERNAL = 70


@dataclass(frozen=True, slots=True)
class Meaning:
    """An exit code in words: what happened, and what to do next."""

    what: str
    next: str


MEANINGS = {
    ExitCode.OK: Meaning("published", "Nothing."),
    ExitCode.GATE_FAILED: Meaning(
        "a data test failed: nothing was published",
        "Readers keep the last good night. Look at the failed tests, repair the data or the model, start again.",
    ),
    ExitCode.USAGE: Meaning("wrong use or configuration: nothing was done", "Correct the command or the settings."),
    ExitCode.LOCKED: Meaning("another refresh is running", "Wait until it has ended; nothing was changed."),
    ExitCode.LAND_FAILED: Meaning(
        "a system's files could not be landed; the others were refreshed and published where the night went on",
        "Repair or remove the file that is named, then start again: it lands, and history heals.",
    ),
    ExitCode.TRANSFORM_FAILED: Meaning(
        "dbt could not build: nothing was published",
        "Readers keep the last good night. Look at dbt's log, then start again: it continues where it stopped.",
    ),
    ExitCode.PUBLISH_FAILED: Meaning(
        "publishing failed", "Readers keep the last good night. Remove the obstacle, then start again."
    ),
    ExitCode.BLOCKED: Meaning(
        "landed data failed a critical expectation: nothing was built",
        "Readers keep the last good night. Look at Data Docs, repair the data, or start again with --accept REASON.",
    ),
    ExitCode.STATE_FAILED: Meaning(
        "the home folder cannot be written: nothing was done", "Free space or repair the permissions, start again."
    ),
    ExitCode.STALE: Meaning(
        "`status --max-age`: nothing was published for too long, or the last refresh failed",
        "Look at the last run's report; when there is no run at all, look at the scheduler.",
    ),
    ExitCode.INTERNAL: Meaning("an error that nobody foresaw", "Start again with --debug to see where."),
}
"""The one place where exit codes are explained: `--help`, the run report and the tests read it."""


def meaning(exit_code: int | None) -> Meaning:
    """What an exit code of the run log says; None is a run that was killed without a word."""
    if exit_code is None:
        return Meaning("killed without a word", "Start again: nothing is lost or doubled.")
    if exit_code > 128:
        return Meaning(
            f"interrupted by {signal.Signals(exit_code - 128).name}", "Start again: nothing is lost or doubled."
        )
    return MEANINGS[ExitCode(exit_code)]


class CommandError(Exception):
    """Stops a command. `message` says what happened and where, `hint` what to do next."""

    def __init__(self, exit_code: ExitCode, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message
        self.hint = hint


class Interrupted(KeyboardInterrupt):
    """SIGTERM or SIGHUP arrived. A KeyboardInterrupt, so that no `except Exception` swallows it."""

    def __init__(self, signal_code: int) -> None:
        super().__init__(signal.Signals(signal_code).name)
        self.signal_code = signal_code


def signal_of(error: KeyboardInterrupt) -> int:
    """Number of the signal behind `error`: Ctrl-C, ours, or dlt's, which names its signal the same way."""
    return int(getattr(error, "signal_code", signal.SIGINT))


def raise_on_signals() -> None:
    """From now on SIGTERM and SIGHUP unwind the program as Ctrl-C does; call it in the main thread."""
    for code in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(code, _interrupt)


def _interrupt(code: int, _frame: FrameType | None) -> None:
    raise Interrupted(code)
