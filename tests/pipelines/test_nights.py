"""Which nights a nightly runs: the missed ones in order, the unfinished first, and none twice. dbt is a fake here."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines import steps
from pipelines.config import Settings
from pipelines.dbt import DbtResult, NodeMessage
from pipelines.errors import CommandError, ExitCode
from pipelines.lock import hold_lock
from pipelines.nightly import Refresh, missed_nights, run_nights
from pipelines.runlog import Run, read_runs
from tests.conftest import Drop
from tests.pipelines.fakes import DAY, FakeDbt, FakeLanding, results

GREEN = DbtResult(built=Counter(model=3), tests_passed=5)
FAILED = DbtResult(test_failures=[NodeMessage("not_null_accounts", "Got 3 results")])


def day(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def exports_end_later(landing: FakeLanding) -> None:
    """The night says how far landing goes, not the newest that there is."""
    landing.newest = day(99)


@pytest.fixture
def export(drop: Drop) -> Any:
    def write(*numbers: int) -> None:
        for number in numbers:
            drop("product", day(number).isoformat(), "tracks-000.jsonl", "")

    return write


def refresh(settings: Settings, as_of: date | None = None, **more: Any) -> list[Refresh]:
    with hold_lock(settings.lock, "test") as lock:
        return run_nights(settings, lock, as_of, **more)


def nights(runs: list[Run]) -> list[tuple[str | None, str, str]]:
    return [(run.as_of_date, run.night, run.status) for run in runs]


def test_a_new_warehouse_starts_with_the_newest_night(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(-2, -1, 0)
    assert [run.run.as_of_date for run in refresh(settings)] == [DAY.isoformat()]
    assert landing.untils == [DAY]


def test_missed_nights_are_run_in_order_each_on_its_own(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    refresh(settings)
    export(1, 2, 3)
    said: list[str] = []
    assert len(refresh(settings, announce=said.append)) == 3
    assert nights(read_runs(settings, 3)) == [
        ("2026-04-01", "1 of 3", "ok"),
        ("2026-04-02", "2 of 3", "ok"),
        ("2026-04-03", "3 of 3", "ok"),
    ]
    assert landing.untils == [day(0), day(1), day(2), day(3)]
    assert builds.told == [None] * 4  # each night lands its own newest usage: dbt need not parse anew
    assert said[0] == "Night 2026-04-01 (1 of 3)"


def test_a_night_without_product_files_is_a_night(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(0)
    refresh(settings)
    export(2)  # nothing for the first

    def silent(systems: Any, settings: Settings, until: date | None = None, **more: Any) -> Any:
        landing.silent = ("product",) if until == day(1) else ()
        return landing(systems, settings, until, **more)

    monkeypatch.setattr(steps, "land", silent)
    refresh(settings)
    assert [run.as_of_date for run in read_runs(settings, 2)] == ["2026-04-01", "2026-04-02"]
    assert builds.told == [None, day(1), None]


def test_nights_go_on_when_usage_does_not_come(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any, drop: Drop
) -> None:
    """Other systems have dropped: their night is built, without usage, and not the last night of usage again."""
    export(0)
    refresh(settings)
    landing.silent = ("product",)
    drop("crm", day(1).isoformat(), "User.csv", "Id\n")
    refresh(settings)
    assert [run.as_of_date for run in read_runs(settings, 2)] == [day(0).isoformat(), day(1).isoformat()]
    assert builds.told == [None, day(1)]


def test_with_nothing_new_it_is_the_same_night_again(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    landing.newest = DAY
    refresh(settings)
    refresh(settings)
    assert nights(read_runs(settings, 9)) == [("2026-03-31", "", "ok"), ("2026-03-31", "", "ok")]
    assert landing.untils == [DAY, None]


def test_a_named_night_is_one_night(settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any) -> None:
    export(0)
    refresh(settings)
    export(1, 2, 3)
    refresh(settings, day(3))
    assert [run.as_of_date for run in read_runs(settings, 9)] == ["2026-03-31", "2026-04-03"]


def test_a_night_that_fails_stops_and_comes_first_the_next_time(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    refresh(settings)
    export(1, 2, 3)
    builds.result = FAILED
    with pytest.raises(CommandError) as failed:
        refresh(settings)
    assert failed.value.exit_code == ExitCode.GATE_FAILED
    assert "2 later nights wait for 2026-04-01" in failed.value.hint
    assert nights(read_runs(settings, 9))[1:] == [("2026-04-01", "1 of 3", "failed")]
    builds.result = GREEN
    refresh(settings)
    assert [run.as_of_date for run in read_runs(settings, 3)] == ["2026-04-01", "2026-04-02", "2026-04-03"]


@pytest.mark.parametrize("moment", ["before the clock moved", "after the clock moved"])
def test_a_killed_night_is_not_skipped(
    settings: Settings,
    landing: FakeLanding,
    builds: FakeDbt,
    export: Any,
    moment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export(0)
    refresh(settings)
    export(1, 2)

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    def die_at_once(*args: object, **kwargs: object) -> None:
        die()

    with monkeypatch.context() as patch:
        if moment.startswith("before"):
            patch.setattr(steps, "dbt_build", die_at_once)
        else:
            patch.setattr(builds, "on_build", die)
        with pytest.raises(Killed):
            refresh(settings)
    assert missed_nights(settings) == [day(1), day(2)]


def test_degraded_nights_do_not_stop_the_others(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    refresh(settings)
    export(1, 2)
    landing.errors = {"crm": "crm/2026-04-01/Account.csv: column Id is gone"}
    assert [one.run.status for one in refresh(settings)] == ["degraded", "degraded"]


def test_a_folder_with_a_wrong_year_is_not_caught_up(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    refresh(settings)
    export(99_999)
    with pytest.raises(CommandError, match="99,999 nights after the last") as refused:
        refresh(settings)
    assert refused.value.exit_code == ExitCode.USAGE


def test_a_reason_to_accept_holds_for_the_first_night_alone(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    refresh(settings)
    export(1, 2)
    refresh(settings, accept="the CRM was cleaned up")
    assert [run.accepted for run in read_runs(settings, 2)] == ["the CRM was cleaned up", ""]


def test_a_green_build_that_was_not_published_is_only_published(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    landing.newest = DAY
    builds.results = results()
    obstacle = settings.serving.with_name("serving.duckdb.wal")
    obstacle.parent.mkdir(parents=True, exist_ok=True)
    obstacle.touch()
    with pytest.raises(CommandError) as failed:
        refresh(settings)
    assert failed.value.exit_code == ExitCode.PUBLISH_FAILED
    obstacle.unlink()
    (published,) = refresh(settings)
    first, second = read_runs(settings, 2)
    assert len(builds.told) == 1
    build = second.step("build")
    assert build is not None
    assert build.facts["resumed_from"] == first.run_id
    assert published.published.rows == 12
    refresh(settings)  # now it is published, and the same night again is a whole build
    assert len(builds.told) == 2


def test_a_build_whose_results_miss_a_node_is_not_continued(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, export: Any
) -> None:
    export(0)
    landing.newest = DAY
    builds.result = FAILED
    for missing in (0, 1, 0):
        builds.results = results("fail", leave_out=missing)
        with pytest.raises(CommandError):
            refresh(settings)
    assert [folder is not None for folder in builds.retries] == [False, True, False]
