"""The command line: exit codes, messages, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from pipelines import demo, nightly
from pipelines.__main__ import app
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.lock import hold_lock, running_holder
from pipelines.runlog import read_runs
from tests.conftest import Drop
from tests.pipelines.fakes import FakeDbt, FakeLanding

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
    monkeypatch.setattr(nightly, "land", FakeLanding())
    fake = FakeDbt()
    monkeypatch.setattr(nightly, "dbt_build", fake)
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


def test_status_reads_the_log_while_the_warehouse_is_being_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "land", FakeLanding(silent=("crm",)))
    monkeypatch.setattr(nightly, "dbt_build", FakeDbt())
    assert call("nightly").exit_code == 0
    from pipelines import freshness

    def locked(*_: object) -> None:
        raise duckdb.IOException("Conflicting lock is held")

    monkeypatch.setattr(freshness, "source_ages", locked)
    status = call("status").output
    assert "2026-03-21" in status
    assert "2026-03-31" in status


def test_what_is_written_belongs_to_its_owner_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "land", FakeLanding())
    monkeypatch.setattr(nightly, "dbt_build", FakeDbt())
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


FAKE_DBT = """
import os, sys, time
from datetime import date
from pathlib import Path
from pipelines.config import Settings
from tests.pipelines.fakes import write_marts
settings = Settings.from_env()
(settings.home / "dbt_pid").write_text(str(os.getpid()))
while not (settings.home / "go_on").exists():
    time.sleep(0.05)
write_marts(settings, date(2026, 1, 2))
"""


@contextmanager
def real_process(settings: Settings, environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`account-health nightly` with real landing, and a dbt that waits for the file `go_on`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "nightly"],
        cwd=PROJECT_ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(path: Path, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path.name} did not appear: {process.communicate()}")


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def fake_dbt(tmp_path: Path, settings: Settings, drop: Drop) -> dict[str, str]:
    """Exports of two days, and an environment in which `python -m dbt.cli.main` is a fake."""
    package = tmp_path / "path" / "dbt" / "cli"
    package.mkdir(parents=True)
    for init in (package.parent, package):
        (init / "__init__.py").touch()
    (package / "main.py").write_text(FAKE_DBT)
    for day in ("2026-01-01", "2026-01-02"):
        record = {"messageId": day, "type": "track", "receivedAt": f"{day}T10:00:00Z"}
        drop("product", day, "tracks-000.jsonl", [record])
    return {"PYTHONPATH": str(tmp_path / "path"), "ACCOUNT_HEALTH_HOME": str(settings.home)}


@pytest.mark.slow
@pytest.mark.parametrize(("code", "name"), [(130, signal.SIGINT), (143, signal.SIGTERM)])
def test_signal_stops_dbt_and_is_recorded(
    settings: Settings, fake_dbt: dict[str, str], code: int, name: signal.Signals
) -> None:
    with real_process(settings, fake_dbt) as process:
        dbt_pid = int(wait_for(settings.home / "dbt_pid", process))
        process.send_signal(name)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == code
        assert "Interrupted" in errors
        assert "Traceback" not in errors
    assert not is_alive(dbt_pid)
    assert running_holder(settings.lock) is None
    (run,) = read_runs(settings, 5)
    assert (run.status, run.exit_code) == ("interrupted", code)
    assert not settings.serving.exists()


@pytest.mark.slow
def test_killed_refresh_keeps_the_lock_while_its_dbt_goes_on(settings: Settings, fake_dbt: dict[str, str]) -> None:
    with real_process(settings, fake_dbt) as process:
        dbt_pid = int(wait_for(settings.home / "dbt_pid", process))
        process.kill()
        process.wait()
    assert is_alive(dbt_pid)
    assert call("nightly").exit_code == 3
    (settings.home / "go_on").touch()
    deadline = time.monotonic() + 30
    while running_holder(settings.lock) and time.monotonic() < deadline:
        time.sleep(0.05)
    with real_process(settings, fake_dbt) as process:
        report, _ = process.communicate(timeout=60)
        assert process.returncode == 0
    assert "Account health as of 2026-01-02" in report
    assert [run.status for run in read_runs(settings, 5)] == ["killed", "ok"]
    with duckdb.connect(str(settings.serving), read_only=True) as connection:
        assert connection.execute("select as_of_date from ops.publishes").fetchone() == (date(2026, 1, 2),)


@pytest.mark.slow
def test_broken_file_exits_with_4_and_is_named(settings: Settings, fake_dbt: dict[str, str], drop: Drop) -> None:
    (settings.home / "go_on").touch()
    broken = drop("product", "2026-01-02", "tracks-001.jsonl", '{"messageId": "half')
    with real_process(settings, fake_dbt) as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 4
    assert "product/2026-01-02/tracks-001.jsonl" in errors
    assert "Traceback" not in errors
    broken.unlink()
    with real_process(settings, fake_dbt) as process:
        process.communicate(timeout=60)
        assert process.returncode == 0
    first, second = read_runs(settings, 5)
    assert (first.exit_code, second.exit_code) == (4, 0)
    assert json.loads(settings.run_log.read_text().splitlines()[0])["steps"][0]["status"] == "failed"
