"""The SQL of retention agrees with its definitions, written a second time in `retention_oracle`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from tests.warehouse.conftest import Dbt
from tests.warehouse.lints import PROJECT
from tests.warehouse.retention_oracle import DEFINITIONS, Account, Month, is_known, parts_of, ratio_of

pytestmark = pytest.mark.slow

ACCOUNTS, MONTHS = 200, 30
SEEDS = ("retention_definitions", "revenue_size_tiers")
# In an order in which each finds its inputs.
MODELS = (
    "int_account_activity_months",
    "int_retention_months",
    "int_account_retention_amounts",
    "int_account_retention_contributions",
    "int_retention_pairs",
    "int_account_retention_differences",
    "int_retention_steps",
    "account_retention_monthly",
    "revenue_retention_monthly",
    "retention_reconciliation_monthly",
)


def first_day(month: int) -> date:
    """First day of a numbered month."""
    return date(2024 + month // 12, month % 12 + 1, 1)


def draw_account(random: Random, number: int) -> Account:
    """An account that starts, grows, shrinks, pauses and returns at random; some months give back more than all."""
    months: dict[int, Month] = {}
    is_there, has_use, recurring = True, random.random() < 0.7, random.choice([0, 0, 5_000, 90_000])
    for month in range(random.choice([0, 0, 0, random.randrange(MONTHS)]), MONTHS):
        is_there = random.random() < (0.96 if is_there else 0.25)
        if random.random() < 0.15:
            recurring = random.choice([0, recurring // 2, recurring + random.randrange(20_000)])
        use = random.randrange(50_000) if has_use and random.random() < 0.9 else 0
        paid = use - min(use, random.choice([0, 0, 30_000]))
        months[month] = (
            Month(recurring, random.choice([paid] * 20 + [-use - recurring - 7]), use, random.random() < 0.9)
            if is_there
            else Month(is_active=random.random() < 0.2)
        )
    return Account(f"a{number}", months)


@pytest.fixture(scope="module")
def accounts() -> list[Account]:
    random = Random(20_260_601)
    return [draw_account(random, number) for number in range(ACCOUNTS)]


def fill(connection: duckdb.DuckDBPyConnection, table: str, types: str, rows: list[tuple[Any, ...]]) -> None:
    """Create a table and fill it."""
    connection.execute(f"create table {table} ({types})")
    connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def fill_inputs(connection: duckdb.DuckDBPyConnection, accounts: list[Account]) -> None:
    """What the models read; the last month is not closed yet."""
    # A month's end is the day before the next begins.
    ends = [first_day(month + 1) - timedelta(days=1) for month in range(MONTHS)]
    months = [(account.account_id, number, month) for account in accounts for number, month in account.months.items()]
    fill(
        connection,
        "intermediate.int_account_months",
        "account_id varchar, is_closed boolean, month_start_date date, month_end_date date",
        [(account_id, number < MONTHS - 1, first_day(number), ends[number]) for account_id, number, _ in months],
    )
    fill(
        connection,
        "intermediate.int_account_revenue_monthly",
        "account_id varchar, recurring_cents bigint, metered_cents bigint, consumption_cents bigint, "
        "is_closed boolean, month_start_date date",
        [
            (account_id, month.recurring, month.metered, month.consumption, number < MONTHS - 1, first_day(number))
            for account_id, number, month in months
        ],
    )
    fill(
        connection,
        "intermediate.int_account_usage_days",
        "account_id varchar, as_of_date date, events_count bigint",
        [(account_id, ends[number], int(month.is_active)) for account_id, number, month in months],
    )
    fill(
        connection,
        "intermediate.int_account_month_attributes",
        "account_id varchar, month_start_date date, segment varchar, plan varchar, size_tier varchar, "
        "cohort_quarter varchar, owner_crm_user_id varchar",
        [
            (account_id, first_day(number), f"s{number % 3}", f"p{number % 4}", "small", account_id[-1], "nobody")
            for account_id, number, _ in months
        ],
    )
    fill(
        connection,
        "intermediate.int_invoice_lines_allotted_to_months",
        "account_id varchar, month_start_date date",
        [("a0", first_day(0))],
    )
    days = [first_day(0) + timedelta(days=day) for day in range((ends[-1] - first_day(0)).days + 1)]
    fill(
        connection,
        "intermediate.int_feed_health",
        "system varchar, as_of_date date, is_counted boolean",
        [("product", day, True) for day in days],
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, accounts: list[Account]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models, as dbt compiles them, on the random accounts: nothing else is built."""
    dbt = Dbt(Settings.for_home(tmp_path_factory.mktemp("retention")))
    outcome = dbt.run("--quiet", "compile", "--select", *MODELS)
    assert outcome.returncode == 0, outcome.stdout
    nodes = {node["name"]: node for node in dbt.artifact("manifest.json")["nodes"].values()}
    with duckdb.connect(config={"threads": 1}) as connection:
        name = dbt.settings.warehouse.stem
        connection.execute(f"attach ':memory:' as {name}")
        connection.execute(f"use {name}")
        for schema in ("reference", "intermediate", "marts"):
            connection.execute(f"create schema {schema}")
        for seed in SEEDS:
            types = nodes[seed]["config"]["column_types"]
            with (PROJECT / "seeds" / f"{seed}.csv").open() as file:
                rows = [tuple(row[column] or None for column in types) for row in csv.DictReader(file)]
            fill(connection, f"reference.{seed}", ", ".join(f"{key} {kind}" for key, kind in types.items()), rows)
        fill_inputs(connection, accounts)
        for model in MODELS:
            node = nodes[model]
            connection.execute(f"create table {node['schema']}.{model} as {node['compiled_code']}")
        yield connection


def test_each_account_has_its_part(warehouse: duckdb.DuckDBPyConnection, accounts: list[Account]) -> None:
    """Numerator and denominator of every account, month and definition, to the cent; none where history is short."""
    expected = {
        (account_id, first_day(month), definition): part
        for definition in DEFINITIONS
        for month in range(MONTHS - 1)
        if is_known(definition, month)
        for account_id, part in parts_of(definition, accounts, month).items()
    }
    rows = warehouse.sql(
        "select account_id, month_start_date, definition, start_amount, end_amount from marts.account_retention_monthly"
    ).fetchall()
    actual = {row[:3]: row[3:] for row in rows}
    assert len(expected) > 10_000
    assert {definition for _, _, definition in expected} == set(DEFINITIONS)
    assert actual == expected


def test_the_company_has_its_ratio(warehouse: duckdb.DuckDBPyConnection, accounts: list[Account]) -> None:
    """Published ratios of every month and definition, and null where history is too short."""
    expected = {
        (first_day(month), definition): ratio_of(parts_of(definition, accounts, month))
        if is_known(definition, month)
        else None
        for definition in DEFINITIONS
        for month in range(MONTHS - 1)
    }
    rows = warehouse.sql(
        "select month_start_date, definition, retention_micropoints from marts.revenue_retention_monthly "
        "where cut_type = 'company'"
    ).fetchall()
    assert {row[:2]: row[2] for row in rows} == expected


def test_any_two_definitions_are_reconciled(warehouse: duckdb.DuckDBPyConnection, accounts: list[Account]) -> None:
    """Effects add up to the difference of the ratios that were computed by hand; every reason occurs."""
    expected = {}
    for month in range(MONTHS - 1):
        known = {
            definition: ratio
            for definition in sorted(DEFINITIONS)
            if is_known(definition, month) and (ratio := ratio_of(parts_of(definition, accounts, month))) is not None
        }
        for first, second in combinations(known, 2):
            expected[first_day(month), first, second] = known[second] - known[first]
    rows = warehouse.sql(
        "select month_start_date, first_definition, second_definition, cast(sum(effect_micropoints) as bigint) "
        "from marts.retention_reconciliation_monthly group by all"
    ).fetchall()
    assert {row[:3]: row[3] for row in rows} == expected
    reasons = warehouse.sql("select distinct reason from marts.retention_reconciliation_monthly").fetchall()
    assert {reason for (reason,) in reasons} == {
        "joined_in_window",
        "window",
        "basis",
        "reactivation",
        "unit",
        "method",
        "expansion",
    }
