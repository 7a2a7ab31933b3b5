"""The command line: exit codes, messages, signals."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from pipelines import demo, steps
from pipelines.__main__ import app
from pipelines.config import Settings
from pipelines.lock import hold_lock
from pipelines.runlog import read_runs
from tests.pipelines.fakes import FakeDbt, FakeLanding

pytestmark = pytest.mark.usefixtures("look")

COMMANDS = ("demo", "generate", "land", "build", "nightly", "publish", "rejects", "status")


@pytest.fixture(autouse=True)
def as_in_a_process_of_its_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("ACCOUNT_HEALTH_EXPORTS", "ACCOUNT_HEALTH_WAREHOUSE", "ACCOUNT_HEALTH_SERVING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "160")
    umask = os.umask(0)
    os.umask(umask)
    yield
    os.umask(umask)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_help_is_shown_without_a_command() -> None:
    result = call()
    assert result.exit_code == 0
    assert all(command in result.output for command in COMMANDS)
    assert "Exit codes" in result.output


def test_a_memory_limit_that_is_no_size_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_MEMORY", "plenty")
    result = call("status")
    assert result.exit_code == 2
    assert "ACCOUNT_HEALTH_MEMORY is 'plenty'" in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert f"Example: account-health {command}" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nightly", "--as-of", "31.10.2026"), "--as-of"),
        (("demo", "--accounts", "0"), "--accounts"),
        (("land", "salesforce"), "There is no system salesforce"),
        (("nightly",), "no exports in"),
        (("land",), "no exports in"),
        (("build",), "There is no warehouse at"),
        (("publish",), "There is no warehouse at"),
        (("refresh",), "refresh"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_usage_and_configuration_errors_exit_with_2(arguments: tuple[str, ...], said: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_failures_are_two_lines_unless_debugging() -> None:
    quiet, loud = call("build"), call("--debug", "build")
    assert len(quiet.output.strip().splitlines()) == 2
    assert "Traceback" in loud.output


def test_status_of_an_empty_home() -> None:
    result = call("status")
    assert result.exit_code == 0
    assert "No run yet" in result.output


def test_second_refresh_exits_with_3_and_names_the_first(settings: Settings) -> None:
    with hold_lock(settings.lock, "account-health nightly --as-of 2026-03-31"):
        for command in ("nightly", "land", "demo"):
            result = call(command)
            assert result.exit_code == 3
            assert "`account-health nightly --as-of 2026-03-31`, process" in result.output
        assert "Running now: `account-health nightly" in call("status").output


def test_publish_refuses_a_build_that_did_not_pass(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "land", FakeLanding())
    fake = FakeDbt()
    monkeypatch.setattr(steps, "dbt_build", fake)
    assert call("nightly").exit_code == 0
    assert call("publish").exit_code == 0
    fake.on_build = lambda: 1 / 0  # type: ignore[assignment]
    assert call("build").exit_code == 5
    refused = call("publish")
    assert refused.exit_code == 1
    assert "The last build" in refused.output
    fake.on_build = lambda: None
    assert call("build").exit_code == 0
    assert call("publish").exit_code == 0
    status = call("status")
    assert "publish failed" in status.output
    assert [run.exit_code for run in read_runs(settings, 9)] == [0, 0, 5, 1, 0, 0]


def test_night_without_a_system_is_reported_and_exits_with_4(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "land", FakeLanding())
    monkeypatch.setattr(steps, "dbt_build", FakeDbt())
    assert call("nightly").exit_code == 0
    broken = FakeLanding(errors={"crm": "crm/2026-04-01/Account.csv: column Industry is gone"})
    monkeypatch.setattr(steps, "land", broken)
    result = call("nightly", "--accept", "month end")
    assert result.exit_code == 4
    assert "Account health as of 2026-03-31" in result.output
    assert "crm did not land: crm/2026-04-01/Account.csv: column Industry is gone" in result.output
    assert [(run.status, run.accepted) for run in read_runs(settings, 1)] == [("degraded", "month end")]
    assert call("land").exit_code == 4
    assert [run.status for run in read_runs(settings, 1)] == ["failed"]


def test_dead_man_check_exits_with_9(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("status", "--max-age", "30").exit_code == 9
    monkeypatch.setattr(steps, "land", FakeLanding())
    monkeypatch.setattr(steps, "dbt_build", FakeDbt())
    assert call("nightly").exit_code == 0
    assert call("status", "--max-age", "30").exit_code == 0
    assert call("status", "--max-age", "0").exit_code == 9


def test_home_that_is_no_folder_exits_with_8(settings: Settings) -> None:
    settings.home.parent.mkdir(exist_ok=True)
    settings.home.touch()
    result = call("nightly")
    assert result.exit_code == 8
    assert f"{settings.lock} cannot be written" in result.output


def test_status_reads_the_log_while_the_warehouse_is_being_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "land", FakeLanding(silent=("crm",)))
    monkeypatch.setattr(steps, "dbt_build", FakeDbt())
    assert call("nightly").exit_code == 0
    from pipelines import freshness

    def locked(*_: object) -> None:
        raise duckdb.IOException("Conflicting lock is held")

    monkeypatch.setattr(freshness, "source_ages", locked)
    status = call("status").output
    assert "2026-03-21" in status
    assert "2026-03-31" in status


def test_what_is_written_belongs_to_its_owner_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "land", FakeLanding())
    monkeypatch.setattr(steps, "dbt_build", FakeDbt())
    assert call("nightly").exit_code == 0
    paths = [path for path in settings.home.rglob("*") if path != settings.serving]
    assert {path.stat().st_mode & 0o077 for path in paths} == {0}


@pytest.mark.parametrize("foreign", ["warehouse.duckdb", "serving.duckdb", "exports/crm", "runs/runs.jsonl"])
def test_demo_does_not_touch_what_no_demo_made(settings: Settings, foreign: str) -> None:
    path = settings.home / foreign
    path.parent.mkdir(parents=True)
    path.write_text("precious")
    result = call("demo")
    assert result.exit_code == 2
    assert "which no demo made" in result.output
    assert path.read_text() == "precious"


def test_demo_starts_afresh_over_an_earlier_demo(settings: Settings) -> None:
    demo.start_afresh(settings)
    old = (settings.warehouse, settings.serving, Path(settings.exports) / "crm" / "old.csv", settings.run_log)
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    mine = settings.home / "notes.txt"
    mine.touch()
    demo.start_afresh(settings)
    assert [path for path in old if path.exists()] == []
    assert mine.exists()


def test_demo_and_generate_want_a_local_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_EXPORTS", "s3://bucket/exports")
    assert call("demo").exit_code == 2
    assert call("generate").exit_code == 2


def test_generate_does_not_mix_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    result = call("generate", "--exports", str(tmp_path))
    assert result.exit_code == 2
    assert "no sample company" in result.output
