"""How a command ends: its exit codes, and the error that carries one."""

from __future__ import annotations

import signal
from enum import IntEnum
from types import FrameType


class ExitCode(IntEnum):
    """What the scheduler sees. An interrupted command exits with 128 + the signal's number (130, 143)."""

    OK = 0
    GATE_FAILED = 1  # a data test failed: nothing was published
    USAGE = 2  # wrong arguments or configuration: nothing was done
    LOCKED = 3  # another refresh holds the lock
    LAND_FAILED = 4  # a source did not land
    TRANSFORM_FAILED = 5  # dbt could not build
    PUBLISH_FAILED = 6
    BLOCKED = 7  # landed data failed a critical expectation: nothing was built
    INTERNAL = 70  # an error that nobody foresaw


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
