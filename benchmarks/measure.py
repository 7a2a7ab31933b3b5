"""Runs a command and says what it cost: CPU of its whole process tree, wall time, peak memory, CPU by step."""

from __future__ import annotations

import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipelines.config import PROJECT_ROOT

_POLL_SECONDS = 0.05
_LOG_TAIL = 2000  # characters
_TICKS = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """A measured command failed, or what it did is not what it should have done."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost.

    Attributes:
        cpu: user and system seconds of the command and of every child that it waited for.
        wall: seconds from start to end.
        peak_mb: the largest resident size of any one process of the tree.
        steps: CPU seconds by step of the run log; sampled, so true to about a tenth of a second. Empty where the
            command keeps no run log or the machine has no /proc.
        said: what the command wrote.
    """

    cpu: float
    wall: float
    peak_mb: float
    steps: dict[str, float] = field(default_factory=dict)
    said: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the results file, without the output."""
        record = asdict(self)
        record.pop("said")
        return record


def run(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, home: Path | None = None) -> Cost:
    """Runs a command from the project's root and waits for it.

    Args:
        command: program and arguments.
        log: file that takes its output.
        env: variables on top of this process's own.
        home: state folder whose run log names the steps.

    Raises:
        BenchmarkError: it did not end with 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    steps: dict[str, float] = {}
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        usage, status = _wait(process.pid, home, steps)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}; see {log}\n{said[-_LOG_TAIL:]}")
    rss_unit = 1 if sys.platform == "darwin" else 1024
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        peak_mb=usage.ru_maxrss * rss_unit / 1e6,
        steps={name: round(seconds, 2) for name, seconds in steps.items()},
        said=said,
    )


def python(module: str, *arguments: str) -> list[str]:
    """A command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


def take_turns(variants: Mapping[str, Callable[[], Cost]], reps: int) -> dict[str, list[Cost]]:
    """Runs A B C A B C ..., so that whatever else the machine does strikes all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for number in range(reps):
        for name, variant in variants.items():
            cost = variant()
            print(
                f"  {number + 1}/{reps} {name}: {cost.cpu:.1f} s CPU, {cost.wall:.1f} s, {cost.peak_mb:.0f} MB",
                flush=True,
            )
            costs[name].append(cost)
    return costs


def median(values: Sequence[float]) -> float:
    """The middle one; 0 of none."""
    return statistics.median(values) if values else 0.0


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that so many percent do not exceed; 0 of none."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)] if values else 0.0


def _wait(pid: int, home: Path | None, steps: dict[str, float]) -> tuple[Any, int]:
    """Waits for the process; meanwhile gives what its tree uses to the step that the run log says is running."""
    seen = 0.0
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return usage, status
        if home is not None and (used := _tree_cpu(pid)) > seen:
            name = _running_step(home)
            steps[name] = steps.get(name, 0.0) + used - seen
            seen = used
        time.sleep(_POLL_SECONDS)


def _running_step(home: Path) -> str:
    """The step that is running, `start` before the first and `between` where none is."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        steps = json.loads((home / "runs" / "current.json").read_text())["steps"]
        if steps:
            return str(steps[-1]["name"])
    return "start"


def _tree_cpu(pid: int) -> float:
    """CPU seconds of a living process, its living descendants and the dead ones that they have waited for."""
    return sum(_own_cpu(member) for member in _tree(pid))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def _own_cpu(pid: int) -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:15]) / _TICKS
    return 0.0
