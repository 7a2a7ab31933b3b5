"""A full disk and folders that cannot be written: an exit code of the step, one line that names the place, readers
keep what they had, and the next run makes good. Landing, publishing and the file system are real; dbt is a fake,
Great Expectations is left out."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.runlog import read_runs
from tests.pipelines.homes import argv

pytestmark = pytest.mark.slow

KB = 1024
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def call(
    environ: Mapping[str, str], *arguments: str, largest_file: int | None = None, read_only: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command where no file may grow beyond `largest_file` bytes, or where a folder is read-only."""
    command = argv(*arguments)
    if read_only is not None and os.geteuid() == 0:  # permissions mean nothing to root, a read-only mount does
        command = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(read_only), *command]

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    if read_only is not None and os.geteuid() != 0:
        read_only.chmod(0o500)
    try:
        return subprocess.run(
            command, cwd=PROJECT_ROOT, env=environ, capture_output=True, text=True, check=False, preexec_fn=limit
        )
    finally:
        if read_only is not None and os.geteuid() != 0:
            read_only.chmod(0o700)


def errors_of(done: subprocess.CompletedProcess[str]) -> str:
    """What was said besides the finished steps; never a traceback."""
    assert "Traceback" not in done.stderr
    return done.stderr


def served(settings: Settings) -> int:
    with duckdb.connect(str(settings.serving), read_only=True) as connection:
        row = connection.execute("select count(*) from marts.account_segments_daily").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def can_mount() -> None:
    if os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
        pytest.skip("root without the right to mount: nothing can be made read-only for it")


def test_disk_full_while_landing(settings: Settings, environ: dict[str, str]) -> None:
    done = call(environ, "nightly", largest_file=64 * KB)
    assert done.returncode == 4
    assert "File too large" in errors_of(done)
    assert "Free space or repair the permissions" in done.stderr
    assert not settings.serving.exists()
    assert call(environ, "nightly").returncode == 0
    assert served(settings) == 100_000
    assert [run.exit_code for run in read_runs(settings, 5)] == [4, 0]


def test_disk_full_while_building(settings: Settings, environ: dict[str, str]) -> None:
    assert call(environ, "land").returncode == 0
    done = call(environ, "nightly", largest_file=settings.warehouse.stat().st_size + 256 * KB)
    assert done.returncode == 5
    assert "Build failed: dbt: " in errors_of(done)
    assert not settings.serving.exists()
    assert call(environ, "nightly").returncode == 0
    assert served(settings) == 100_000


def test_disk_full_while_publishing(settings: Settings, environ: dict[str, str]) -> None:
    assert call(environ, "nightly").returncode == 0
    before = settings.serving.read_bytes()
    done = call(environ, "publish", largest_file=256 * KB)
    assert done.returncode == 6
    assert f"Publishing to {settings.serving} failed" in errors_of(done)
    assert settings.serving.read_bytes() == before
    assert [path.name for path in settings.home.iterdir() if path.name.startswith(".serving")] == []
    assert call(environ, "publish").returncode == 0


def of_home(settings: Settings) -> Path:
    return settings.home


def of_warehouse(settings: Settings) -> Path:
    return settings.warehouse.parent


def of_serving(settings: Settings) -> Path:
    return settings.serving.parent


@pytest.mark.usefixtures("can_mount")
@pytest.mark.parametrize(
    ("arguments", "folder", "code"),
    [
        (("nightly",), of_home, 8),
        (("nightly",), of_warehouse, 4),
        (("build",), of_warehouse, 5),
        (("publish",), of_serving, 6),
    ],
    ids=["home", "landing", "building", "publishing"],
)
def test_folder_that_cannot_be_written(
    settings: Settings,
    environ: dict[str, str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    folder: Callable[[Settings], Path],
    code: int,
) -> None:
    apart = {
        **environ,
        "ACCOUNT_HEALTH_WAREHOUSE": str(tmp_path / "private" / "warehouse.duckdb"),
        "ACCOUNT_HEALTH_SERVING": str(tmp_path / "public" / "serving.duckdb"),
    }
    settings = Settings.from_env(apart)
    assert call(apart, "nightly").returncode == 0
    before = settings.serving.read_bytes()
    done = call(apart, *arguments, read_only=folder(settings))
    assert done.returncode == code, done.stderr
    assert str(folder(settings)) in errors_of(done)
    assert settings.serving.read_bytes() == before
    assert call(apart, "nightly").returncode == 0
