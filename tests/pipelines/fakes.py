"""Stand-ins for landing and dbt: in milliseconds they leave in the warehouse what later steps read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.dbt import RESULTS, DbtResult, manifest_path
from pipelines.freshness import newest_usage_date
from pipelines.landing import LandingResult, TableLanding
from pipelines.lock import HeldLock
from pipelines.ops import ensure_ops
from pipelines.progress import StepProgress

DAY = date(2026, 3, 31)

_RAW = """
    create schema if not exists raw_{system};
    create table if not exists raw_{system}._dlt_loads (
        load_id varchar, status bigint, inserted_at timestamptz
    );
    create table if not exists raw_{system}.landed_files (
        file varchar, table_name varchar, rows bigint, _drop_date date, _dlt_load_id varchar
    );
"""
_MARTS = """
    create schema if not exists intermediate;
    create schema if not exists marts;
    create schema if not exists staging;
    create or replace table intermediate.util_as_of as select date '{as_of}' as as_of_date;
    create or replace table staging.contacts as select 'ann@example.com' as email;
    create or replace table marts.account_health as
    select
        'A' || i as account_id, 'Account "' || i || '" [red]' as account_name, 'Kim' as owner_name,
        case when i % 2 = 0 then 'at_risk' else 'healthy' end as health_band,
        'healthy' as previous_health_band,
        cast(40.25 + i as decimal(5, 2)) as health_score,
        cast(100 * i as decimal(18, 2)) as monthly_revenue_usd,
        cast(50 as decimal(5, 2)) as previous_health_score,
        'Usage fell by 40%' as worst_driver, 'Users rose' as best_driver, date '{as_of}' as as_of_date
    from range({accounts}) as accounts (i);
    comment on table marts.account_health is 'Grain: one row an account''s day.';
    comment on column marts.account_health.health_score is '0 to 100.';
    create or replace view marts.account_segments as
    select account_id, account_name, 'growing' as segment, 'It grows' as segment_reason, as_of_date
    from marts.account_health;
    create or replace table marts.account_segments_daily as
    select account_id, cast(as_of_date - 1 as date) as as_of_date, 'steady' as segment
    from marts.account_health;
"""
_MODELS = ("account_health", "account_segments", "account_segments_daily")
_KEY_TEST = "test.account_health.key"


def write_marts(settings: Settings, as_of: date = DAY, accounts: int = 4) -> None:
    """Fills the warehouse with a few marts, and writes the manifest that a build of them would leave."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(_MARTS.format(as_of=as_of, accounts=accounts))
        ensure_ops(connection)
    write_manifest(manifest_path(settings))


def write_manifest(path: Path, pii: Iterable[str] = (), models: Sequence[str] = _MODELS) -> None:
    """A manifest of `models`; `pii` names columns of `account_health` that are tagged."""
    columns = {name: {"config": {"meta": {"pii": True}}} for name in pii}
    nodes = {
        f"model.account_health.{name}": {
            "resource_type": "model",
            "schema": "marts",
            "name": name,
            "alias": name,
            "config": {"materialized": "table"},
            "columns": columns if name == "account_health" else {},
        }
        for name in models
    }
    nodes[_KEY_TEST] = {
        "resource_type": "test",
        "schema": "test_failures",
        "name": "key",
        "attached_node": "model.account_health.account_segments_daily",
        "test_metadata": {"name": "unique_key", "kwargs": {"columns": ["account_id", "as_of_date"]}},
    }
    nodes["model.account_health.stg_contacts"] = {
        "resource_type": "model",
        "schema": "staging",
        "name": "contacts",
        "columns": {"email": {"meta": {"pii": True}}},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nodes": nodes}))


def results(status: str = "success", leave_out: int = 0) -> dict[str, Any]:
    """What dbt would leave as run_results.json of the fake nodes, the last few of them left out."""
    nodes = [_KEY_TEST, *(f"model.account_health.{name}" for name in (*_MODELS, "stg_contacts"))]
    return {"results": [{"unique_id": node, "status": status} for node in nodes[: len(nodes) - leave_out]]}


@dataclass
class FakeDbt:
    """Builds the fake marts; set `result` to let the build fail, `on_build` to do something in its midst.

    `results` is what it leaves as run_results.json; without any, a build that failed cannot be continued.
    """

    result: DbtResult = field(default_factory=lambda: DbtResult(built=Counter(model=3), tests_passed=5))
    on_build: Callable[[], None] = lambda: None
    told: list[date | None] = field(default_factory=list)
    retries: list[Path | None] = field(default_factory=list)
    results: dict[str, Any] | None = None
    accounts: int = 4

    def __call__(
        self,
        settings: Settings,
        run_dir: Path,
        lock: HeldLock,
        progress: StepProgress,
        as_of: date | None = None,
        retry_of: Path | None = None,
    ) -> DbtResult:
        self.told.append(as_of)
        self.retries.append(retry_of)
        newest = newest_usage_date(settings)
        assert newest is not None
        write_marts(settings, as_of or newest, self.accounts)
        if self.results is not None:
            run_dir.mkdir(parents=True, exist_ok=True)
            (run_dir / RESULTS).write_text(json.dumps(self.results))
        self.on_build()
        return self.result


@dataclass
class FakeLanding:
    """Has dropped up to `newest`; systems in `errors` fail, those in `silent` stopped ten days before."""

    newest: date = DAY
    errors: dict[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    untils: list[date | None] = field(default_factory=list)

    def __call__(
        self,
        systems: Iterable[str],
        settings: Settings,
        until: date | None = None,
        progress: Callable[[str, float], None] | None = None,
        accept: str | None = None,
    ) -> list[LandingResult]:
        self.untils.append(until)
        settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        return [self._land(system, settings, until) for system in systems]

    def _land(self, system: str, settings: Settings, until: date | None) -> LandingResult:
        if system in self.errors:
            return LandingResult(system, error=self.errors[system])
        newest = min(self.newest, until or self.newest)
        if system in self.silent:
            newest -= timedelta(days=10)
        with duckdb.connect(str(settings.warehouse)) as connection:
            ensure_ops(connection)
            connection.execute(_RAW.format(system=system))
            known = f"select 1 from raw_{system}.landed_files where _drop_date = ?"
            if connection.execute(known, [newest]).fetchone():
                return LandingResult(system)
            load = newest.isoformat()
            connection.execute(f"insert into raw_{system}._dlt_loads values (?, 0, now())", [load])
            connection.execute(
                f"insert into raw_{system}.landed_files values (?, 'tracks', 7, ?, ?)",
                [f"{system}/{load}/tracks.jsonl", newest, load],
            )
        return LandingResult(system, load_id=load, tables=(TableLanding("tracks", 2, 7, 100),))


@dataclass
class FakeLook:
    """Stands in for the process that runs Great Expectations: finds `results`, by default that all is well."""

    results: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        return {"results": self.results, "seconds": {}}
