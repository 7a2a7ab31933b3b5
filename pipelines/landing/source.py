"""The dlt source of a system: one resource a table and one for the ledger, all filled by one load package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dlt
import pyarrow.parquet as pq
from dlt.common.data_types import TDataType
from dlt.common.schema.typing import TColumnSchema
from dlt.extract import DltResource
from dlt.extract.items import DataItemWithMeta

from pipelines.landing.contract import DROP_DATE, LOAD_ID, SOURCE_FILE, Contract, DataType, Table
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.ledger import LEDGER, LEDGER_COLUMNS, ledger_rows
from pipelines.landing.model_file import quote_name, quote_path, select_files, write_model_file

_DLT_TYPES: dict[DataType, TDataType] = {
    "varchar": "text",
    "bigint": "bigint",
    "double": "double",
    "boolean": "bool",
    "timestamp": "timestamp",
    "date": "date",
    "json": "json",
}
_LEDGER_TYPES: dict[str, TDataType] = {
    "varchar": "text",
    "bigint": "bigint",
    "timestamp": "timestamp",
    "date": "date",
}
_UNKNOWN_FIELDS = "unknown_fields"


@dataclass(slots=True)
class Batch:
    """What one run lands for one system.

    Attributes:
        files: by table, in drop-day order; a table without files is created all the same.
        root: local folder to which `_source_file` is relative.
        workdir: folder for the `.model` files; must outlive the run.
        warnings: filled while dlt extracts.
    """

    contract: Contract
    files: dict[str, list[InspectedFile]]
    root: str
    workdir: Path
    warnings: list[str] = field(default_factory=list)


def table_resources(batch: Batch) -> list[DltResource]:
    """The resources of every table of the contract, then of the ledger."""
    return [*(_table_resource(batch, table) for table in batch.contract.tables), _ledger_resource(batch)]


def _table_resource(batch: Batch, table: Table) -> DltResource:
    def extract() -> Iterator[Any]:
        files = batch.files.get(table.name, [])
        _report_unknown_fields(batch, table, files)
        query = select_files(table, files, batch.root) if files else _select_nothing(columns)
        yield _model(batch, table.name, query, sum(file.rows for file in files))

    columns = [
        *(_column(column.name, _DLT_TYPES[column.data_type]) for column in table.columns),
        _column(SOURCE_FILE, "text", nullable=False),
        _column(DROP_DATE, "date", nullable=False),
        _column(LOAD_ID, "text", nullable=False),
    ]
    return dlt.resource(extract, name=table.name, write_disposition="append", columns=columns)


def _ledger_resource(batch: Batch) -> DltResource:
    def extract() -> Iterator[Any]:
        files = [file for table_files in batch.files.values() for file in table_files]
        query = _select_ledger(batch, files) if files else _select_nothing(columns)
        yield _model(batch, LEDGER, query, len(files))

    columns = [
        *(_column(name, _LEDGER_TYPES[kind]) for name, kind in LEDGER_COLUMNS.items()),
        _column(LOAD_ID, "text", nullable=False),
    ]
    return dlt.resource(extract, name=LEDGER, write_disposition="append", columns=columns)


def _model(batch: Batch, table: str, query: str, rows: int) -> DataItemWithMeta:
    path = write_model_file(batch.workdir / f"{batch.contract.system}_{table}.model", query)
    return dlt.mark.with_file_import(str(path), "model", rows)


def _select_ledger(batch: Batch, files: list[InspectedFile]) -> str:
    path = batch.workdir / f"{batch.contract.system}_{LEDGER}.parquet"
    pq.write_table(ledger_rows(files), path)
    names = ", ".join(f"r.{quote_name(name)}" for name in LEDGER_COLUMNS)
    return f"select {names} from read_parquet({quote_path(str(path))}) as r"


def _select_nothing(columns: Iterable[TColumnSchema]) -> str:
    """No row, yet dlt creates the table (its own way to do that would add a `_dlt_id` that no file fills)."""
    names = [str(column["name"]) for column in columns if column["name"] != LOAD_ID]
    return f"select {', '.join(f'null as {quote_name(name)}' for name in names)} where false"


def _report_unknown_fields(batch: Batch, table: Table, files: list[InspectedFile]) -> None:
    """Warn of each field outside the contract when a landed file first has it; dlt's state remembers."""
    seen: dict[str, list[str]] = dlt.current.source_state().setdefault(_UNKNOWN_FIELDS, {})
    unknown: dict[str, str] = {}
    for file in files:
        for name in file.unknown_fields - table.ignored - unknown.keys():
            unknown[name] = file.file.path
    new = sorted(unknown.keys() - set(seen.get(table.name, ())))
    if new:
        seen[table.name] = sorted({*seen.get(table.name, ()), *new})
        batch.warnings.append(
            f"{unknown[new[0]]}: not landed, as table {table.name} does not have them: {', '.join(new)}"
        )


def _column(name: str, data_type: TDataType, nullable: bool = True) -> TColumnSchema:
    return {"name": name, "data_type": data_type, "nullable": nullable}
