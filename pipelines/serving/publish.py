"""Copies the marts into a new DuckDB file and puts it in the place of the one that readers open.

Readers never wait and never see half a refresh: who has the old file open keeps reading it, who opens
the path afterwards gets the new one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipelines.config import Settings
from pipelines.ops import insert_runs
from pipelines.runlog import Run
from pipelines.serving.relations import PublishError, Relation, published_relations
from pipelines.sql import literal, quoted

# Readers from DuckDB 1.4 on can open it; what 2.x writes by default, no 1.x reader can.
STORAGE_VERSION = "v1.4.0"
READABLE_BY_ALL = 0o444
_OPS_TABLES = {
    "runs": "Newest runs of the refresh; the one that published this file as it stood then. One row a run.",
    "run_steps": "Their steps: status, rows, seconds, peak memory. One row a run and step.",
    "gate_results": "What the gate found in those runs. One row a run and expectation.",
}


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table of the serving file and its rows."""

    schema: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What was published; `leftovers` are relations of the warehouse that no model makes any more."""

    path: Path
    as_of: date
    tables: tuple[PublishedTable, ...]
    bytes: int
    leftovers: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


def publish(settings: Settings, manifest: Path, run_id: str, runs: Sequence[Run] = ()) -> PublishResult:
    """Publishes every model of the published schemas as a table. Call it with the lock held.

    Args:
        settings: which warehouse, which serving file.
        manifest: dbt's manifest of the build that the warehouse holds; it says which relations are models.
        run_id: goes into `ops.publishes`.
        runs: go into `ops.runs` and `ops.run_steps`; the publishing run as it stands now, still running.

    Raises:
        PublishError: nothing was published and the serving file is as it was.
    """
    target = settings.serving
    _refuse_wal(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.next")
    _remove(temporary)
    try:
        as_of, tables, leftovers = _write(settings, manifest, temporary, run_id, runs)
        _verify(temporary, tables)
        size = temporary.stat().st_size
        _put_in_place(temporary, target)
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"Publishing to {target} failed: {error}") from error
    finally:
        _remove(temporary)
    return PublishResult(target, as_of, tables, size, leftovers)


def _write(
    settings: Settings, manifest: Path, temporary: Path, run_id: str, runs: Sequence[Run]
) -> tuple[date, tuple[PublishedTable, ...], tuple[str, ...]]:
    if not settings.warehouse.exists():
        raise PublishError(f"There is no warehouse at {settings.warehouse}")
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set temp_directory = ?", [str(settings.home / "tmp")])
        connection.execute("set memory_limit = ?", [settings.memory])
        connection.execute(f"attach {literal(settings.warehouse)} as warehouse (read_only)")
        connection.execute(f"attach {literal(temporary)} as serving (storage_version {literal(STORAGE_VERSION)})")
        relations, leftovers = published_relations(connection, manifest)
        as_of = _as_of(connection)
        tables = tuple(_copy(connection, relation) for relation in relations)
        _sign(connection, as_of, tables, run_id)
        _tell_runs(connection, runs)
        connection.execute("checkpoint serving")
        connection.execute("detach serving")
    return as_of, tables, leftovers


def _copy(connection: duckdb.DuckDBPyConnection, relation: Relation) -> PublishedTable:
    source, copy = f"warehouse.{relation.path}", f"serving.{relation.path}"
    connection.execute(f"create schema if not exists serving.{quoted(relation.schema)}")
    columns = ", ".join(quoted(column) for column in relation.columns)
    order = f" order by {', '.join(relation.order)}" if relation.order else ""
    connection.execute(f"create table {copy} as select {columns} from {source}{order}")
    connection.execute(f"comment on table {copy} is {literal(relation.comment)}")
    for column, comment in relation.columns.items():
        if comment:
            connection.execute(f"comment on column {copy}.{quoted(column)} is {literal(comment)}")
    rows = _count(connection, source)
    if _count(connection, copy) != rows:
        raise PublishError(f"{relation.schema}.{relation.name} lost rows on its way to the serving file")
    return PublishedTable(relation.schema, relation.name, rows)


def _sign(connection: duckdb.DuckDBPyConnection, as_of: date, tables: tuple[PublishedTable, ...], run_id: str) -> None:
    connection.execute("create schema serving.ops")
    connection.execute(
        "create table serving.ops.publishes "
        "(run_id varchar, as_of_date date, published_at timestamp, tables_count integer, rows_count bigint)"
    )
    connection.execute("comment on table serving.ops.publishes is 'The publish of this file. One row.'")
    published_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(
        "insert into serving.ops.publishes values (?, ?, ?, ?, ?)",
        [run_id, as_of, published_at, len(tables), sum(table.rows for table in tables)],
    )
    connection.execute(
        "create table serving.ops.published_tables (schema_name varchar, table_name varchar, rows_count bigint)"
    )
    connection.execute(
        "comment on table serving.ops.published_tables is 'Tables of this file. Grain: one row a table.'"
    )
    connection.executemany(
        "insert into serving.ops.published_tables values (?, ?, ?)",
        [[table.schema, table.name, table.rows] for table in tables],
    )


def _tell_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[Run]) -> None:
    """What the runs did and what the gate found: names of files, columns and expectations, never a row."""
    for table, description in _OPS_TABLES.items():
        connection.execute(f"create table serving.ops.{table} as select * from warehouse.ops.{table} limit 0")
        connection.execute(f"comment on table serving.ops.{table} is {literal(description)}")
    insert_runs(connection, runs, "serving.ops")
    connection.execute(
        "insert into serving.ops.gate_results select * from warehouse.ops.gate_results where list_contains(?, run_id)",
        [[run.run_id for run in runs]],
    )


def _as_of(connection: duckdb.DuckDBPyConnection) -> date:
    rows = connection.execute("select as_of_date from warehouse.intermediate.util_as_of").fetchall()
    if len(rows) != 1 or not isinstance(rows[0][0], date):
        raise PublishError(f"intermediate.util_as_of must hold one date, but holds {len(rows)} rows")
    return rows[0][0]


def _verify(temporary: Path, tables: tuple[PublishedTable, ...]) -> None:
    """Reads the finished file as a reader would."""
    with duckdb.connect(str(temporary), read_only=True) as connection:
        for table in tables:
            rows = _count(connection, f"{quoted(table.schema)}.{quoted(table.name)}")
            if rows != table.rows:
                raise PublishError(f"{table.schema}.{table.name}: {rows} rows written, expected {table.rows}")


def _put_in_place(temporary: Path, target: Path) -> None:
    if _wal(temporary).exists():
        raise PublishError(f"{temporary} was not written to its end: it has a write-ahead log")
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.chmod(READABLE_BY_ALL)
    _refuse_wal(target)
    temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refuse_wal(target: Path) -> None:
    if _wal(target).exists():
        raise PublishError(
            f"{_wal(target)} exists: somebody wrote to the serving file, and DuckDB would replay that into"
            " the next one. Move it away; the serving file is for reading only."
        )


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _wal(path).unlink(missing_ok=True)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return int(row[0])
