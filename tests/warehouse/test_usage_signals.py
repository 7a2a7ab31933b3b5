"""Hand-made series through the whole of the signals: what must be told, and what must never be."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pipelines.config import Settings
from tests.warehouse.conftest import Dbt
from tests.warehouse.health_sql import HealthSql
from tests.warehouse.signal_series import DAYS, INPUTS, START, TURN, Level, Series, day, is_weekend, signals_of

pytestmark = pytest.mark.slow


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
