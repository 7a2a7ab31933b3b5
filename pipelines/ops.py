"""The `ops` schema of the warehouse: what runs did and what the gate found, in tables that SQL can ask.

`runs.jsonl` stays the primary log; it survives the warehouse. Nothing in here is part of a mart's history but
`gate_days`, which dbt reads.
"""

from __future__ import annotations

import duckdb

OPS_TABLES = """
    create schema if not exists ops;
    create table if not exists ops.runs (
        run_id varchar, command varchar, as_of_date date, started_at timestamp, finished_at timestamp,
        status varchar, exit_code integer, message varchar
    );
    create table if not exists ops.run_steps (
        run_id varchar, step_number integer, step varchar, as_of_date date, status varchar, rows_count bigint,
        seconds double, peak_memory_mb double, summary varchar
    );
    create table if not exists ops.gate_results (
        run_id varchar, checked_at timestamp, system varchar, expectation varchar, table_name varchar,
        severity varchar, is_success boolean, unexpected_count bigint, message varchar, accepted_reason varchar
    );
    create table if not exists ops.gate_days (
        run_id varchar, checked_at timestamp, system varchar, drop_date date, warnings_count bigint, reasons varchar
    );
    create table if not exists ops.gated_loads (
        system varchar, load_id varchar, run_id varchar, passed_at timestamp
    );
    create table if not exists ops.known_keys (
        reference varchar, key_text varchar, first_drop_date date, primary key (reference, key_text)
    );
"""
"""Times are UTC. `gate_results`: one row a run and expectation. `gate_days`: one row a run, system and drop day
that it looked at, also where it found nothing; of a system and day the newest row counts. `gated_loads`: loads that
passed the gate. `known_keys`: keys that those loads brought of `reference` (`system.table`), with the first day."""


def ensure_ops(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the tables of the `ops` schema that are not there yet."""
    connection.execute(OPS_TABLES)
