"""Kills a night at random moments of every step, runs it again, and compares with the night that nobody disturbed."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipelines.config import Settings
from pipelines.runlog import read_runs
from tests.pipelines.crash import in_publish, kill_when, next_serving, start, step_now
from tests.pipelines.homes import LAST, attempt, command, company, differences, home, snapshot_rows

DAYS = 70
STEPS = ("land", "build", "publish", "swap", "start", "build", "land", "freshness", "swap", "end")
_TIMES_TO_KILL = 3  # at most in one case: the rerun of a killed night may be killed as well


@dataclass(frozen=True)
class Moment:
    """A kill: `delay` seconds after `step` was first seen; for `swap` at the rename itself."""

    step: str
    delay: float

    def has_come(self, settings: Settings) -> Callable[[], bool]:
        """A question to ask again and again: is it now?"""
        seen: list[float] = []
        inode = settings.serving.stat().st_ino

        def at_swap() -> bool:
            # Sealed and not yet renamed, or renamed and not yet noted down: the moment lies between the two.
            path = next_serving(settings)
            try:
                sealed = path.stat().st_mode & 0o222 == 0
            except FileNotFoundError:
                sealed = settings.serving.stat().st_ino != inode
            return sealed

        def in_step() -> bool:
            under_way = {
                "start": True,
                "end": settings.serving.stat().st_ino != inode,
                "publish": in_publish(settings),
            }.get(self.step, step_now(settings) == self.step)
            if under_way and not seen:
                seen.append(time.monotonic())
            return bool(seen) and time.monotonic() - seen[0] >= self.delay

        return at_swap if self.step == "swap" else in_step


def soak_kills(folder: Path, kills: int, accounts: int, seed: int) -> list[str]:
    """Differences that were found, one a line; none is what one wants."""
    company(folder / "exports", accounts, DAYS, seed=seed)
    first = home(folder / "first", folder / "exports")
    command(first, "nightly", "--as-of", str(LAST - timedelta(days=2)))
    whole = _copy(first, "undisturbed")
    command(whole, "nightly")  # two nights: the one that is killed may be either
    durations = {step.name: step.seconds for run in read_runs(whole, 2) for step in run.steps}
    print(f"kills: undisturbed nights took {durations}", flush=True)
    draw, found, done = random.Random(seed), [], 0
    while done < kills:
        settings = _copy(first, f"case{done}")
        told = []
        for _ in range(draw.randint(1, _TIMES_TO_KILL)):
            step = STEPS[done % len(STEPS)]
            moment = Moment(step, draw.uniform(0, 0.9) * durations.get(step, 2.0))
            hit = kill_when(start(settings, "nightly"), moment.has_come(settings))
            told.append(f"{step}+{moment.delay:.2f}s{'' if hit else ' (missed)'}")
            done += 1  # also a moment that never came, or a wrong one would go on for ever
        finished = attempt(settings, "nightly")
        wrong = [] if finished.returncode == 0 else [f"exit code {finished.returncode}: {finished.stderr[-500:]}"]
        if not wrong:
            wrong = compare(settings, whole)
        print(f"kills {done}/{kills}: {', '.join(told)}: {'; '.join(wrong) or 'equal'}", flush=True)
        found += [f"{settings.home.name} ({', '.join(told)}): {line}" for line in wrong]
        if not wrong:
            shutil.rmtree(settings.home)
    return found


def compare(one: Settings, other: Settings, with_snapshots: bool = True) -> list[str]:
    """In which marts two homes differ, and in which snapshots."""
    found = differences(one.serving, other.serving, histories=with_snapshots)
    if with_snapshots:
        left, right = snapshot_rows(one.warehouse), snapshot_rows(other.warehouse)
        found += [f"snapshot {name} differs" for name in sorted({*left, *right}) if left.get(name) != right.get(name)]
    return found


def _copy(first: Settings, name: str) -> Settings:
    settings = home(first.home.with_name(name), Path(first.exports))
    shutil.copytree(first.home, settings.home)
    return settings
