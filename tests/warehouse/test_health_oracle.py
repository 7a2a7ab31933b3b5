"""The SQL of the health score agrees with its specification, written a second time in `health_oracle`."""

from __future__ import annotations

from random import Random
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from tests.warehouse.conftest import Dbt
from tests.warehouse.health_oracle import DIMENSIONS, Score, score_of
from tests.warehouse.health_oracle_history import bands_of, changes_between
from tests.warehouse.health_sql import HealthSql
from tests.warehouse.health_steady import BANDS, LEVELS, SCORE_TYPES, VERSIONS, expected_changes, steady_scores
from tests.warehouse.health_worlds import SEGMENTS, World, draw_world, measure_rows

pytestmark = pytest.mark.slow

WORLDS, ACCOUNTS, PAIRS = 10, 20, 8
MODELS = (
    "int_health_version_days",
    "int_health_components",
    "int_health_curve_pieces",
    "int_health_measures",
    "int_health_points",
    "int_health_present_components",
    "int_health_weight_shares",
    "int_health_contributions",
    "int_health_override_days",
    "int_account_health_sums",
    "int_account_health_scores",
    "int_account_health_latches",
    "int_account_health_bands",
)

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


@pytest.fixture(scope="module")
def health(tmp_path_factory: pytest.TempPathFactory) -> HealthSql:
    return HealthSql.compile(Dbt(Settings.for_home(tmp_path_factory.mktemp("health"))))


def by_sql(health: HealthSql, world: World) -> duckdb.DuckDBPyConnection:
    """The world as the models see it."""
    connection = health.fresh()
    for seed, rows in vars(world.seeds).items():
        if f"health_{seed}" in health.seeds:
            health.fill(connection, f"health_{seed}", rows)
    health.fill(connection, "segments", [{"segment": segment} for segment in SEGMENTS])
    days = [day for days in world.days.values() for day in days]
    keys = [{"account_id": day.account_id, "as_of_date": day.as_of_date} for day in days]
    health.fill(connection, "int_account_days", keys)
    health.fill(
        connection,
        "int_account_segment_days",
        [{**key, "segment": day.segment} for key, day in zip(keys, days, strict=True)],
    )
    health.fill(
        connection,
        "int_score_days",
        [
            {
                "as_of_date": day.as_of_date,
                "measured_on_date": day.measured_on_date,
                "health_score_version": day.official_version,
            }
            for day in next(iter(world.days.values()))
        ],
    )
    rows, types = measure_rows(world)
    health.fill(connection, "int_account_measures", rows, types)
    health.run(connection, MODELS)
    return connection


def table(connection: duckdb.DuckDBPyConnection, name: str, keys: str, columns: str) -> Rows:
    """Rows of a model by their key."""
    width = len(keys.split(", "))
    rows = connection.execute(f"select {keys}, {columns} from intermediate.{name}").fetchall()
    return {row[:width]: row[width:] for row in rows}


def scores_by_hand(world: World) -> list[list[Score]]:
    """Scores of each account and version, in the order of the days."""
    return [
        [score_of(world.seeds, version, day) for day in days]
        for days in world.days.values()
        for version in world.seeds.score_versions
    ]


def differences(expected: Rows, actual: Rows) -> list[str]:
    """What one has and the other has not, in words."""
    return [
        f"{key}: expected {expected.get(key)}, the models say {actual.get(key)}"
        for key in sorted(expected.keys() | actual.keys())
        if expected.get(key) != actual.get(key)
    ]


def key(score: Score) -> tuple[Any, ...]:
    return (score.day.account_id, score.day.as_of_date, score.version["health_score_version"])


def pair_key(first: Score, second: Score) -> tuple[Any, ...]:
    versions = (score.version["health_score_version"] for score in (first, second))
    (first_version, second_version), day = versions, first.day
    return (day.account_id, day.as_of_date, first_version, second.day.as_of_date, second_version)


PAIR = "account_id, from_date, from_version, to_date, to_version"
KEY = "account_id, as_of_date, health_score_version"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_models_agree_with_the_specification(health: HealthSql, seed: int) -> None:
    """Two hundred accounts in ten worlds: all contributions, scores and bands, to the micro-point."""
    world = draw_world(seed, ACCOUNTS)
    histories = scores_by_hand(world)
    with by_sql(health, world) as connection:
        contributions = table(
            connection,
            "int_health_contributions",
            f"{KEY}, component",
            "dimension, measure_value, weight, points_micropoints, contribution_micropoints, lost_micropoints",
        )
        scores = table(
            connection,
            "int_account_health_scores",
            KEY,
            "is_official, override_reason, computed_micropoints, override_micropoints, score_micropoints, "
            "coverage_ratio, is_churned, is_covered, " + ", ".join(f"{dimension}_score" for dimension in DIMENSIONS),
        )
        bands = table(connection, "int_account_health_bands", KEY, "band_reading, health_band")
    expected_contributions: Rows = {
        (*key(score), part.component["component"]): (
            part.component["dimension"],
            part.value,
            part.component["weight"],
            part.points,
            part.contribution,
            part.lost,
        )
        for history in histories
        for score in history
        for part in score.parts
    }
    assert differences(expected_contributions, contributions) == []
    expected_scores: Rows = {
        key(score): (
            score.day.official_version == score.version["health_score_version"],
            score.override_reason,
            score.computed,
            score.override,
            score.score,
            score.coverage,
            score.is_churned,
            score.is_covered,
            *(score.dimension_scores[dimension] for dimension in DIMENSIONS),
        )
        for history in histories
        for score in history
    }
    assert differences(expected_scores, scores) == []
    expected_bands: Rows = {
        key(score): band
        for history in histories
        for score, band in zip(history, bands_of(world.seeds, history[0].version, history), strict=True)
    }
    assert differences(expected_bands, bands) == []


@pytest.mark.parametrize("seed", range(WORLDS))
def test_changes_are_explained_as_specified(health: HealthSql, seed: int) -> None:
    """Any two readings of an account: input, coverage, configuration and override effects, without a remainder."""
    world = draw_world(seed, ACCOUNTS)
    random = Random(seed)
    pairs = [
        tuple(
            score_of(world.seeds, random.choice(world.seeds.score_versions), day)
            for day in sorted(random.choices(days, k=2), key=lambda day: day.as_of_date)
        )
        for days in world.days.values()
        for _ in range(PAIRS)
    ]
    expected: Rows = {
        (*pair_key(first, second), change.component): (
            change.first_value,
            change.second_value,
            change.first,
            change.second,
            change.configuration,
            change.coverage,
            change.input,
            change.override,
        )
        for first, second in pairs
        for change in changes_between(world.seeds, first, second)
    }
    with by_sql(health, world) as connection:
        rows = [dict(zip(PAIR.split(", "), key, strict=True)) for key in {pair_key(*pair) for pair in pairs}]
        types = {name: "date" if name.endswith("_date") else "varchar" for name in PAIR.split(", ")}
        health.fill(connection, "int_health_change_pairs", rows, types)
        health.run(connection, ["int_health_changes"])
        changes = table(
            connection,
            "int_health_changes",
            f"{PAIR}, component",
            "first_measure_value, second_measure_value, first_micropoints, second_micropoints, "
            "configuration_effect_micropoints, coverage_effect_micropoints, input_effect_micropoints, "
            "override_effect_micropoints",
        )
    assert differences(expected, changes) == []
    for first, second in pairs:
        effects = [row[4:] for key, row in expected.items() if key[:-1] == pair_key(first, second)]
        assert sum(map(sum, effects)) == second.computed + second.override - first.computed - first.override


def test_steady_accounts_keep_their_band(health: HealthSql) -> None:
    """A hundred noisy years between 40 and 90 points: a margin of twice the noise leaves hardly a change."""
    with health.fresh() as connection:
        health.fill(connection, "health_score_versions", VERSIONS)
        health.fill(connection, "health_bands", BANDS)
        health.fill(connection, "int_account_health_scores", list(steady_scores(seed=1)), SCORE_TYPES)
        health.run(connection, ("int_account_health_latches", "int_account_health_bands"))
        changes = connection.execute("""
            with days as (
                select
                    *,
                    lag(health_band) over (
                        partition by account_id, health_score_version order by as_of_date
                    ) as previous_band
                from intermediate.int_account_health_bands
            )
            select
                cast(account_id as double) as level,
                count(*) filter (where health_score_version = 'margin' and health_band <> previous_band),
                count(*) filter (where health_score_version = 'none' and health_band <> previous_band)
            from days
            group by account_id
        """).fetchall()
    assert len(changes) == len(LEVELS)
    # To where they belong, and at most there and back again once.
    assert [row for row in changes if row[1] > 3] == []
    total, total_without = (sum(row[column] for row in changes) for column in (1, 2))
    assert total <= sum(expected_changes(level) for level in LEVELS)
    assert 20 * total < total_without
    assert [row for row in changes if row[1] > row[2]] == []
