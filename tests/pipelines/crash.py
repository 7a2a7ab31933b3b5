"""Kills a refresh as a power cut would, dbt included, at a moment that can be named; used by tests and by the soak."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pipelines.config import PROJECT_ROOT, Settings
from tests.pipelines.homes import argv, environ

_POLL_SECONDS = 0.01
_PATIENCE_SECONDS = 600.0
_PENDING = ("load/new", "load/normalized", "normalize/extracted")


def start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    """Starts a command in this home, without dbt's data tests."""
    return subprocess.Popen(
        argv(*arguments),
        cwd=PROJECT_ROOT,
        env=environ(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process and all that descend from it, at once: stopped first, so that none escapes."""
    family = [process.pid]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        family += [child for child in _children(pid) if child not in family]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def kill_when(process: subprocess.Popen[bytes], moment: Callable[[], bool]) -> bool:
    """Kills the process as soon as `moment` has come; False when it ended before."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None:
        if moment():
            kill(process)
            return process.returncode == -signal.SIGKILL
        if time.monotonic() > deadline:
            kill(process)
            raise TimeoutError("the moment to kill at did not come")
        time.sleep(_POLL_SECONDS)
    return False


def step_now(settings: Settings) -> str:
    """The step that goes on, by the run log."""
    try:
        steps = json.loads((settings.runs_dir / "current.json").read_text())["steps"]
    except (OSError, ValueError):
        return ""
    return str(steps[-1]["name"]) if steps else ""


def in_land(settings: Settings) -> bool:
    """A load package is under way."""
    return step_now(settings) == "land" and any(
        next((folder / stage).iterdir(), None) is not None
        for folder in settings.dlt_dir.glob("account_health_*")
        for stage in _PENDING
        if (folder / stage).is_dir()
    )


def in_build(settings: Settings, nodes: int = 60) -> bool:
    """dbt has built some of its nodes."""
    if step_now(settings) != "build":
        return False
    logs = sorted(settings.runs_dir.glob("*/dbt.log"))
    return bool(logs) and logs[-1].read_text(errors="replace").count("Finished running node") >= nodes


def in_publish(settings: Settings) -> bool:
    """The next serving file is being written."""
    return next_serving(settings).exists()


def next_serving(settings: Settings) -> Path:
    """The file that becomes the serving file."""
    return settings.serving.with_name(f".{settings.serving.name}.next")


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # pid (name) state parent ...; the name may hold anything, also spaces and parentheses
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found
