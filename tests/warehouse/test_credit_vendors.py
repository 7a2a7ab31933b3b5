"""Ledgers of Orb and Metronome land, become the one ledger, and their balances are those computed by hand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.config import Settings
from pipelines.landing import create_empty_raw, land
from tests.warehouse.conftest import Dbt

pytestmark = pytest.mark.slow

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads"
CHECKED = (
    "assert_credits_are_conserved",
    "assert_rollovers_change_no_value",
    "assert_no_credit_grant_is_overdrawn",
    "assert_credit_balances_equal_the_reports",
)
MARTS = ("credit_ledger", "credit_balances_daily", "credit_balance_checks")
EARLY, LATE = date(2026, 3, 5), date(2026, 4, 2)


def build(home: Path, until: date) -> Dbt:
    """Land every payload up to a day, and build the marts as of that day."""
    settings = Settings.for_home(home)
    create_empty_raw(settings)
    for payload in sorted(PAYLOADS.glob("*/*/*.*")):
        system = "crm" if payload.suffix == ".csv" else "billing"
        folder = home / "exports" / system / payload.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(payload, folder)
    for result in land(("crm", "billing"), settings, until=until):
        assert result.error is None
        assert not result.warnings, "no field is unknown"
    dbt = Dbt(settings)
    wanted = (*(f"+{mart}" for mart in MARTS), *CHECKED)
    outcome = dbt.run(
        *("build", "--exclude-resource-type", "unit_test", "--indirect-selection", "empty"),
        *("--vars", f"as_of_date: {until}", "--select", *wanted),
    )
    assert outcome.returncode == 0, outcome.stdout[-6000:]
    return dbt


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    return build(tmp_path_factory.mktemp("early"), EARLY)


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    return build(tmp_path_factory.mktemp("late"), LATE)


def balances(dbt: Dbt, as_of: date) -> Mapping[str, tuple[Decimal, ...]]:
    """Of each grant on a day: granted, drawn, expired, voided, rolled over, left and pending, in dollars."""
    rows = dbt.query(f"""
        select credit_grant_id, granted_usd, drawn_usd, expired_usd, voided_usd, rolled_usd, balance_usd, pending_usd
        from marts.credit_balances_daily where as_of_date = date '{as_of}'
    """)
    return {row[0]: row[1:] for row in rows}


def dollars(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def test_pending_stands_apart_until_it_is_committed(early: Dbt, late: Dbt) -> None:
    assert balances(early, EARLY)["blk_trial"] == dollars("100", "0", "0", "0", "0", "100", "-40")
    assert balances(late, EARLY)["blk_trial"] == dollars("100", "45.25", "0", "0", "0", "54.75", "0")
    # A deduction is dated at the end of its period: its invoice is a draft until then.
    assert balances(late, LATE)["m_new"] == dollars("0", "0", "0", "0", "-135", "135", "-5")


def test_blocks_of_orb(late: Dbt) -> None:
    found = balances(late, LATE)
    # Of 1000, 200 got another expiry, and 25.25 that had been drawn by mistake came back.
    assert found["blk_commit"] == dollars("1025.25", "0", "0", "0", "200", "825.25", "0")
    assert found["blk_moved"] == dollars("0", "0", "0", "0", "-200", "200", "0")
    # A third of 1000 credits of 20 cents: 666.667 are left, worth 133.3334.
    assert found["blk_units"] == dollars("200", "66.67", "0", "0", "0", "133.33", "0")
    # What ended has no further day.
    assert {"blk_trial", "blk_topup"} & found.keys() == {"blk_topup"}
    assert found["blk_topup"] == dollars("500", "0", "0", "500", "0", "0", "0")
    expired = balances(late, date(2026, 3, 31))["blk_trial"]
    assert expired == dollars("100", "45.25", "54.75", "0", "0", "0", "0")


def test_commits_of_metronome(late: Dbt) -> None:
    # 63,000.8 cents were drawn, 10,000 taken back by hand; of the 26,999.2 left, half rolls over, and half expires.
    ended = balances(late, date(2026, 4, 1))
    assert ended["m_old"] == dollars("900", "630.01", "134.99", "0", "135", "0", "0")
    assert ended["m_new"] == dollars("0", "0", "0", "0", "-135", "135", "0")
    assert ended["m_post"] == dollars("200", "200", "0", "0", "0", "0", "0")
    # More was taken by hand than there was: the balance is 0, and the ledger keeps what was said.
    assert balances(late, LATE)["m_credit"] == dollars("0", "0", "0", "0", "0", "0", "0")
    said = late.query("""
        select vendor_units, signed_units from marts.credit_ledger
        where credit_grant_id = 'm_credit' and entry_type = 'adjustment'
    """)
    assert said == [(Decimal(-5000), Decimal(-2000))]


def test_entries_have_our_types(late: Dbt) -> None:
    rows = late.query("""
        select vendor, entry_type, count(*), count(account_id) from marts.credit_ledger group by all order by all
    """)
    assert {(vendor, kind): number for vendor, kind, number, _ in rows} == {
        ("orb", "adjustment"): 1,
        ("orb", "draw_down"): 2,
        ("orb", "expiry"): 1,
        ("orb", "grant"): 3,
        ("orb", "rollover"): 2,
        ("orb", "top_up"): 1,
        ("orb", "void"): 1,
        ("metronome", "adjustment"): 2,
        ("metronome", "draw_down"): 3,
        ("metronome", "expiry"): 1,
        ("metronome", "grant"): 3,
        ("metronome", "rollover"): 2,
        ("metronome", "true_up"): 1,
    }
    assert all(number == known for _, _, number, known in rows), "every customer is an account"


def test_reported_balances_are_those_of_the_ledger(late: Dbt) -> None:
    rows = late.query("select reported_id, reported_units, difference_units from marts.credit_balance_checks")
    assert {row[0]: row[1] for row in rows if row[2] == 0} == {
        "blk_trial": 0,
        "blk_commit": 82525,
        "blk_moved": 20000,
        "blk_topup": 0,
        "blk_units": Decimal("666.667"),
        "m_old": 0,
        "m_new": Decimal("13499.6"),
        "m_credit": 0,
        "m_post": 0,
    }
    assert len(rows) == 9
