"""Series made by hand, and what the models of signals make of them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb

from tests.warehouse.health_sql import HealthSql

START = date(2026, 3, 2)  # a Monday, far from the holidays of the seed


DAYS = 150


TURN = 107  # a Wednesday


CROWD = 24  # enough accounts for a common movement


RULES = [
    {"signal_kind": "level_shift", "direction": "down", "unit_type": "account", "trigger_strength": 2.6},
    {"signal_kind": "level_shift", "direction": "up", "unit_type": "account", "trigger_strength": 3},
    {"signal_kind": "slope_change", "direction": "down", "unit_type": "account", "trigger_strength": 5},
    {"signal_kind": "slope_change", "direction": "up", "unit_type": "account", "trigger_strength": 5},
    {"signal_kind": "feature_dropped", "direction": "down", "unit_type": "feature", "trigger_strength": 9},
    {"signal_kind": "team_silent", "direction": "down", "unit_type": "team", "trigger_strength": 9},
    {"signal_kind": "champion_gone", "direction": "down", "unit_type": "champion", "trigger_strength": 9},
]


INPUTS = {
    "int_account_usage_days": {
        "account_id": "varchar",
        "as_of_date": "date",
        "credits": "decimal(24, 6)",
        "active_users_count": "bigint",
        "events_count": "bigint",
    },
    "int_feed_health": {"system": "varchar", "as_of_date": "date", "is_counted": "boolean", "is_trusted": "boolean"},
    "int_feed_holds": {"system": "varchar", "as_of_date": "date", "is_holding": "boolean"},
    "int_account_entity_days": {
        "account_id": "varchar",
        "as_of_date": "date",
        "entity_type": "varchar",
        "entity_id": "varchar",
        "credits": "decimal(24, 6)",
        "is_known_entity": "boolean",
    },
    "int_champion_users": {
        "account_id": "varchar",
        "crm_contact_id": "varchar",
        "product_user_id": "varchar",
        "first_champion_date": "date",
    },
    "int_champion_departures": {
        "account_id": "varchar",
        "crm_contact_id": "varchar",
        "left_date": "date",
        "detected_date": "date",
        "ended_date": "date",
    },
}


Level = Callable[[int], float]


def day(number: int) -> date:
    """Days are counted from 0."""
    return START + timedelta(days=number)


def is_weekend(number: int) -> bool:
    return day(number).weekday() >= 5


@dataclass
class Series:
    """Accounts with their levels, and what befell the feed."""

    levels: dict[str, Level] = field(default_factory=dict)
    born: dict[str, int] = field(default_factory=dict)
    unknown: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    holidays: frozenset[int] = frozenset()
    units: list[dict[str, Any]] = field(default_factory=list)
    champions: list[dict[str, Any]] = field(default_factory=list)
    days: int = DAYS

    def crowd(self, level: Level = lambda number: 1.0) -> Series:
        """Adds accounts that do as everybody does."""
        return self.add(**{f"crowd{number}": level for number in range(CROWD)})

    def add(self, **levels: Level) -> Series:
        self.levels.update(levels)
        return self

    def use(self, account: str, kind: str, name: str, days: Iterable[int]) -> Series:
        """A unit is used on these days."""
        self.units += [
            {
                "account_id": account,
                "as_of_date": day(number),
                "entity_type": kind,
                "entity_id": name,
                "credits": 1,
                "is_known_entity": True,
            }
            for number in days
        ]
        return self

    def usage(self) -> list[dict[str, Any]]:
        rows = []
        for account, level in self.levels.items():
            luck = random.Random(account)
            for number in range(self.born.get(account, 0), self.days):
                noise = math.exp(luck.gauss(0, 0.1))
                amount = 0.0 if level(number) == 0 else 100 * level(number) * noise
                known = number not in self.unknown
                rows.append(
                    {
                        "account_id": account,
                        "as_of_date": day(number),
                        "credits": round(amount, 6) if known else None,
                        "active_users_count": round(amount / 5) if known else None,
                        "events_count": round(amount) if known else None,
                    }
                )
        return rows


def signals_of(sql: HealthSql, series: Series) -> list[dict[str, Any]]:
    """Signals of all kinds, as the mart would tell them."""
    connection: duckdb.DuckDBPyConnection = sql.fresh()
    feed: list[Mapping[str, Any]] = [
        {
            "system": "product",
            "as_of_date": day(number),
            "is_counted": number not in series.unknown,
            "is_trusted": number not in series.unknown,
            "is_holding": number in series.held,
        }
        for number in range(series.days)
    ]
    rules = [
        rule | ({"clear_strength": 0.5} if rule["unit_type"] == "account" else {"minimum_silent_days": 5})
        for rule in RULES
    ]
    filled: dict[str, list[Mapping[str, Any]]] = {
        "int_account_usage_days": list(series.usage()),
        "int_feed_health": [{name: row[name] for name in INPUTS["int_feed_health"]} for row in feed],
        "int_feed_holds": [{name: row[name] for name in INPUTS["int_feed_holds"]} for row in feed],
        "int_account_entity_days": [row for row in series.units if row["as_of_date"] < day(series.days)],
        "int_champion_users": list(series.champions),
        "int_champion_departures": [],
        "signal_rules": list(rules),
        "holidays": [{"holiday_date": day(number)} for number in series.holidays],
        "features": [{"feature_id": "query", "is_key_action": True}],
    }
    for table, rows in filled.items():
        sql.fill(connection, table, rows, INPUTS.get(table))
    sql.run(connection, sql.models)
    found = connection.execute("select * from intermediate.int_usage_signals order by account_id, detected_date")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
