"""Serving files made by hand: every mart with its real columns, and the rows that a test gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.dbt import manifest_path
from pipelines.ops import ensure_ops
from pipelines.runlog import Run
from pipelines.serving.publish import publish
from tests.pipelines.fakes import write_manifest

DAY = date(2026, 3, 31)
RUN = "20260401T020000Z-0001"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def published_columns() -> dict[str, dict[str, str]]:
    """`marts.<mart>` -> its columns with their types, from the models' own YAML."""
    found = {}
    for path in sorted((PROJECT_ROOT / "models" / "marts").rglob("[!_]*.yml")):
        for model in yaml.safe_load(path.read_text())["models"]:
            types = {column["name"]: column["data_type"] for column in model["columns"]}
            found[f"marts.{model['name']}"] = {
                name: "varchar" if kind == "string" else kind for name, kind in types.items()
            }
    return found


def write_serving(home: Path, rows: Rows, as_of: date = DAY) -> Settings:
    """Publishes the rows, and every other table empty, as a refresh would. A column that is not given is null."""
    settings = Settings.for_home(home)
    home.mkdir(parents=True, exist_ok=True)
    tables = published_columns()
    assert set(rows) <= set(tables), f"no such marts: {set(rows) - set(tables)}"
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("begin")
        connection.execute("create schema if not exists intermediate")
        connection.execute("drop schema if exists marts cascade; create schema marts")
        connection.execute(f"create or replace table intermediate.util_as_of as select date '{as_of}' as as_of_date")
        ensure_ops(connection)
        for table, columns in tables.items():
            connection.execute(
                f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
            )
        for table, given in rows.items():
            for row in given:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
        connection.execute("commit")
    manifest = manifest_path(settings)
    write_manifest(manifest, models=[table.removeprefix("marts.") for table in tables])
    runs = [Run(RUN, "account-health nightly", started_at="2026-04-01T02:00:00", as_of_date=str(as_of))]
    publish(settings, manifest, RUN, runs)
    return settings


def days(count: int, until: date = DAY) -> list[date]:
    """The last days, the oldest first."""
    return [until - timedelta(days=ago) for ago in reversed(range(count))]


def small_book() -> Rows:
    """Three accounts by hand: one fell from watch to at risk within the week, one is well, one has a held score."""
    accounts: list[dict[str, Any]] = [
        {"account_id": "a1", "account_name": "Acme", "owner_name": "Kim", "plan": "growth"},
        {"account_id": "a2", "account_name": "<b>Bolt</b> $1 & $2", "owner_name": "Lee", "plan": "starter"},
        {"account_id": "a3", "account_name": "Cargo", "owner_name": None, "plan": None},
        {"account_id": "p1", "account_name": "Prospect", "owner_name": "Lee", "plan": None},
    ]
    now: list[dict[str, Any]] = [
        {"segment": "contract", "health_band": "at_risk", "health_score": 50, "monthly_revenue_usd": 1000},
        {"segment": "grow", "health_band": "healthy", "health_score": 90, "monthly_revenue_usd": 250},
        {"segment": "plateau", "health_band": "watch", "health_score": 70, "monthly_revenue_usd": 40},
    ]
    health = [
        {
            **account,
            **state,
            "as_of_date": DAY,
            "health_score_version": "1",
            "coverage_ratio": 1,
            "is_provisional": False,
        }
        for account, state in zip(accounts, now, strict=False)
    ]
    health[0] |= {"worst_driver": "Consumption halved", "health_score_change_28d": -22.5}
    health[2] |= {"is_provisional": True, "provisional_reason": "product brought nothing", "measured_on_date": DAY}
    daily = [
        {
            **{
                key: row[key] for key in ("account_id", "monthly_revenue_usd", "is_provisional", "health_score_version")
            },
            "as_of_date": day,
            "health_band": "watch" if row["account_id"] == "a1" and day < DAY else row["health_band"],
            "health_score": 72.5 if row["account_id"] == "a1" and day < DAY else row["health_score"],
        }
        for row in health
        for day in days(40)
    ]
    segments = [
        {"account_id": row["account_id"], "as_of_date": day, "segment": row["segment"]}
        for row in health
        for day in days(40)
    ]
    return {
        "marts.accounts": accounts,
        "marts.account_health": health,
        "marts.account_health_daily": daily,
        "marts.account_segments_daily": segments,
        "marts.account_segments": [
            {"account_id": row["account_id"], "segment": row["segment"], "segment_since_date": DAY} for row in health
        ],
        "marts.account_health_changes": changes(),
    }


def changes() -> list[dict[str, Any]]:
    """What moved the score of a1 from 72.5 to 50: two components fell, one rose, and the formula took a third."""
    parts = {"level": (-20_000_000, 0), "trend": (-3_000_001, 0), "tickets": (1_000_001, 0), "touch": (0, -500_000)}
    rows = []
    for rank, (component, (by_input, by_formula)) in enumerate(parts.items(), start=1):
        before = 72_500_000 if component == "level" else 0
        change = by_input + by_formula
        rows.append(
            {
                "account_id": "a1",
                "window_days": 7,
                "component": component,
                "reason": f"{component} moved",
                "previous_contribution_micropoints": before,
                "contribution_micropoints": before + change,
                "change_micropoints": change,
                "input_effect_micropoints": by_input,
                "coverage_effect_micropoints": 0,
                "configuration_effect_micropoints": by_formula,
                "override_effect_micropoints": 0,
                "down_rank": rank if change < 0 else None,
                "up_rank": 1 if change > 0 else None,
                "previous_as_of_date": DAY - timedelta(days=7),
                "as_of_date": DAY,
            }
        )
    return rows
