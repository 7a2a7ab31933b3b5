"""The marts of revenue movements agree with `revenue_oracle`, which reads the exports of the same random company."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

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
    outcome = dbt.run("build", *untested, "--select", "+account_revenue_monthly", *(f"+{mart}" for mart in MARTS))
    assert outcome.returncode == 0, outcome.stdout
    return dbt


def accounts_of(warehouse: Dbt) -> dict[str, str]:
    """Account of each customer of billing."""
    return dict(
        warehouse.query(
            "select source_id, account_id from intermediate.int_account_identities "
            "where source_system = 'billing' and account_id is not null"
        )
    )


@pytest.mark.parametrize("mart", MARTS)
def test_movements_equal_those_by_hand(warehouse: Dbt, mart: str) -> None:
    """Kind, start and end of every month of 200 accounts drawn at random, to the cent, on all bases."""
    with duckdb.connect(str(warehouse.settings.warehouse), read_only=True) as connection:
        ((clock,),) = connection.sql("select as_of_date from intermediate.util_as_of").fetchall()
        found = actual(connection, mart, MARTS[mart])
    accounts = accounts_of(warehouse)
    drawn = set(Random(7).sample(sorted(set(accounts.values())), ACCOUNTS))
    exports = Exports.read(Path(warehouse.settings.exports) / "billing", clock)
    wanted = expected(revenue_of(exports, accounts, clock), MARTS[mart], last_closed(clock))
    wanted = {key: movement for key, movement in wanted.items() if key[0] in drawn}
    assert len(wanted) > 3_000
    assert {movement.kind for movement in wanted.values()} >= {"new", "expansion", "contraction", "churn", "inactive"}
    assert {key: movement for key, movement in found.items() if key[0] in drawn} == wanted


def planted(warehouse: Dbt) -> list[dict[str, Any]]:
    """What is known of the customers whose account holds no other customer."""
    accounts = accounts_of(warehouse)
    alone = {account for account, customers in Counter(accounts.values()).items() if customers == 1}
    lines = (Path(warehouse.settings.exports) / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    known = [row | {"account_id": accounts.get(row["stripe_customer_id"])} for row in rows]
    return [row for row in known if row["account_id"] in alone]


def test_planted_changes_of_plan_and_pauses_show(warehouse: Dbt) -> None:
    """Another plan is churn of one product, new revenue of the other; a pause that gives away is churn for a while."""
    rows = warehouse.query(
        "select account_id, product_name, month_start_date, movement_type "
        "from marts.revenue_movements_by_product_monthly where revenue_basis = 'recurring'"
    )
    kinds = {(account, name, month.isoformat()): kind for account, name, month, kind in rows}
    names = {"viewer_licence": "Viewer licence", "api_key": "API key", "storage_pack": "Storage pack"}
    switches = 0
    pauses: set[str | None] = set()
    for row in planted(warehouse):
        plan = row["billing_addon"]
        if plan is None or row["billing_ended_date"] or plan["switch_date"] > "2026-09-30":
            continue
        old, new = ((row["account_id"], names[key]) for key in (plan["key"], plan["switched_key"]))
        month, paused = plan["switch_date"][:7] + "-01", plan["pause_date"]
        assert kinds[*new, month] == "new"
        if paused and plan["pause_behavior"] != "keep_as_draft":
            started_before = plan["start_date"][:7] < paused[:7]
            assert kinds[*old, paused] == ("churn" if started_before else "inactive")
            if plan["resume_date"][:7] < month[:7]:
                assert kinds[*old, plan["resume_date"][:7] + "-01"] == "reactivation"
                assert kinds[*old, month] == "churn"
        else:
            assert kinds[*old, month] == "churn"
            assert paused is None or kinds[*old, paused] == "unchanged"
        switches, pauses = switches + 1, pauses | {plan["pause_behavior"]}
    assert switches > 5
    assert {None, "keep_as_draft"} < pauses


def test_planted_endings_show(warehouse: Dbt) -> None:
    """Whose card failed churned involuntarily, who gave notice did not."""
    rows = warehouse.query(
        "select account_id, churn_kind from marts.revenue_movements_monthly "
        "where revenue_basis = 'recurring' and movement_type = 'churn'"
    )
    churned: dict[str, set[str]] = defaultdict(set)
    for account, kind in rows:
        churned[account].add(kind)
    kinds = {"payment_failed": "involuntary", "cancel_at_period_end": "voluntary", "cancel_at": "voluntary"}
    found = set()
    for row in planted(warehouse):
        wanted = kinds.get(row["billing_ending"] or "")
        if wanted and churned[row["account_id"]]:
            assert churned[row["account_id"]] == {wanted}, row["name"]
            found.add(wanted)
    assert found == {"voluntary", "involuntary"}


def test_planted_money_is_booked(warehouse: Dbt) -> None:
    """What was invoiced and what coupons took off, to the minor unit; voided notes add up to nothing."""
    booked = {
        account: (invoiced, discounted)
        for account, invoiced, discounted in warehouse.query(
            "select account_id, sum(revenue_minor_units - credit_notes_minor_units - refunds_minor_units), "
            "-sum(discounts_minor_units) from marts.account_revenue_monthly group by all"
        )
    }
    notes = warehouse.query(
        "select billing_credit_note_id, sum(adjustment_minor_units), count(*) "
        "from intermediate.int_invoice_adjustments where billing_credit_note_id is not null group by all"
    )
    rows = planted(warehouse)
    coupons = 0
    for row in rows:
        invoiced, discounted = booked.get(row["account_id"], (0, 0))
        assert discounted == row["billing_discounted_total"], row["name"]
        assert row["billing_tax_percent"] or invoiced == row["billing_invoiced_total"], row["name"]
        coupons += discounted > 0
    assert coupons > 2
    voided = {note for row in rows for note in row["billing_voided_note_ids"]}
    assert voided
    assert voided <= {note for note, amount, entries in notes if amount == 0 and entries == 2}
