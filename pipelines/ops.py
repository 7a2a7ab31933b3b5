"""The `ops` schema of the warehouse: what runs did and what the gate found, in tables that SQL can ask.

`runs.jsonl` stays the primary log; it survives the warehouse. Nothing in here is part of a mart's history but
`gate_days`, which dbt reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.runlog import Run, read_runs

_SYNCED_RUNS = 400  # of the run log, newest; a year of nights

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


def sync_runs(settings: Settings) -> None:
    """Writes the runs of the log that the warehouse does not know yet into it; none without a warehouse.

    Raises:
        duckdb.Error: the warehouse cannot be written; the next sync makes good for it.
    """
    if not settings.warehouse.exists():
        return
    with duckdb.connect(str(settings.warehouse)) as connection:
        ensure_ops(connection)
        known = {run_id for (run_id,) in connection.execute("select run_id from ops.runs").fetchall()}
        insert_runs(connection, (run for run in read_runs(settings, _SYNCED_RUNS) if run.run_id not in known))


def insert_runs(connection: duckdb.DuckDBPyConnection, runs: Iterable[Run], schema: str = "ops") -> None:
    """Adds runs and their steps to `<schema>.runs` and `<schema>.run_steps`, all or none."""
    runs = list(runs)
    if not runs:
        return
    steps = [step for run in runs for step in _step_rows(run)]
    connection.execute("begin")
    connection.executemany(
        f"insert into {schema}.runs values (?, ?, ?, ?, ?, ?, ?, ?)", [_run_row(run) for run in runs]
    )
    if steps:
        connection.executemany(f"insert into {schema}.run_steps values (?, ?, ?, ?, ?, ?, ?, ?, ?)", steps)
    connection.execute("commit")


def _run_row(run: Run) -> list[Any]:
    started, finished = (moment and moment[:19] for moment in (run.started_at, run.finished_at))
    return [run.run_id, run.command, run.as_of_date, started, finished, run.status, run.exit_code, run.message or None]


def _step_rows(run: Run) -> list[list[Any]]:
    return [
        [
            *(run.run_id, number, step.name, run.as_of_date, step.status, step.rows),
            *(step.seconds, step.peak_memory_mb, step.summary or None),
        ]
        for number, step in enumerate(run.steps, start=1)
    ]
