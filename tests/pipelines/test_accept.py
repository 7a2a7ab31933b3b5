"""`nightly --accept` the whole way: what was held back, or is critical, passes once, and the reason stands in the run.
Landing, the gate's rules and publishing are real; dbt is a fake, Great Expectations is left out."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.runlog import read_runs
from tests.conftest import Drop
from tests.pipelines.homes import argv
from tests.pipelines.records import DAY, NEXT_DAY, USER_HEADER, query, track, users

pytestmark = pytest.mark.slow

REASON = "two teams were sold"


def nightly(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv("nightly", *arguments), cwd=PROJECT_ROOT, env=environ, capture_output=True, text=True, check=False
    )


def runs(settings: Settings) -> list[tuple[int | None, str]]:
    """Exit code and reason of each night in order."""
    return [(run.exit_code, run.accepted) for run in read_runs(settings, 5)]


def test_a_truncated_extract(settings: Settings, environ: dict[str, str], drop: Drop) -> None:
    drop("crm", DAY, "User.csv", USER_HEADER + users(10))
    assert nightly(environ).returncode == 0
    drop("crm", NEXT_DAY, "User.csv", USER_HEADER + users(3))
    held = nightly(environ)
    assert held.returncode == 4
    assert "held back as a truncated export: it has 3 records" in held.stderr
    assert query(settings, "select count(*) from raw_crm.users") == [(10,)]
    accepted = nightly(environ, "--accept", REASON)
    assert accepted.returncode == 0, accepted.stderr
    assert f"accepted: {REASON}" in accepted.stdout + accepted.stderr
    assert query(settings, "select count(*) from raw_crm.users") == [(13,)]
    assert runs(settings) == [(0, ""), (4, ""), (0, REASON)]


def test_a_critical_expectation(settings: Settings, environ: dict[str, str], drop: Drop) -> None:
    assert nightly(environ).returncode == 0
    moment = f"{NEXT_DAY}T12:00:00Z"
    nobodys = [track(f"n{n}", context={}, receivedAt=moment, timestamp=moment) for n in range(60)]
    drop("product", NEXT_DAY, "tracks-001.jsonl", nobodys)
    blocked = nightly(environ)
    assert blocked.returncode == 7
    assert "tracks.group_is_sent" in blocked.stderr
    before = settings.serving.read_bytes()
    assert nightly(environ, "--accept", REASON).returncode == 0
    assert settings.serving.read_bytes() != before
    assert query(
        settings, "select distinct expectation, accepted_reason from ops.gate_results where accepted_reason is not null"
    ) == [("tracks.group_is_sent", REASON)]
    assert runs(settings) == [(0, ""), (7, ""), (0, REASON)]
