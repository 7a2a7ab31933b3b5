"""One refresh at a time: a kernel lock on a file in the home folder.

The kernel gives the lock back when its last holder ends, whatever ends it: no stale lock has to be cleared.
The file stays: deleting it would let two refreshes lock two different files of the same name.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import CommandError, ExitCode
from pipelines.runlog import writable

_TRIES = 3
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock; `started_at` is UTC in ISO form."""

    pid: int
    command: str
    started_at: str

    def __str__(self) -> str:
        return f"`{self.command}`, process {self.pid}, since {self.started_at}"


@dataclass(frozen=True, slots=True)
class HeldLock:
    """Proof that the lock is held.

    Child processes that write the warehouse must inherit `fd`: should this process be killed, the lock then
    lasts until they have ended too.
    """

    fd: int


@contextlib.contextmanager
def hold_lock(path: Path, command: str) -> Iterator[HeldLock]:
    """Holds the lock at `path` for the block.

    Raises:
        CommandError: LOCKED, at once, when another process holds it; the message names that process. STATE_FAILED
            when the folder cannot be written.
    """
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(fd):
            holder = read_holder(path) or "it has not said who it is"
            raise CommandError(
                ExitCode.LOCKED,
                f"Another refresh is running: {holder} (lock {path}).",
                "Wait until it has ended, then start again; `account-health status` shows the last runs.",
            )
        me = Holder(os.getpid(), command, datetime.now(UTC).isoformat(timespec="seconds"))
        with contextlib.suppress(OSError):  # on a full disk the lock holds all the same, without a name
            _write(fd, json.dumps(asdict(me)))
        try:
            yield HeldLock(fd)
        finally:
            _write(fd, "")
    finally:
        os.close(fd)


def running_holder(path: Path) -> Holder | None:
    """The process that holds the lock now, or None when it is free."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_holder(path)
    finally:
        os.close(fd)
    return None


def read_holder(path: Path) -> Holder | None:
    """Who wrote the lock file last; None when it says nothing that can be read."""
    try:
        return Holder(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _locked(fd: int) -> bool:
    # `running_holder` takes the lock for an instant to learn whether it is free: that is no refresh.
    for _ in range(_TRIES):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _write(fd: int, text: str) -> None:
    os.ftruncate(fd, 0)
    os.pwrite(fd, text.encode(), 0)
