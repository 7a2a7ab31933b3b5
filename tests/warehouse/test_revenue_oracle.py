"""The marts of revenue movements agree with `revenue_oracle`, which reads the exports of the same random company."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.landing import land
from pipelines.sample.generate import SYSTEMS, generate
from pipelines.sample.model import SampleSettings
from tests.warehouse.conftest import Dbt
from tests.warehouse.revenue_oracle import Exports, Key, Movement, movements, next_month, revenue_of

pytestmark = pytest.mark.slow

COMPANY, ACCOUNTS, DAYS, UNTIL, DENSITY = 230, 200, 330, date(2026, 10, 31), 0.1
MARTS = {
    "revenue_movements_monthly": None,
    "revenue_movements_by_product_monthly": "billing_product_id",
    "revenue_movements_by_use_case_monthly": "use_case_id",
}
Moved = dict[tuple[str, Key, str, date], Movement]


def last_closed(clock: date) -> date:
    """First day of the newest month that ended at least three days before the clock."""
    month = clock.replace(day=1)
    while (clock - next_month(month)).days + 1 < 3:
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return month


def expected(revenue: dict[tuple[str, Key, Key, str], dict[date, int]], key: str | None, last: date) -> Moved:
    """What the oracle finds at one grain: months of accounts, of their products, or of their use cases."""
    months: dict[tuple[str, Key, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    first: dict[str, date] = {}
    for (account, product, use_case, basis), cents in revenue.items():
        part = {"billing_product_id": product, "use_case_id": use_case}.get(key or "")
        for month, amount in cents.items():
            months[account, part, basis][month] += amount
            first[account] = min(first.get(account, month), month)
    moved: Moved = {}
    for (account, part, basis), cents in months.items():
        spine, month = [], first[account]
        while month <= last:
            spine.append(month)
            month = next_month(month)
        found = movements(cents, spine, (lambda end: end > 0) if key is None else (lambda end: end != 0))
        moved |= {(account, part, basis, month): movement for month, movement in found.items()}
    return moved


def actual(connection: duckdb.DuckDBPyConnection, mart: str, key: str | None) -> Moved:
    """What a mart says, in cents; that its kinds stand in the right column is part of it."""
    amounts = "new_usd + expansion_usd + reactivation_usd - contraction_usd - churn_usd"
    rows = connection.sql(
        f"select account_id, {key or 'null'}, revenue_basis, month_start_date, movement_type, "
        f"cast(100 * start_usd as bigint), cast(100 * end_usd as bigint), cast(100 * ({amounts}) as bigint) "
        f"from marts.{mart}"
    ).fetchall()
    assert all(start + net == end for *_, start, end, net in rows)
    return {row[:4]: Movement(*row[4:7]) for row in rows}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """A company with four currencies, landed and built up to the movements."""
    settings = Settings.for_home(tmp_path_factory.mktemp("revenue"))
    generate(SampleSettings(COMPANY, DAYS, 20_261, UNTIL, Path(settings.exports), DENSITY))
    land(SYSTEMS, settings)
    dbt = Dbt(settings)
    untested = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    outcome = dbt.run("build", *untested, "--select", *(f"+{mart}" for mart in MARTS))
    assert outcome.returncode == 0, outcome.stdout
    return dbt


@pytest.mark.parametrize("mart", MARTS)
def test_movements_equal_those_by_hand(warehouse: Dbt, mart: str) -> None:
    """Kind, start and end of every month of 200 accounts drawn at random, to the cent, on all bases."""
    with duckdb.connect(str(warehouse.settings.warehouse), read_only=True) as connection:
        ((clock,),) = connection.sql("select as_of_date from intermediate.util_as_of").fetchall()
        accounts = dict(
            connection.sql(
                "select source_id, account_id from intermediate.int_account_identities "
                "where source_system = 'billing' and account_id is not null"
            ).fetchall()
        )
        found = actual(connection, mart, MARTS[mart])
    drawn = set(Random(7).sample(sorted(set(accounts.values())), ACCOUNTS))
    exports = Exports.read(Path(warehouse.settings.exports) / "billing", clock)
    wanted = expected(revenue_of(exports, accounts, clock), MARTS[mart], last_closed(clock))
    wanted = {key: movement for key, movement in wanted.items() if key[0] in drawn}
    assert len(wanted) > 3_000
    assert {movement.kind for movement in wanted.values()} >= {"new", "expansion", "contraction", "churn", "inactive"}
    assert {key: movement for key, movement in found.items() if key[0] in drawn} == wanted
