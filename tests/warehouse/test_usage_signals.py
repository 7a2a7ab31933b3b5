"""Hand-made series through the whole of the signals: what must be told, and what must never be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from tests.warehouse.conftest import Dbt
from tests.warehouse.health_sql import HealthSql

pytestmark = pytest.mark.slow

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


@pytest.fixture(scope="module")
def signal_sql(tmp_path_factory: pytest.TempPathFactory) -> HealthSql:
    dbt = Dbt(Settings.for_home(tmp_path_factory.mktemp("signals")))
    outcome = dbt.run("--quiet", "compile", "--select", "models/intermediate/signals")
    assert outcome.returncode == 0, outcome.stdout
    nodes = dbt.artifact("manifest.json")["nodes"].values()
    return HealthSql(
        {
            node["name"]: node
            for node in nodes
            if node.get("compiled_code")
            and node["path"].startswith("intermediate/signals")
            and node["name"] not in INPUTS
        },
        {
            node["name"]: node["config"]["column_types"]
            for node in nodes
            if node["resource_type"] == "seed" and node["name"] in ("holidays", "signal_rules", "features")
        },
        dbt.settings.warehouse.stem,
    )


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


def kinds(signals: list[dict[str, Any]], account: str | None = None) -> list[tuple[str, str]]:
    return [
        (signal["signal_kind"], signal["direction"])
        for signal in signals
        if account is None or signal["account_id"] == account
    ]


def falls(number: int) -> float:
    """A level that falls to 40% in the middle of a week."""
    return 1.0 if number < TURN else 0.4


def test_a_fall_in_the_middle_of_a_week_is_dated(signal_sql: HealthSql) -> None:
    signals = signals_of(signal_sql, Series().crowd().add(fallen=falls, risen=lambda n: 1.0 if n < TURN else 2.0))
    (fallen, *_), (risen, *_) = (
        [signal for signal in signals if signal["account_id"] == name and signal["signal_kind"] == "level_shift"]
        for name in ("fallen", "risen")
    )
    assert (fallen["direction"], risen["direction"]) == ("down", "up")
    assert day(TURN) <= fallen["detected_date"] <= day(TURN + 5)
    assert abs((fallen["started_date"] - day(TURN)).days) <= 1
    assert fallen["affected_credits_28d"] < 0 < risen["affected_credits_28d"]
    assert not kinds([signal for signal in signals if signal["account_id"].startswith("crowd")])


def test_what_all_accounts_do_is_no_signal_of_one(signal_sql: HealthSql) -> None:
    outage = signals_of(signal_sql, Series().crowd(lambda n: 0.0 if TURN <= n < TURN + 4 else 1.0))
    assert kinds(outage) == []
    lasting = signals_of(signal_sql, Series().crowd(lambda n: 1.0 if n < TURN else 0.7))
    assert ("level_shift", "down") not in kinds(lasting)


def test_holidays_are_no_evidence(signal_sql: HealthSql) -> None:
    away = frozenset(range(TURN, TURN + 6))
    quiet: Level = lambda n: 0.05 if n in away else 1.0  # noqa: E731
    assert ("level_shift", "down") in kinds(signals_of(signal_sql, Series().add(alone=quiet)))
    assert kinds(signals_of(signal_sql, Series(holidays=away).add(alone=quiet))) == []


def test_who_works_at_weekends_is_known_by_it(signal_sql: HealthSql) -> None:
    works: Level = lambda n: 1.0 if is_weekend(n) else 0.0  # noqa: E731
    stops: Level = lambda n: works(n) if n < TURN else 0.0  # noqa: E731
    signals = signals_of(signal_sql, Series().crowd().add(steady=works, stops=stops))
    assert kinds(signals, "steady") == []
    assert ("level_shift", "down") in kinds(signals, "stops")


def test_a_broken_feed_tells_nothing(signal_sql: HealthSql) -> None:
    lost = frozenset(range(TURN, TURN + 12))
    assert kinds(signals_of(signal_sql, Series(unknown=lost).add(alone=lambda n: 1.0))) == []
    held = frozenset(range(TURN, TURN + 20))
    first, *_ = signals_of(signal_sql, Series(held=held).crowd().add(fallen=falls))
    assert first["detected_date"] == day(TURN + 20)
    assert abs((first["started_date"] - day(TURN)).days) <= 2


def test_an_account_too_young_has_no_pattern(signal_sql: HealthSql) -> None:
    young = Series(born={"young": TURN - 21}).crowd().add(young=lambda n: 1.0 if n < TURN else 0.4)
    early = [signal for signal in signals_of(signal_sql, young) if signal["account_id"] == "young"]
    assert all(signal["detected_date"] >= day(TURN - 21 + 6 * 7) for signal in early)


def test_growth_that_turns_is_a_bend(signal_sql: HealthSql) -> None:
    turns: Level = lambda n: math.exp(0.012 * min(n, 90) - 0.006 * max(n - 90, 0))  # noqa: E731
    signals = signals_of(signal_sql, Series().crowd().add(turns=turns, grows=lambda n: math.exp(0.012 * n)))
    assert ("slope_change", "down") in kinds(signals, "turns")
    assert ("slope_change", "down") not in kinds(signals, "grows")


def test_a_unit_falls_silent_while_others_work(signal_sql: HealthSql) -> None:
    workdays = [number for number in range(DAYS) if not is_weekend(number)]
    series = Series(champions=[{"account_id": "a", "crm_contact_id": "c", "product_user_id": "u"}]).crowd()
    series.champions[0]["first_champion_date"] = START
    series.add(a=lambda n: 1.0)
    series.use("a", "team", "gone", [n for n in workdays if n < TURN]).use("a", "team", "stays", workdays)
    series.use("a", "team", "weekends", [n for n in range(DAYS) if is_weekend(n)])
    series.use("a", "team", "rare", [n for n in workdays if n % 9 == 0])
    series.use("a", "feature", "query", [n for n in workdays if n < TURN])
    series.use("a", "feature", "other", [n for n in workdays if n < TURN])
    series.use("a", "user", "u", [n for n in workdays if n < TURN])
    signals = [signal for signal in signals_of(signal_sql, series) if signal["account_id"] == "a"]
    assert sorted((signal["signal_kind"], signal["unit_id"]) for signal in signals) == [
        ("champion_gone", "c"),
        ("feature_dropped", "query"),
        ("team_silent", "gone"),
    ]
    for signal in signals:
        assert signal["started_date"] == day(TURN)
        assert signal["detected_date"] == day(
            TURN + 6
        )  # five working days and a weekend, on which none of them is used
        assert signal["ended_date"] is None


def test_a_later_day_changes_no_signal_of_before(signal_sql: HealthSql) -> None:
    def told(days: int) -> list[tuple[Any, ...]]:
        series = (
            Series(days=days).crowd().add(fallen=falls, turns=lambda n: math.exp(0.012 * (n if n < 90 else 180 - n)))
        )
        series.use(
            "fallen", "team", "gone", [n for n in range(DAYS) if not is_weekend(n) and (n < TURN or n > TURN + 20)]
        )
        names = (
            "account_id",
            "signal_kind",
            "unit_id",
            "strength",
            "affected_credits_28d",
            "started_date",
            "detected_date",
        )
        return [
            tuple(round(signal[name], 9) if isinstance(signal[name], float) else signal[name] for name in names)
            for signal in signals_of(signal_sql, series)
            if signal["detected_date"] < day(TURN + 15)
        ]

    assert len(told(DAYS)) >= 3
    assert sorted(told(DAYS)) == sorted(told(TURN + 15))
