"""Fixtures that put the stand-ins of `fakes` in the place of landing, the gate's process and dbt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines import steps
from pipelines.config import Settings
from pipelines.quality import gate
from tests.conftest import Drop
from tests.pipelines.billing_exports import Exports, make
from tests.pipelines.fakes import FakeDbt, FakeLanding, FakeLook
from tests.pipelines.records import track

FAKE_DBT = """
import json, sys
from datetime import date
from pathlib import Path
import duckdb
from pipelines.config import Settings
from pipelines.dbt import RESULTS, target_dir
from tests.pipelines.fakes import results, write_marts
settings = Settings.from_env()
write_marts(settings, date(2026, 1, 2))
with duckdb.connect(str(settings.warehouse)) as connection:  # some megabytes that do not compress
    connection.execute(
        "create or replace table marts.account_segments_daily as"
        " select md5(i::varchar) as account_id, md5((-i)::varchar) as segment, date '2026-01-01' as as_of_date"
        " from range(100000) as it (i)"
    )
(target_dir(settings) / RESULTS).write_text(json.dumps(results()))
"""


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> FakeLook:
    """A gate that finds nothing wrong."""
    fake = FakeLook()
    monkeypatch.setattr(gate, "look_in_process", fake)
    return fake


@pytest.fixture
def landing(monkeypatch: pytest.MonkeyPatch, look: FakeLook) -> FakeLanding:
    """Landing that brings a day; the gate has nothing against it."""
    fake = FakeLanding()
    monkeypatch.setattr(steps, "land", fake)
    return fake


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> FakeDbt:
    """A dbt that builds a few marts at once."""
    fake = FakeDbt()
    monkeypatch.setattr(steps, "dbt_build", fake)
    return fake


@pytest.fixture
def environ(tmp_path: Path, settings: Settings, drop: Drop) -> dict[str, str]:
    """Of a command whose dbt is a fake, in a home for which two days of usage were dropped."""
    package = tmp_path / "path" / "dbt" / "cli"
    package.mkdir(parents=True)
    for init in (package.parent, package):
        (init / "__init__.py").touch()
    (package / "main.py").write_text(FAKE_DBT)
    for day in ("2026-01-01", "2026-01-02"):
        moment = f"{day}T10:00:00Z"
        drop("product", day, "tracks-000.jsonl", [track(day, receivedAt=moment, timestamp=moment)])
    others = {name: value for name, value in os.environ.items() if not name.startswith("ACCOUNT_HEALTH_")}
    return {**others, "PYTHONPATH": str(tmp_path / "path"), "ACCOUNT_HEALTH_HOME": str(settings.home)}


@pytest.fixture(scope="session")
def stripe(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """Billing exports of 60 accounts over 450 days."""
    return make(tmp_path_factory.mktemp("stripe"), 60, 450)
