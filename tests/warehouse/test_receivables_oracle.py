"""Past due by age and days sales outstanding agree with the raw exports, read a second time in `receivables_oracle`.

And no past day of payments and renewals moves when the warehouse learns more: built as of an earlier day it is equal.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.landing import SYSTEMS, create_empty_raw, land
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings
from tests.warehouse.conftest import Dbt
from tests.warehouse.lints import PROJECT
from tests.warehouse.receivables_oracle import (
    BUCKETS,
    Day,
    Rates,
    count_back_days,
    days_sales_outstanding,
    receivables,
)

pytestmark = pytest.mark.slow

ACCOUNTS, DAYS, SEED, UNTIL, DENSITY = 40, 400, 5, date(2026, 10, 31), 0.05
EARLIER = UNTIL - timedelta(days=10)
History = dict[str, dict[date, Day]]


def pay_in_part(billing: Path) -> None:
    """Half of every second sent invoice is paid the day after it was made out: the sample company pays in full."""
    sent = []
    for file in sorted(billing.glob("*/invoices.jsonl")):
        invoices = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        sent += [(file.parent.name, row) for row in invoices if row["status"] == "open" and row["due_date"]]
    for day, invoice in sent[::2]:
        half = invoice["amount_remaining"] // 2
        part = {**invoice, "amount_paid": half, "amount_remaining": invoice["amount_remaining"] - half}
        folder = billing / (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        folder.mkdir(exist_ok=True)
        with (folder / "invoices-part.jsonl").open("a", encoding="utf-8") as parts:
            parts.write(json.dumps(part) + "\n")


def build(dbt: Dbt, *options: str) -> None:
    """What the tests look at, and all that it is made of."""
    outcome = dbt.run(
        *("--quiet", "build", "--select", "+metrics_payment_health_daily", "+renewal_history"),
        *("--exclude-resource-type", "test", "unit_test", "--full-refresh", *options),
    )
    assert outcome.returncode == 0, outcome.stdout


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """The models behind payment health, on a generated company."""
    settings = Settings.for_home(tmp_path_factory.mktemp("receivables"))
    generate(SampleSettings(ACCOUNTS, DAYS, SEED, UNTIL, Path(settings.exports), DENSITY))
    create_empty_raw(settings)
    pay_in_part(Path(settings.exports) / "billing")
    land(SYSTEMS, settings)
    dbt = Dbt(settings)
    build(dbt)
    return dbt


@pytest.fixture(scope="module")
def history(warehouse: Dbt) -> History:
    """Every day of every account, by hand; its days in the marts begin with the account."""
    found = warehouse.query(
        "select source_id, account_id from intermediate.int_account_identities where source_system = 'billing'"
    )
    by_hand = receivables(Path(warehouse.settings.exports), dict(found), Rates(PROJECT / "seeds"), UNTIL)
    days: History = defaultdict(dict)
    for account_id, day in warehouse.query("select account_id, as_of_date from intermediate.int_account_days"):
        days[account_id][day] = by_hand.get((account_id, day), Day())
    return days


def test_what_is_owed_by_age(warehouse: Dbt, history: History) -> None:
    """Receivables, what was billed and each age of what is past due, every account and day, to the cent."""
    ages = ", ".join(f"past_due_{name}_usd" for name, _, _ in BUCKETS)
    rows = warehouse.query(
        f"select account_id, as_of_date, receivables_usd, billed_usd, {ages} from marts.account_payment_health_daily"
    )
    actual = {row[:2]: tuple(int(100 * amount) for amount in row[2:]) for row in rows}
    expected = {
        (account_id, as_of_date): (day.receivables, day.billed, *day.past_due.values())
        for account_id, days in history.items()
        for as_of_date, day in days.items()
    }
    assert actual == expected
    late = [sum(amounts[place] > 0 for amounts in actual.values()) for place in range(2, 6)]
    assert late[0] > 100
    assert late[1] > 0


def test_days_sales_outstanding(warehouse: Dbt, history: History) -> None:
    """Of every account on every day."""
    rows = warehouse.query("select account_id, as_of_date, dso_days from marts.account_payment_health_daily")
    actual = {row[:2]: row[2] for row in rows}
    for account_id, days in history.items():
        lived: list[Day] = []
        for as_of_date in sorted(days):
            lived.append(days[as_of_date])
            assert actual[account_id, as_of_date] == pytest.approx(days_sales_outstanding(lived))


def test_days_sales_outstanding_of_the_company(warehouse: Dbt, history: History) -> None:
    """Both methods, on every day."""
    company: list[Day] = []
    rows = warehouse.query(
        "select as_of_date, dso_days, count_back_dso_days from metrics.metrics_payment_health_daily order by as_of_date"
    )
    for as_of_date, dso_days, counted_back in rows:
        present = [days[as_of_date] for days in history.values() if as_of_date in days]
        company.append(Day(sum(day.receivables for day in present), sum(day.billed for day in present)))
        assert dso_days == pytest.approx(days_sales_outstanding(company))
        assert counted_back == count_back_days(company)
    assert len(company) > DAYS - 60


def test_past_days_do_not_move(warehouse: Dbt) -> None:
    """Built as of an earlier day, every day until then is the same: what came later changes none."""
    shown = {
        "account_payment_health_daily": f"select * from {{}} where as_of_date <= date '{EARLIER}'",
        "renewal_history": f"""
            select * replace (case when valid_to_date <= date '{EARLIER}' then valid_to_date end as valid_to_date)
            from {{}} where valid_from_date <= date '{EARLIER}'
        """,
    }
    with duckdb.connect(str(warehouse.settings.warehouse)) as connection:
        connection.execute("create schema seen")
        for mart, rows in shown.items():
            connection.execute(f"create table seen.{mart} as {rows.format(f'marts.{mart}')}")
    build(warehouse, "--vars", f"as_of_date: {EARLIER}")
    for mart, rows in shown.items():
        earlier = rows.format(f"marts.{mart}")
        assert warehouse.query(f"select count(*) > 0 from seen.{mart}") == [(True,)]
        assert warehouse.query(f"from seen.{mart} except all ({earlier})") == [], mart
        assert warehouse.query(f"({earlier}) except all from seen.{mart}") == [], mart
