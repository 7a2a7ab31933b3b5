"""Killed at any moment and run again, a night ends as if nothing had been: marts and snapshots, row for row.

One night is killed three times, each time a step further; `make soak` kills at random moments, in homes of their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from pipelines.config import Settings
from pipelines.runlog import Run, read_runs
from tests.pipelines.crash import in_build, in_land, in_publish, kill_when, next_serving, start, step_now
from tests.pipelines.homes import LAST, command, company, differences, home, snapshot_rows

pytestmark = pytest.mark.slow

ACCOUNTS, DAYS = 15, 70
MOMENTS: dict[str, Callable[[Settings], bool]] = {"land": in_land, "build": in_build, "publish": in_publish}


@dataclass(frozen=True)
class Kill:
    """What a kill left behind; `step` is the one that was cut short."""

    step: str
    left_over: bool
    serving_untouched: bool


@dataclass(frozen=True)
class Homes:
    """Two homes of one company after the same night; `runs` are those of the one that was killed."""

    undisturbed: Settings
    killed: Settings
    kills: dict[str, Kill]
    runs: list[Run]


def kill_at(settings: Settings, moment: str) -> Kill:
    before = settings.serving.read_bytes()
    assert kill_when(start(settings, "nightly"), lambda: MOMENTS[moment](settings)), f"{moment} was over too soon"
    untouched = settings.serving.read_bytes() == before
    return Kill(step_now(settings), next_serving(settings).exists(), untouched)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    base = tmp_path_factory.mktemp("crash")
    company(base / "exports", ACCOUNTS, DAYS)
    undisturbed, killed = (home(base / name, base / "exports") for name in ("undisturbed", "killed"))
    command(undisturbed, "nightly", "--as-of", str(LAST - timedelta(days=1)))
    shutil.copytree(undisturbed.home, killed.home)
    command(undisturbed, "nightly")
    kills = {moment: kill_at(killed, moment) for moment in MOMENTS}
    command(killed, "nightly")
    return Homes(undisturbed, killed, kills, read_runs(killed, len(MOMENTS) + 1))


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_cuts_its_step_short_and_spares_readers(homes: Homes, moment: str) -> None:
    assert homes.kills[moment] == Kill(step=moment, left_over=moment == "publish", serving_untouched=True)


def test_killed_night_ends_like_an_undisturbed_one(homes: Homes) -> None:
    assert [run.status for run in homes.runs] == ["killed", "killed", "killed", "ok"]
    assert differences(homes.killed.serving, homes.undisturbed.serving, histories=True) == []
    assert snapshot_rows(homes.killed.warehouse) == snapshot_rows(homes.undisturbed.warehouse)
    assert not next_serving(homes.killed).exists()


def test_green_build_that_was_not_published_is_not_built_again(homes: Homes) -> None:
    """One that was killed is built from its start."""
    steps = [run.step("build") for run in homes.runs]
    resumed = [step and step.facts.get("resumed_from") for step in steps]
    assert resumed == [None, None, None, homes.runs[2].run_id]
