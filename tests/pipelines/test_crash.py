"""Killed at any moment and run again, a night ends as if nothing had been: marts and snapshots, row for row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.config import Settings
from pipelines.runlog import Run, read_runs
from tests.pipelines.crash import in_build, in_land, in_publish, kill_when, next_serving, start, step_now
from tests.pipelines.homes import LAST, command, company, differences, home, snapshot_rows

pytestmark = pytest.mark.slow

ACCOUNTS, DAYS = 15, 70
MOMENTS: dict[str, Callable[[Settings], bool]] = {"land": in_land, "build": in_build, "publish": in_publish}


@dataclass(frozen=True)
class Crashed:
    """A home whose second night was killed and run again; `step` is the one that was cut short."""

    settings: Settings
    step: str
    left_over: bool
    serving_untouched: bool
    runs: list[Run]


def crash(first: Settings, moment: str) -> Crashed:
    settings = home(first.home.with_name(moment), Path(first.exports))
    shutil.copytree(first.home, settings.home)
    before = settings.serving.read_bytes()
    assert kill_when(start(settings, "nightly"), lambda: MOMENTS[moment](settings)), f"{moment} was over too soon"
    step, left_over = step_now(settings), next_serving(settings).exists()
    serving_untouched = settings.serving.read_bytes() == before
    command(settings, "nightly")
    return Crashed(settings, step, left_over, serving_untouched, read_runs(settings, 2))


@pytest.fixture(scope="module")
def undisturbed_and_crashed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Crashed]]:
    base = tmp_path_factory.mktemp("crash")
    company(base / "exports", ACCOUNTS, DAYS)
    first = home(base / "first", base / "exports")
    command(first, "nightly", "--as-of", str(LAST - timedelta(days=1)))
    undisturbed = home(base / "undisturbed", base / "exports")
    shutil.copytree(first.home, undisturbed.home)
    command(undisturbed, "nightly")
    return undisturbed, {moment: crash(first, moment) for moment in MOMENTS}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_night_ends_like_an_undisturbed_one(
    undisturbed_and_crashed: tuple[Settings, dict[str, Crashed]], moment: str
) -> None:
    undisturbed, crashed = undisturbed_and_crashed
    killed = crashed[moment]
    assert killed.step == moment
    assert killed.left_over is (moment == "publish")
    assert killed.serving_untouched
    assert [run.status for run in killed.runs] == ["killed", "ok"]
    assert differences(killed.settings.serving, undisturbed.serving, histories=True) == []
    assert snapshot_rows(killed.settings.warehouse) == snapshot_rows(undisturbed.warehouse)
    assert not next_serving(killed.settings).exists()


def test_green_build_that_was_not_published_is_not_built_again(
    undisturbed_and_crashed: tuple[Settings, dict[str, Crashed]],
) -> None:
    _, crashed = undisturbed_and_crashed
    resumed = {moment: killed.runs[1].step("build") for moment, killed in crashed.items()}
    facts = {moment: step.facts["resumed_from"] for moment, step in resumed.items() if step is not None}
    assert facts == {"land": None, "build": None, "publish": crashed["publish"].runs[0].run_id}
