"""The ledger `landed_files`: one row a landed file, loaded in the same package as the file's rows.

A file counts as landed when its ledger row belongs to a load that completed (`_dlt_loads.status = 0`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.landing.contract import DROP_DATE, LOAD_ID, Contract, DataType, Table
from pipelines.landing.errors import LandingError
from pipelines.landing.files import ExportFile
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.rejects import REJECTS

LEDGER = "landed_files"

LEDGER_COLUMNS: dict[str, DataType] = {
    "file": "varchar",
    "table_name": "varchar",
    "bytes": "bigint",
    "modified_at": "timestamp",
    "etag": "varchar",
    "content_hash": "varchar",
    "rows": "bigint",
    "rejected_rows": "bigint",
    "version": "bigint",
    "unlisted_fields": "json",
    DROP_DATE: "date",
}
"""`file` is relative to the exports folder, as in `_source_file`; `bytes` and `content_hash` are of the
stored file, compressed where it is; `rows` and `rejected_rows` add up to its records; `version` counts how often
the file landed with other content; `unlisted_fields` are its fields outside the contract."""

_ARROW = {
    "varchar": pa.string(),
    "bigint": pa.int64(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "json": pa.string(),
}


@dataclass(frozen=True, slots=True)
class LandedFile:
    """The ledger row of a file's newest version, of a completed load; `records` are those it holds, landed or not."""

    table: str
    bytes: int
    modified_at: datetime | None
    etag: str | None
    content_hash: str
    records: int
    version: int
    unlisted_fields: frozenset[str]
    drop_date: date


def ledger_rows(files: Iterable[tuple[Table, InspectedFile]]) -> pa.Table:
    """The ledger rows of files that are about to land, as an Arrow table."""
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in LEDGER_COLUMNS.items()])
    rows = [
        {
            "file": f.file.path,
            "table_name": f.file.table,
            "bytes": f.file.bytes,
            "modified_at": f.file.modified_at,
            "etag": f.file.etag,
            "content_hash": f.content_hash,
            "rows": f.rows,
            "rejected_rows": f.rejected,
            "version": f.file.version,
            "unlisted_fields": json.dumps(sorted(f.unlisted(table)), ensure_ascii=False) if f.unlisted(table) else None,
            DROP_DATE: f.file.drop_date,
        }
        for table, f in files
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def read_ledger(warehouse: Path, schema: str) -> dict[str, LandedFile]:
    """What has landed, by file; empty when the warehouse or the schema is not there yet."""
    if not warehouse.exists():
        return {}
    with connect(warehouse) as connection:
        if not {LEDGER, "_dlt_loads"} <= tables_of(connection, schema):
            return {}
        rows = connection.execute(
            f"""
            select
                file, table_name, bytes, epoch_us(modified_at), etag, content_hash,
                rows + coalesce(rejected_rows, 0), coalesce(version, 1), unlisted_fields, {DROP_DATE}
            from {schema}.{LEDGER} as files
            inner join {schema}._dlt_loads as loads on files.{LOAD_ID} = loads.load_id
            where loads.status = 0
            order by coalesce(version, 1)
            """
        ).fetchall()
    return {
        file: LandedFile(
            table, size, _from_epoch_us(modified), etag, content_hash, records, version, _names(unlisted), drop_date
        )
        for file, table, size, modified, etag, content_hash, records, version, unlisted, drop_date in rows
    }


def upgrade_ledger(warehouse: Path, schema: str) -> None:
    """Give a ledger that an earlier release made the columns that it lacks."""
    if not warehouse.exists():
        return
    with connect(warehouse) as connection:
        if LEDGER in tables_of(connection, schema):
            for name, kind in LEDGER_COLUMNS.items():
                connection.execute(f"alter table {schema}.{LEDGER} add column if not exists {name} {kind}")


def existing_tables(warehouse: Path, schema: str) -> set[str]:
    """Names of the schema's tables."""
    if not warehouse.exists():
        return set()
    with connect(warehouse) as connection:
        return tables_of(connection, schema)


def new_files(
    files: Sequence[ExportFile], landed: dict[str, LandedFile], rehash: Callable[[ExportFile], str]
) -> list[ExportFile]:
    """The files that have not landed yet with this content, in the given order.

    A file that was changed after it had landed is new again, as its next version.

    Args:
        files: what there is.
        landed: what has landed, by path.
        rehash: gives the SHA-256 of a file of the same size but another time stamp (as after a copy).
    """
    new = []
    for file in files:
        known = landed.get(file.path)
        if known is None:
            new.append(file)
        elif not _is_unchanged(file, known, rehash):
            new.append(replace(file, version=known.version + 1))
    return new


def remove_incomplete(warehouse: Path, contract: Contract, load_id: str = "") -> None:
    """Delete every row whose load did not complete: what a failed or killed landing left behind.

    All or nothing, so that a kill in its midst leaves what the next run can recognise.

    Args:
        warehouse: where the rows are.
        contract: names the tables.
        load_id: a load that completed and goes as well.
    """
    if not warehouse.exists():
        return
    with connect(warehouse) as connection:
        present = tables_of(connection, contract.schema)
        if "_dlt_loads" not in present:
            return
        connection.execute("begin")
        connection.execute(f"delete from {contract.schema}._dlt_loads where load_id = ?", [load_id])
        for table in sorted({*(t.name for t in contract.tables), LEDGER, REJECTS} & present):
            connection.execute(
                f"""
                delete from {contract.schema}.{table} where {LOAD_ID} not in (
                    select load_id from {contract.schema}._dlt_loads where status = 0
                )
                """
            )
        connection.execute("commit")


def _is_unchanged(file: ExportFile, known: LandedFile, rehash: Callable[[ExportFile], str]) -> bool:
    if file.bytes != known.bytes:
        return False
    if file.etag and known.etag and file.etag == known.etag:
        return True
    if file.modified_at is not None and file.modified_at == known.modified_at:
        return True
    return rehash(file) == known.content_hash


def connect(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse, open for writing.

    Raises:
        LandingError: another process has it open, or it is no database.
    """
    try:
        return duckdb.connect(str(warehouse))
    except duckdb.IOException as error:
        raise LandingError(f"cannot open the warehouse {warehouse}: {str(error).splitlines()[0]}") from error


def tables_of(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    """Names of the schema's tables, on an open connection."""
    found = connection.execute("select table_name from duckdb_tables() where schema_name = ?", [schema])
    return {name for (name,) in found.fetchall()}


def _names(unlisted: str | None) -> frozenset[str]:
    return frozenset(json.loads(unlisted)) if unlisted else frozenset()


def _from_epoch_us(value: int | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value / 1e6, UTC)
