"""`account-health nightly` as a process: signals, kills, broken files. Landing is real, dbt a fake that waits,
Great Expectations is left out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.lock import running_holder
from pipelines.runlog import read_runs
from tests.conftest import Drop
from tests.pipelines.homes import argv
from tests.pipelines.records import track

pytestmark = pytest.mark.slow

FAKE_DBT = """
import json, os, sys, time
from datetime import date
from pathlib import Path
from pipelines.config import Settings
from pipelines.dbt import RESULTS, target_dir
from tests.pipelines.fakes import results, write_marts
settings = Settings.from_env()
(settings.home / "dbt_pid").write_text(str(os.getpid()))
while not (settings.home / "go_on").exists():
    time.sleep(0.05)
write_marts(settings, date(2026, 1, 2))
(target_dir(settings) / RESULTS).write_text(json.dumps(results()))
"""


@contextmanager
def real_process(settings: Settings, environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`account-health nightly` with real landing, and a dbt that waits for the file `go_on`."""
    process = subprocess.Popen(
        argv("nightly"),
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
    """Exports of two days, and an environment in which `dbt.cli.main` is a fake."""
    package = tmp_path / "path" / "dbt" / "cli"
    package.mkdir(parents=True)
    for init in (package.parent, package):
        (init / "__init__.py").touch()
    (package / "main.py").write_text(FAKE_DBT)
    for day in ("2026-01-01", "2026-01-02"):
        moment = f"{day}T10:00:00Z"
        drop("product", day, "tracks-000.jsonl", [track(day, receivedAt=moment, timestamp=moment)])
    return {"PYTHONPATH": str(tmp_path / "path"), "ACCOUNT_HEALTH_HOME": str(settings.home)}


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


def test_killed_refresh_keeps_the_lock_while_its_dbt_goes_on(settings: Settings, fake_dbt: dict[str, str]) -> None:
    with real_process(settings, fake_dbt) as process:
        dbt_pid = int(wait_for(settings.home / "dbt_pid", process))
        process.kill()
        process.wait()
    assert is_alive(dbt_pid)
    before = {path: path.stat().st_mtime_ns for path in settings.home.rglob("*")}
    with real_process(settings, fake_dbt) as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 3
    assert "Another refresh is running: `account-health nightly`" in errors
    assert {path: path.stat().st_mtime_ns for path in settings.home.rglob("*")} == before
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
    assert json.loads(settings.run_log.read_text().splitlines()[0])["steps"][0]["status"] == "degraded"
