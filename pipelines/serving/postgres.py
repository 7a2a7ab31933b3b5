"""Copies what is published into a PostgreSQL database, for tools that cannot open a DuckDB file.

The tables are loaded into schemas beside those that readers use; then one transaction renames the schemas. Readers see
all tables of one publish or all of the next, and wait for neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import duckdb

from pipelines.serving.reading import reading
from pipelines.serving.relations import SERVED_SCHEMAS, PublishError
from pipelines.sql import literal, quoted

READER = "account_health_reader"
_MARK = "Published by account-health; replaced as a whole by every publish."
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_BATCH_ROWS = 100_000
_ONE_PUBLISHER = 7_352_001  # key of the advisory lock: one publisher at a time
_LOCK_TIMEOUT = "10s"  # for what waits for readers: the swap, and dropping what they still read


@dataclass(frozen=True, slots=True)
class PostgresCopy:
    """What readers of the database see now; `leftovers` are old schemas that somebody still reads."""

    as_of: date
    tables: int
    rows: int
    leftovers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    schema: str
    name: str
    comment: str
    columns: list[tuple[str, str, str]]  # name, DuckDB type, comment

    @property
    def source(self) -> str:
        return f"serving.{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def loaded(self) -> str:
        return f"{quoted(_next(self.schema))}.{quoted(self.name)}"


def copy_to_postgres(serving: Path, uri: str) -> PostgresCopy:
    """Makes the database show what the serving file holds. Readers go on during it.

    Args:
        serving: the published DuckDB file.
        uri: `postgresql://user:password@host:port/database`, or what libpq takes, of a user who may
            create schemas and roles.

    Raises:
        PublishError: readers of the database see what they saw before.
    """
    if not serving.exists():
        raise PublishError(f"Nothing has been published at {serving}: run `account-health nightly` first")
    try:
        with (
            closing(postgres.connect(uri)) as connection,
            reading(serving) as source,
            closing(connection.cursor()) as to,
        ):
            to.execute(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
            _take_turn(to)
            _refuse_foreign_schemas(to)
            tables = _tables(source)
            _make_room(to)
            rows = sum(_load(source, to, table) for table in tables)
            connection.commit()
            _swap(to)
            connection.commit()
            leftovers = tuple(_drop_old(connection, to))
            return PostgresCopy(_as_of(source), len(tables), rows, leftovers)
    except (postgres.Error, duckdb.Error) as error:
        raise PublishError(f"Publishing to PostgreSQL failed: {_without_password(str(error), uri)}") from error


def _take_turn(to: Any) -> None:
    to.execute(f"select pg_try_advisory_lock({_ONE_PUBLISHER})")
    if to.fetchall() != [(True,)]:
        raise PublishError("Another publish into this database is running: start again when it has ended")


def _tables(source: duckdb.DuckDBPyConnection) -> list[_Table]:
    found = source.execute(
        "select schema_name, table_name, coalesce(comment, '') from duckdb_tables()"
        " where database_name = 'serving' and list_contains($schemas, schema_name) order by 1, 2",
        {"schemas": list(SERVED_SCHEMAS)},
    ).fetchall()
    columns = source.execute(
        "select schema_name, table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()"
        " where database_name = 'serving' order by column_index"
    ).fetchall()
    return [
        _Table(schema, name, comment, [tuple(column[2:]) for column in columns if column[:2] == (schema, name)])
        for schema, name, comment in found
    ]


def _refuse_foreign_schemas(to: Any) -> None:
    """Schemas are dropped and renamed here: only those that a publish made may be."""
    ours = [name for schema in SERVED_SCHEMAS for name in (schema, _next(schema), _old(schema))]
    to.execute(
        "select nspname from pg_namespace where nspname = any(string_to_array($1, ','))"
        " and obj_description(oid, 'pg_namespace') is distinct from $2",
        (",".join(ours), _MARK),
    )
    if names := ", ".join(sorted(row[0] for row in to.fetchall())):
        raise PublishError(
            f"The database has schemas that account-health did not make ({names}) and will not replace:"
            " publish into a database of its own"
        )


def _make_room(to: Any) -> None:
    """Empty schemas beside those that are read; what an earlier publish left behind goes first."""
    to.execute(f"select count(*) from pg_roles where rolname = '{READER}'")
    if to.fetchall() == [(0,)]:
        to.execute(f"create role {READER} nologin")
    for schema in SERVED_SCHEMAS:
        for left in (_next(schema), _old(schema)):
            to.execute(f"drop schema if exists {quoted(left)} cascade")
        to.execute(f"create schema {quoted(_next(schema))}")
        to.execute(f"comment on schema {quoted(_next(schema))} is '{_MARK}'")
        to.execute(f"grant usage on schema {quoted(_next(schema))} to {READER}")


def _load(source: duckdb.DuckDBPyConnection, to: Any, table: _Table) -> int:
    columns = ", ".join(f"{quoted(name)} {_type(table, name, kind)}" for name, kind, _ in table.columns)
    to.execute(f"create table {table.loaded} ({columns})")
    to.execute(f"comment on table {table.loaded} is {literal(table.comment)}")
    for name, _, comment in table.columns:
        if comment:
            to.execute(f"comment on column {table.loaded}.{quoted(name)} is {literal(comment)}")
    reader = source.sql(f"select * from {table.source}").to_arrow_reader(_BATCH_ROWS)
    to.adbc_ingest(table.name, reader, mode="append", db_schema_name=_next(table.schema))
    sent, arrived = _count(source, table.source), _count(to, table.loaded)
    if sent != arrived:
        raise PublishError(f"{table.schema}.{table.name}: {arrived} of {sent} rows arrived in PostgreSQL")
    # Nearly every question is about one account.
    if any(name == "account_id" for name, _, _ in table.columns):
        to.execute(f"create index on {table.loaded} (account_id)")
    to.execute(f"grant select on {table.loaded} to {READER}")
    to.execute(f"analyze {table.loaded}")
    return arrived


def _swap(to: Any) -> None:
    for schema in SERVED_SCHEMAS:
        to.execute("select count(*) from pg_namespace where nspname = $1", (schema,))
        if to.fetchall() != [(0,)]:
            to.execute(f"alter schema {quoted(schema)} rename to {quoted(_old(schema))}")
        to.execute(f"alter schema {quoted(_next(schema))} rename to {quoted(schema)}")


def _drop_old(connection: Any, to: Any) -> Iterator[str]:
    """Somebody may read an old schema for long: then it stays, and the next publish drops it."""
    for schema in SERVED_SCHEMAS:
        try:
            to.execute(f"drop schema if exists {quoted(_old(schema))} cascade")
            connection.commit()
        except postgres.Error:
            connection.rollback()
            yield _old(schema)


def _type(table: _Table, name: str, kind: str) -> str:
    if found := _DECIMAL.fullmatch(kind):
        return f"numeric({found[1]}, {found[2]})"
    if kind not in _TYPES:
        raise PublishError(f"{table.schema}.{table.name}.{name} is {kind}, which has no counterpart in PostgreSQL here")
    return _TYPES[kind]


def _as_of(source: duckdb.DuckDBPyConnection) -> date:
    rows: list[tuple[date]] = source.execute("select as_of_date from serving.ops.publishes").fetchall()
    return rows[0][0]


def _count(connection: Any, relation: str) -> int:
    connection.execute(f"select count(*) from {relation}")
    return int(connection.fetchall()[0][0])


def _next(schema: str) -> str:
    return f"{schema}_next"


def _old(schema: str) -> str:
    return f"{schema}_old"


def _without_password(message: str, uri: str) -> str:
    """Drivers repeat what they were given."""
    found = re.search(r"://[^:/@]*:([^@]+)@|password=(\S+)", uri)
    secret = next((part for part in found.groups() if part), "") if found else ""
    return message.replace(secret, "***") if secret else message
