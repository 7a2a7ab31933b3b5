"""One refresh at a time, whatever happens to the one before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import CommandError, ExitCode
from pipelines.lock import hold_lock, running_holder

HOLD = """
import subprocess, sys, time
from pathlib import Path
from pipelines.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "account-health nightly") as lock:
    if sys.argv[2] == "with child":
        child = subprocess.Popen(["sleep", "60"], pass_fds=(lock.fd,), start_new_session=True)
        print(child.pid, flush=True)
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(path: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), how], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "lock"


def test_second_refresh_learns_who_holds_the_lock_and_gets_it_after_a_kill(path: Path) -> None:
    with start_holder(path, "alone") as holder:
        assert said(holder) == "held"
        with pytest.raises(CommandError) as refused, hold_lock(path, "second"):
            pass
        assert refused.value.exit_code == ExitCode.LOCKED
        assert f"`account-health nightly`, process {holder.pid}, since 20" in refused.value.message
        assert str(running_holder(path)).startswith("`account-health nightly`")
        holder.kill()
    with hold_lock(path, "second"):
        pass


def test_lock_outlives_a_killed_refresh_until_its_child_ends(path: Path) -> None:
    with start_holder(path, "with child") as holder:
        child = int(said(holder))
        assert said(holder) == "held"
        holder.kill()
    try:
        with pytest.raises(CommandError), hold_lock(path, "second"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
    assert eventually(lambda: running_holder(path) is None)
    with hold_lock(path, "second"):
        pass


def test_lock_is_free_again_after_an_error(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold_lock(path, "first"):
        _ = 1 / 0
    assert running_holder(path) is None
    with hold_lock(path, "second"):
        assert running_holder(path) is not None


def test_holder_of_no_lock_file(path: Path) -> None:
    assert running_holder(path) is None


def test_lock_file_that_says_nothing_readable(path: Path) -> None:
    with hold_lock(path, "first"):
        path.write_text("garbage")
        with pytest.raises(CommandError, match="has not said who it is"), hold_lock(path, "second"):
            pass
