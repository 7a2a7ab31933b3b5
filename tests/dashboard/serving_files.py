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


def growth() -> Rows:
    """What usage said of a1, where a1 and a2 may grow, and how often such advice was right: in one list of three."""
    told = {"account_id": "a1", "is_provisional": False, "as_of_date": DAY}
    signal = {"account_id": "a1", "unit_id": "a1", "unit_type": "account", "monthly_revenue_usd": 1000}
    use_case = {**told, "account_name": "Acme", "owner_name": "Kim", "use_case_id": "alerting"}
    lists = (("all", "book", 10, 21, 5), ("not_started", "account", 1, 9, 14), ("not_started", "account", 2, 28, 28))
    return {
        "marts.account_usage_daily": [
            {"account_id": "a1", "as_of_date": day, "credits": 10, "known_days_28d_count": 28, "is_usage_known": True}
            | {"consumption_credits_28d": 280, "consumption_peak_ratio": 0.5}
            for day in days(60)
        ],
        "marts.usage_signals": [
            {**signal, "signal_id": "s1", "signal_kind": "level_shift", "direction": "down", "is_open": True}
            | {"started_date": date(2026, 3, 20), "detected_date": date(2026, 3, 27), "affected_28d_usd": -740.6},
            {**signal, "signal_id": "s2", "signal_kind": "slope_change", "direction": "up", "is_open": False}
            | {"started_date": date(2026, 2, 1), "detected_date": date(2026, 3, 1), "ended_date": date(2026, 3, 9)},
            {**signal, "signal_id": "s3", "signal_kind": "level_shift", "direction": "up", "is_open": False}
            | {"started_date": date(2026, 3, 26), "detected_date": date(2026, 3, 28), "ended_date": date(2026, 3, 30)},
            {**signal, "signal_id": "s4", "signal_kind": "champion_gone", "direction": "down", "is_open": True}
            | {"started_date": date(2025, 8, 1), "detected_date": date(2025, 9, 1)}
            | {"unit_type": "champion", "unit_id": "c1"},
        ],
        "marts.health_disagreements": [
            {**told, "disagreement": "red_and_growing", "health_score": 50, "mrr_change_90d_pct": 12.5}
            | {"renewal_probability_pct": 75, "monthly_revenue_usd": 1000}
        ],
        "marts.use_case_adoption": [{"account_id": "a1", "use_case_id": "alerting", "use_case_name": "Alerting"}],
        "marts.expansion_opportunities": [
            {**use_case, "opportunity_kind": "new_use_case", "subject_id": "alerting", "motion": "product_led"}
            | {"evidence": "4 of 10 alike took it up", "confidence_ratio": 0.4, "expected_monthly_usd": 80}
            | {"p25_monthly_usd": 100, "p50_monthly_usd": 200, "p75_monthly_usd": 400, "is_largest_of_account": True},
            {**use_case, "opportunity_kind": "commit_pace", "subject_id": "g1", "motion": "sales", "use_case_id": None}
            | {"evidence": "40% is used after 25%", "confidence_ratio": 0.5, "expected_monthly_usd": 50}
            | {"p25_monthly_usd": 80, "p50_monthly_usd": 100, "p75_monthly_usd": 120, "is_largest_of_account": False},
            {**use_case, "opportunity_kind": "seat_headroom", "subject_id": "seats", "motion": "sales"}
            | {"evidence": "19 of 20 seats are used", "confidence_ratio": 0.5, "use_case_id": None}
            | {"is_largest_of_account": False},
            {**use_case, "account_id": "a2", "account_name": "Bolt", "owner_name": "Lee", "use_case_id": None}
            | {"opportunity_kind": "seat_headroom", "subject_id": "seats", "motion": "sales", "evidence": "all seats"}
            | {
                "confidence_ratio": 0.5,
                "p50_monthly_usd": 40,
                "expected_monthly_usd": 20,
                "is_largest_of_account": True,
            },
        ],
        "marts.expansion_backtest": [
            {"population": population, "list_scope": scope, "list_length": length, "origins_count": 9}
            | {"recommendations_count": 90, "look_alike_hits_count": ours, "popularity_hits_count": popular}
            | {"look_alike_precision_ratio": ours / 90, "popularity_precision_ratio": popular / 90, "base_ratio": 0.01}
            | {"is_better_than_popularity": ours > popular}
            for population, scope, length, ours, popular in lists
        ],
    }
