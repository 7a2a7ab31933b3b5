"""No score of a day uses a row that became known later, however loud that row is.

A small company is built as of one day twice: while later days have landed, absurd ones among them that speak of that
day and the weeks before it; and as if nothing had ever come after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.landing import SYSTEMS, create_empty_raw, land
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings
from tests.warehouse.conftest import Dbt

pytestmark = pytest.mark.slow

ACCOUNTS, DAYS, SEED, LAST = 25, 75, 7, date(2026, 10, 31)
BUILT = LAST - timedelta(days=7)
LATER = f"date '{BUILT + timedelta(days=1)}'"
SHOWN = ("int_account_measures", "int_health_contributions", "int_account_health_scores", "int_account_health_bands")


@dataclass(frozen=True)
class Lie:
    """What is said on the day after about rows that were known before.

    Attributes:
        values: columns that say something else.
        copies: how often it is said, each time with a key of its own; 0 for a new version of the same record.
        key: column of the key.
    """

    values: dict[str, str] = field(default_factory=dict)
    copies: int = 0
    key: str = "id"


def epoch(days_before: int) -> str:
    return f"cast(epoch(timestamp '{BUILT - timedelta(days=days_before)}') as bigint)"


LIES = {
    "raw_product.tracks": Lie(copies=100, key="message_id"),
    "raw_product.groups": Lie({"traits": "'{}'"}, copies=1, key="message_id"),
    "raw_product.landed_files": Lie({"rows": "rows * 100"}),
    "raw_crm.accounts": Lie({"is_deleted": "true"}),
    "raw_crm.contacts": Lie({"no_longer_at_company__c": "true"}),
    "raw_crm.tasks": Lie({"is_deleted": "true"}),
    "raw_crm.events": Lie({"is_deleted": "true"}),
    "raw_crm.opportunities": Lie({"is_closed": "true", "is_won": "false"}),
    "raw_billing.subscriptions": Lie({"status": "'canceled'", "canceled_at": epoch(30), "ended_at": epoch(30)}),
    "raw_billing.invoices": Lie({"status": "'open'", "amount_remaining": "total * 100", "due_date": epoch(90)}),
    "raw_billing.charges": Lie({"status": "'failed'", "paid": "false"}, copies=3),
    "raw_billing.meter_event_summaries": Lie({"aggregated_value": "aggregated_value * 100"}),
    "raw_zendesk.tickets": Lie({"priority": "'urgent'", "status": "'open'"}),
    "raw_zendesk.satisfaction_ratings": Lie({"score": "'bad'"}),
    "raw_zendesk.organizations": Lie({"deleted_at": "created_at"}),
}


def plant(connection: duckdb.DuckDBPyConnection, table: str, lie: Lie) -> None:
    """Says it of all that was known in the month before; times of the records stay."""
    keys = {lie.key: f"concat({lie.key}, '-', copy)"} if lie.copies else {}
    # A file of its own: one that landed again under its old name would supersede what it said before.
    file = "file" if table.endswith(".landed_files") else "_source_file"
    values = {**lie.values, **keys, "_drop_date": LATER, file: f"concat({file}, '.later')"}
    replaced = ", ".join(f"{value} as {column}" for column, value in values.items())
    (before,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
    connection.execute(f"""
        insert into {table}
        select records.* replace ({replaced})
        from {table} as records, range({max(lie.copies, 1)}) as copies (copy)
        where records._drop_date between {LATER} - 30 and {LATER} - 1
    """)
    (after,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
    assert after > before, f"nothing to plant in {table}"


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes all out that became known later."""
    tables = connection.execute("""
        select concat(schema_name, '.', table_name) from duckdb_columns()
        where column_name = '_drop_date' and schema_name like 'raw_%'
    """).fetchall()
    assert len(tables) > len(LIES)
    for (table,) in tables:
        connection.execute(f"delete from {table} where _drop_date >= {LATER}")


def build(dbt: Dbt) -> None:
    outcome = dbt.run(
        *("build", "--select", "+int_account_health_bands", "--vars", f"as_of_date: {BUILT}"),
        *("--exclude-resource-type", "test", "unit_test"),
        # What an incremental model had kept of a later row would be kept in both builds.
        "--full-refresh",
    )
    assert outcome.returncode == 0, outcome.stdout[-8000:]


def test_rows_known_later_move_nothing(tmp_path: Path) -> None:
    settings = Settings.for_home(tmp_path)
    generate(SampleSettings(ACCOUNTS, DAYS, SEED, LAST, Path(settings.exports)))
    land(SYSTEMS, settings)
    create_empty_raw(settings)
    dbt = Dbt(settings)
    with duckdb.connect(str(settings.warehouse)) as connection:
        for table, lie in LIES.items():
            plant(connection, table, lie)
    build(dbt)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema seen")
        for model in SHOWN:
            connection.execute(f"create table seen.{model} as from intermediate.{model}")
        forget(connection)
    build(dbt)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        for model in SHOWN:
            seen, unseen = (f"from {schema}.{model}" for schema in ("seen", "intermediate"))
            assert connection.execute(f"select count(*) {unseen}").fetchone() != (0,)
            assert connection.execute(f"{seen} except all {unseen}").fetchall() == [], model
            assert connection.execute(f"{unseen} except all {seen}").fetchall() == [], model
