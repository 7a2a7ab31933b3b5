"""The whole refresh on a company that is all traps: it must build, say what is true, and leak nothing.

Two homes: one under New York's clock with every data test, one under Kolkata's without, in which a person is forgotten
before. What they publish must be the same, so that no number depends on where the scheduler stands or on who was who.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import PROJECT_ROOT, Settings
from tests.hostile.company import AWKWARD_NAMES, CANARIES, CANARY_MAIL, CANARY_SECRET, LAST, crm_id, write_company
from tests.hostile.people import DROPPED, EURO, PLAIN
from tests.pipelines import homes

pytestmark = pytest.mark.slow

PRIVATE = ("warehouse.duckdb", "warehouse.duckdb.wal")


@dataclass(frozen=True)
class Night:
    """A home after its night, and everything that the command printed."""

    settings: Settings
    printed: str


def refresh(settings: Settings, zone: str, tested: bool) -> Night:
    done = subprocess.run(
        homes.argv("nightly", tested=tested),
        cwd=PROJECT_ROOT,
        env={**homes.environ(settings), "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return Night(settings, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Night, Night]:
    base = tmp_path_factory.mktemp("hostile")
    exports = base / "exports"
    write_company(exports)
    west, east = (homes.home(base / name, exports) for name in ("west", "east"))
    homes.command(east, "land")
    homes.command(east, "forget", CANARY_MAIL, "--customer", "cus_plain")
    return refresh(west, "America/New_York", True), refresh(east, "Asia/Kolkata", False)


@pytest.fixture(scope="module")
def marts(nights: tuple[Night, Night]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(nights[0].settings.serving), read_only=True) as connection:
        yield connection


def rows(marts: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return marts.execute(sql, list(values)).fetchall()


def test_no_number_depends_on_the_time_zone_or_on_who_was_forgotten(nights: tuple[Night, Night]) -> None:
    west, east = nights
    assert homes.differences(west.settings.serving, east.settings.serving, histories=True) == []
    assert homes.snapshot_rows(west.settings.warehouse) == homes.snapshot_rows(east.settings.warehouse)


def test_awkward_names_arrive_as_they_are(marts: duckdb.DuckDBPyConnection) -> None:
    names = {name for (name,) in rows(marts, "select account_name from marts.accounts")}
    assert set(AWKWARD_NAMES) <= names


def test_merged_and_deleted_accounts_are_gone_and_cycles_stand(marts: duckdb.DuckDBPyConnection) -> None:
    names = [name for (name,) in rows(marts, "select account_name from marts.accounts order by account_name")]
    assert len(names) == len(set(names)) == 25
    assert {"Cycle A", "Cycle B", "Child of nobody", "Survivor", "Twin A", "Twin B"} <= set(names)
    assert not {"Merged once", "Merged twice", "Deleted"} & set(names)


def test_free_mail_unites_nobody(marts: duckdb.DuckDBPyConnection) -> None:
    """Two self-serve customers and a requester share gmail.com: three strangers."""
    customers = rows(
        marts, "select billing_customer_id from marts.accounts where billing_customer_id like 'cus_gmail%'"
    )
    assert len(customers) == 2
    orphans = rows(marts, "select issue, tickets_count from marts.identity_issues where source_system = 'zendesk_user'")
    assert orphans == [("orphan", 1)]


def test_revenue_is_what_a_person_computes(marts: duckdb.DuckDBPyConnection) -> None:
    movements = {
        (account, movement): (amount, month)
        for account, movement, amount, month in rows(
            marts,
            """
            select account_id, movement_type, new_usd + expansion_usd - churn_usd + reactivation_usd,
                strftime(month_start_date, '%Y-%m')
            from marts.revenue_movements_monthly
            where revenue_basis = 'recurring' and movement_type <> 'unchanged'
            """,
        )
    }
    dropped = crm_id(DROPPED)
    assert movements.pop((dropped, "new")) == (Decimal(100), "2026-02")
    assert movements.pop((dropped, "churn")) == (Decimal(-100), "2026-03")
    assert movements.pop((dropped, "reactivation")) == (Decimal(50), "2026-04")
    assert movements.pop(("cus_gmail_2", "new")) == (Decimal(30), "2026-02")
    assert movements.pop(("cus_gmail_2", "expansion")) == (Decimal(60), "2026-03")
    assert movements.pop(("cus_packs", "new")) == (Decimal(150), "2026-02")
    assert movements.pop((crm_id(PLAIN), "new")) == (Decimal(100), "2026-02")
    # 100.00 EUR and 10,000 JPY, which has no cents, each at the rate of the seed for that day.
    assert movements.pop((crm_id(EURO), "new"))[0] == _usd("eur", Decimal(100))
    yen = [amount for (_, movement), (amount, _) in movements.items() if movement == "new" and amount > 50]
    assert yen == [_usd("jpy", Decimal(10_000))]
    # Nothing for trial, pause, zero price.
    assert {account for account, _ in movements} & {"cus_trial", "cus_paused", "cus_zero"} == set()


def test_booked_revenue_holds_fifty_millions(marts: duckdb.DuckDBPyConnection) -> None:
    """An invoice of any size is booked, over the days of its month of service; a refund has a month of its own."""
    booked = rows(
        marts,
        """
        select strftime(month_start_date, '%Y-%m'), sum(recurring_minor_units), sum(refunds_usd)
        from marts.account_revenue_monthly
        where account_id = ? and (recurring_minor_units <> 0 or refunds_usd <> 0)
        group by all
        order by all
        """,
        crm_id(PLAIN),
    )
    # 3 March to 3 April, 29 of 32 days of 100.00 in March; 3 May to 3 June, the same of 50 millions in May.
    assert [(month, int(amount), refunds) for month, amount, refunds in booked] == [
        ("2026-03", 9_063, Decimal(-120)),
        ("2026-04", 937, Decimal(0)),
        ("2026-05", 4_531_250_000, Decimal(0)),
        ("2026-06", 468_750_000, Decimal(0)),
    ]


def _usd(currency: str, amount: Decimal) -> Decimal:
    """By the newest rate on or before the subscription's first day."""
    lines = (PROJECT_ROOT / "seeds" / "fx_rates.csv").read_text().splitlines()[1:]
    rates = {day: Decimal(rate) for code, day, rate in (line.split(",") for line in lines) if code == currency}
    day = max(day for day in rates if day <= "2026-02-02")
    return (amount * rates[day]).quantize(Decimal("0.01"))


def test_every_ticket_counts_once_or_is_said_to_be_nobodys(marts: duckdb.DuckDBPyConnection) -> None:
    support = rows(
        marts,
        """
        select open_tickets_count, urgent_open_tickets_count, ratings_90d_count, csat_90d_pct
        from marts.account_support_daily where account_id = ? and as_of_date = ?
        """,
        crm_id(PLAIN),
        LAST,
    )
    assert support == [(1, 1, 1, 0.0)]  # ticket 3 is open; the good rating turned bad and counts once, as bad
    unowned = rows(marts, "select sum(tickets_count) from marts.identity_coverage where not is_matched")
    assert unowned == [(2,)]  # the gmail requester's, and the one of an organization that nobody exported


def test_calls_count_on_their_own_day_once(marts: duckdb.DuckDBPyConnection) -> None:
    days = rows(
        marts,
        "select events_count from marts.account_usage_daily where account_id = ? order by as_of_date limit 3",
        crm_id(PLAIN),
    )
    assert days == [(8,), (7,), (6,)]  # 6 a day; the last instant and the resent call; the first instant


def test_published_numbers_are_numbers(marts: duckdb.DuckDBPyConnection) -> None:
    """No infinity, no NaN anywhere; scores between 0 and 100; too little history says so."""
    columns = rows(
        marts,
        "select schema_name, table_name, column_name from duckdb_columns() where data_type in ('DOUBLE', 'FLOAT')",
    )
    assert len(columns) > 10
    for schema, table, column in columns:
        wild = rows(marts, f'select count(*) from {schema}.{table} where not isfinite("{column}")')
        assert wild == [(0,)], f"{schema}.{table}.{column}"
    outside = "select count(*) from marts.account_health_daily where health_score not between 0 and 100"
    assert rows(marts, outside) == [(0,)]
    withheld = "select distinct health_band from marts.account_health where account_id like 'cus_%'"
    assert rows(marts, withheld) == [("unknown",)]


def test_an_account_of_one_day_is_not_ranked_as_ill(marts: duckdb.DuckDBPyConnection) -> None:
    newborn = rows(
        marts,
        """
        select health_band, segment from marts.account_health
        where account_name = 'org_newborn'
        """,
    )
    assert newborn == [("healthy", "activate")]


def test_the_report_shows_names_as_text(nights: tuple[Night, Night]) -> None:
    """A name cannot turn the direction of the text, break a line or clear a screen."""
    printed = nights[0].printed
    assert "\u202e" not in printed
    assert all(char.isprintable() or char in "\n\t" for char in printed)


def leaks(home: Path, canaries: tuple[str, ...]) -> list[str]:
    """Files of a home that hold a canary, but for the private warehouse; file names count as well."""
    wanted = [canary.encode() for canary in canaries]
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.name not in PRIVATE:
            content = path.read_bytes()
            found += [f"{path.relative_to(home)}: {canary!r}" for canary in wanted if canary in content]
    return found


def test_canaries_are_in_the_raw_tables_and_nowhere_else(nights: tuple[Night, Night]) -> None:
    """Personal data and secrets of the exports stay in the private file: no published table, log, artifact, report."""
    for night, people in zip(nights, (1, 0), strict=True):
        with duckdb.connect(str(night.settings.warehouse), read_only=True) as connection:
            known = "select count(*) from raw_zendesk.users where email = ?"
            assert connection.execute(known, [CANARY_MAIL]).fetchall() == [(people,)]
        assert leaks(night.settings.home, CANARIES) == []
        assert not [canary for canary in CANARIES if canary in night.printed]
    # Compressed blocks of the published file do not show their text: ask the tables as well.
    with duckdb.connect(str(nights[0].settings.serving), read_only=True) as connection:
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            hits = connection.execute(
                f"select count(*) from {schema}.{table} as t where contains(cast(t as varchar), 'anary')"
            ).fetchone()
            assert hits == (0,), f"{schema}.{table}"


def test_failures_do_not_quote_what_they_failed_on(tmp_path: Path) -> None:
    """Broken records that hold the canaries: the messages, logs and folders of the failing night stay clean."""
    settings = homes.home(tmp_path / "home", tmp_path / "exports")
    write_company(Path(settings.exports))
    day = LAST + timedelta(days=1)
    for system, name, text in (
        (
            "product",
            "tracks.jsonl",
            f'{{"messageId": "x", "event": "{CANARY_SECRET}", "timestamp": "{CANARY_MAIL}"}}\n',
        ),
        ("zendesk", "tickets.ndjson", f'{{"id": "{CANARY_SECRET}", "subject": "{CANARY_MAIL}"\n'),
        ("billing", "customers.jsonl", f'{{"id": "cus_x", "created": "{CANARY_SECRET}"}}\n' * 5),
        ("crm", "User.csv", f"Id,Name\n1,{CANARY_MAIL}\n"),
    ):
        path = Path(settings.exports) / system / day.isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = homes.attempt(settings, "land")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "crm/2026-05-11/User.csv" in done.stderr
    assert not [canary for canary in CANARIES if canary in done.stdout + done.stderr]
    assert leaks(settings.home, CANARIES) == []
