"""Raw tables for tests of the gate: made from the contract, filled with rows that every suite is content with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.landing.contract import SYSTEMS, load_contract
from pipelines.ops import ensure_ops

_EPOCH = "cast(epoch(day_at) as bigint)"

HEALTHY: dict[str, dict[str, dict[str, str]]] = {
    "product": {
        "tracks": {
            "message_id": "'m' || day || i",
            "event": "'Sync Completed'",
            "context": "json_object('groupId', 'org' || i)",
            "properties": "json_object('unit', 'thousand_rows', 'quantity', 1 + i)",
            "timestamp": "day_at",
            "received_at": "day_at",
        },
        "identifies": {"message_id": "'m' || day || i", "user_id": "'u' || i", "received_at": "day_at"},
        "groups": {
            "message_id": "'m' || day || i",
            "group_id": "'org' || i",
            "traits": "'{}'",
            "received_at": "day_at",
        },
    },
    "crm": {
        "accounts": {
            "id": "'001000000000' || (1000 + i) || 'AAA'",
            "name": "'n' || i",
            "owner_id": "'o'",
            "is_deleted": "false",
            "system_modstamp": "day_at",
            "number_of_employees": "i",
            "stripe_customer_id__c": "'cus' || i",
            "product_org_id__c": "'org' || i",
        },
        "contacts": {
            "id": "'c' || i",
            "account_id": "'001000000000' || (1000 + i)",
            "name": "'n' || i",
            "email": "'e' || i",
            "system_modstamp": "day_at",
        },
        "opportunities": {
            "id": "'p' || i",
            "account_id": "'001000000000' || (1000 + i) || 'AAA'",
            "name": "'n' || i",
            "stage_name": "'Proposal'",
            "amount": "i",
            "probability": "50",
            "close_date": "day",
            "is_won": "false",
            "is_closed": "false",
            "system_modstamp": "day_at",
        },
        "opportunity_histories": {
            "id": "'h' || i",
            "opportunity_id": "'p'",
            "amount": "i",
            "system_modstamp": "day_at",
        },
        "contracts": {
            "id": "'k' || i",
            "account_id": "'001000000000' || (1000 + i) || 'AAA'",
            "status": "'Activated'",
            "start_date": "day",
            "end_date": "day + 364",
            "commit_amount__c": "1 + i",
            "commit_currency__c": "'EUR'",
            "rollover_percent__c": "10",
            "system_modstamp": "day_at",
        },
        "tasks": {
            "id": "'t' || i",
            "subject": "'s' || i",
            "created_date": "day_at",
            "call_duration_in_seconds": "i",
            "system_modstamp": "day_at",
        },
        "events": {
            "id": "'e' || i",
            "subject": "'s' || i",
            "start_date_time": "day_at",
            "end_date_time": "day_at",
            "system_modstamp": "day_at",
        },
        "users": {"id": "'u' || i", "name": "'n' || i", "system_modstamp": "day_at"},
    },
    "billing": {
        "customers": {
            "id": "'cus' || i",
            "name": "'n' || i",
            "currency": "'USD'",
            "livemode": "true",
            "metadata": "json_object('crm_account_id', '001000000000' || (1000 + i) || 'AAA')",
        },
        "products": {"id": "'prod' || i", "name": "'n' || i"},
        "prices": {
            "id": "'price' || i",
            "nickname": "'n' || i",
            "currency": "'usd'",
            "recurring": "json_object('interval', 'month')",
            "billing_scheme": "'per_unit'",
            "unit_amount": "100",
        },
        "subscriptions": {
            "id": "'sub' || i",
            "customer": "'cus' || i",
            "status": "'active'",
            "currency": "'usd'",
            "items": "'{\"data\": [{}]}'",
        },
        "invoices": {
            "id": "'in' || i",
            "customer": "'cus' || i",
            "currency": "'usd'",
            "status": "'paid'",
            "total": "i",
            "created": _EPOCH,
        },
        "invoice_lines": {
            "id": "'il' || i",
            "invoice": "'in' || i",
            "currency": "'usd'",
            "amount": "i",
            "quantity": "1",
            "period": "'{}'",
        },
        "invoice_payments": {"id": "'pay' || i", "invoice": "'in' || i", "status": "'paid'", "amount_paid": "i"},
        "charges": {
            "id": "'ch' || i",
            "currency": "'usd'",
            "status": "'succeeded'",
            "amount": "i",
            "amount_refunded": "0",
        },
        "credit_notes": {"id": "'cn' || i", "currency": "'usd'", "status": "'issued'", "amount": "i"},
        "refunds": {"id": "'re' || i", "currency": "'usd'", "status": "'succeeded'", "amount": "i"},
        "disputes": {"id": "'du' || i", "charge": "'ch' || i", "currency": "'usd'", "status": "'won'", "amount": "i"},
        "meters": {"id": "'mtr' || i", "display_name": "'n' || i"},
        "meter_event_summaries": {
            "id": "'mes' || i",
            "customer": "'cus' || i",
            "aggregated_value": "1 + i",
            "start_time": _EPOCH,
        },
        "credit_grants": {"id": "'cg' || i", "name": "'n' || i", "category": "'paid'"},
        "credit_balance_transactions": {"id": "'cbt' || i", "credit_grant": "'cg' || i", "type": "'debit'"},
        "credit_balance_summaries": {"customer": "'cus' || i", "balances": "json_array(i)"},
        "orb_credit_blocks": {"id": "'ob' || i", "credit_block_source": "'manual'", "balance": "i"},
        "orb_credit_ledger_entries": {
            "id": "'oe' || i",
            "entry_type": "'increment'",
            "entry_status": "'committed'",
            "starting_balance": "0",
            "ending_balance": "i",
        },
        "metronome_balances": {"id": "'mb' || i", "type": "'PREPAID'", "ledger": "'[]'", "balance": "i"},
    },
    "zendesk": {
        "organizations": {
            "id": "i",
            "name": "'n' || i",
            "external_id": "'001000000000' || (1000 + i)",
            "updated_at": "day_at",
        },
        "users": {"id": "i", "name": "'n' || i", "role": "'end-user'", "updated_at": "day_at"},
        "tickets": {
            "id": "i",
            "organization_id": "i",
            "requester_id": "i",
            "subject": "'s' || i",
            "status": "'open'",
            "priority": "'high'",
            "type": "'question'",
            "created_at": "day_at",
            "updated_at": "day_at",
            "generated_timestamp": _EPOCH,
        },
        "ticket_metrics": {"id": "i", "ticket_id": "i", "reopens": "0", "replies": "i", "updated_at": "day_at"},
        "ticket_metric_events": {
            "id": "i",
            "ticket_id": "i",
            "metric": "'reply_time'",
            "type": "'activate'",
            "time": "day_at",
        },
        "satisfaction_ratings": {"id": "i", "ticket_id": "i", "score": "'good'", "updated_at": "day_at"},
    },
}
"""SQL of each column that is not null, for row number `i` of the drop day `day`; `day_at` is its noon, UTC."""


@dataclass
class Raw:
    """The raw tables of a warehouse; each call of `land` is a load of its own."""

    settings: Settings
    loads: int = 0
    schemas: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            ensure_ops(connection)
            for system in SYSTEMS:
                contract = load_contract(system, self.settings.contract_dir)
                self.schemas[system] = contract.schema
                connection.execute(f"create schema {contract.schema}")
                provenance = "_source_file varchar, _drop_date date, _dlt_load_id varchar"
                for table in contract.tables:
                    columns = ", ".join(f"{c.name} {_type(c.data_type)}" for c in table.columns)
                    connection.execute(f"create table {contract.schema}.{table.name} ({columns}, {provenance})")
                connection.execute(
                    f"create table {contract.schema}._dlt_loads"
                    " (load_id varchar, status bigint, inserted_at timestamptz);"
                    f" create table {contract.schema}.landed_files"
                    " (file varchar, table_name varchar, rows bigint, _drop_date date, _dlt_load_id varchar)"
                )

    def land(self, system: str, *deliveries: Delivery, status: int = 0) -> str:
        """One load of files; returns its id."""
        self.loads += 1
        load_id = f"17{self.loads:08}.5"
        schema = self.schemas[system]
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for delivery in deliveries:
                connection.execute(
                    f"insert into {schema}.landed_files values (?, ?, ?, ?, ?)",
                    [delivery.path(system), delivery.table, delivery.said_rows, delivery.day, load_id],
                )
                connection.execute(delivery.insert(system, schema, load_id))
            connection.execute(f"insert into {schema}._dlt_loads values (?, ?, now())", [load_id, status])
        return load_id

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@dataclass
class Delivery:
    """One file: `rows` rows of a table, of which the first `count` have `broken` columns.

    `said_rows` is what the ledger says of it, by default the truth.
    """

    table: str
    day: date
    rows: int = 200
    broken: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    name: str = "000"
    said_rows: int = -1

    def __post_init__(self) -> None:
        if self.said_rows < 0:
            self.said_rows = self.rows

    def path(self, system: str) -> str:
        """Its path below the exports folder."""
        return f"{system}/{self.day}/{self.table}-{self.name}.jsonl"

    def insert(self, system: str, schema: str, load_id: str) -> str:
        """The statement that lands its rows."""
        columns = {
            column: f"case when i < {self.count} then {self.broken[column]} else {healthy} end"
            if column in self.broken
            else healthy
            for column, healthy in {**dict.fromkeys(self.broken, "null"), **HEALTHY[system][self.table]}.items()
        }
        path = self.path(system).replace("'", "''")
        return f"""
            insert into {schema}.{self.table} by name
            select
                {", ".join(f"{sql} as {column}" for column, sql in columns.items())},
                '{path}' as _source_file, day as _drop_date, '{load_id}' as _dlt_load_id
            from (
                select i, date '{self.day}' as day, cast(date '{self.day}' as timestamptz) + interval 12 hour as day_at
                from range({self.rows}) as numbers (i)
            )
        """


def _type(data_type: str) -> str:
    return "timestamptz" if data_type == "timestamp" else data_type
