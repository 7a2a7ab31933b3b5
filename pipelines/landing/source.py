"""The dlt source of a system: one resource a table, for the rejects and for the ledger, all in one load package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dlt
import pyarrow.parquet as pq
from dlt.common.data_types import TDataType
from dlt.common.schema.typing import TColumnSchema
from dlt.extract import DltResource

from pipelines.landing.contract import DROP_DATE, LOAD_ID, SOURCE_FILE, UNLISTED, Contract, DataType, Table
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.ledger import LEDGER, LEDGER_COLUMNS, LandedFile, ledger_rows
from pipelines.landing.model_file import quote_path, select_files, write_model_file
from pipelines.landing.rejects import REJECT_COLUMNS, REJECTS, Rejects
from pipelines.sql import quoted

_DLT_TYPES: dict[DataType, TDataType] = {
    "varchar": "text",
    "bigint": "bigint",
    "double": "double",
    "boolean": "bool",
    "timestamp": "timestamp",
    "date": "date",
    "json": "json",
}


@dataclass(slots=True)
class Batch:
    """What one run lands for one system.

    Attributes:
        files: by table, in drop-day order; a table without files is created all the same.
        workdir: folder for the `.model` files, copies and rejects; must outlive the run.
        warnings: what to tell the operator.
        landed: what landed before, by path.
        rejects: records of the files that do not land.
    """

    contract: Contract
    files: dict[str, list[InspectedFile]]
    workdir: Path
    warnings: list[str] = field(default_factory=list)
    landed: dict[str, LandedFile] = field(default_factory=dict)
    rejects: Rejects = field(init=False)

    def __post_init__(self) -> None:
        lines = sum(file.lines for _, file in self.with_tables())
        self.rejects = Rejects(self.workdir, int(self.contract.limits.rejected_share * lines))

    def with_tables(self) -> list[tuple[Table, InspectedFile]]:
        """All files with their tables."""
        return [(table, file) for table in self.contract.tables for file in self.files.get(table.name, [])]

    def query(self, table: Table, files: list[InspectedFile]) -> str:
        """The strict `select` over some files of a table."""
        return select_files(self.contract, table, files, self._known_unlisted(table))

    def unlisted_warnings(self) -> list[str]:
        """One line a table of which a file has fields outside the contract that no file had before."""
        lines = []
        for table in self.contract.tables:
            first: dict[str, str] = {}
            for file in self.files.get(table.name, []):
                for name in file.unlisted(table) - first.keys() - self._known_unlisted(table):
                    first[name] = file.file.path
            if first:
                names = sorted(first)
                reason = f"landed in {UNLISTED}, as table {table.name} does not have them"
                lines.append(f"{first[names[0]]}: {reason}: {', '.join(names)}")
        return lines

    def _known_unlisted(self, table: Table) -> frozenset[str]:
        known = {name for file in self.landed.values() if file.table == table.name for name in file.unlisted_fields}
        return frozenset(known - table.ignored - table.fields.keys())


def table_resources(batch: Batch) -> list[DltResource]:
    """The resources of every table of the contract, then of the rejects and of the ledger."""
    return [*(_table_resource(batch, table) for table in batch.contract.tables), _rejects(batch), _ledger(batch)]


def _table_resource(batch: Batch, table: Table) -> DltResource:
    columns = [
        *(_column(column.name, _DLT_TYPES[column.data_type]) for column in table.columns),
        _column(UNLISTED, "json"),
        _column(SOURCE_FILE, "text", nullable=False),
        _column(DROP_DATE, "date", nullable=False),
        _column(LOAD_ID, "text", nullable=False),
    ]
    files = batch.files.get(table.name, [])
    query = batch.query(table, files) if files else _select_nothing(columns)
    return _resource(batch, table.name, columns, query, sum(file.rows for file in files))


def _rejects(batch: Batch) -> DltResource:
    columns = _described(REJECT_COLUMNS)
    query = _select_parquet(batch.rejects.paths, REJECT_COLUMNS) if batch.rejects.paths else _select_nothing(columns)
    return _resource(batch, REJECTS, columns, query, batch.rejects.count)


def _ledger(batch: Batch) -> DltResource:
    columns = _described(LEDGER_COLUMNS)
    files = [(table, file) for table, file in batch.with_tables()]
    query = _select_nothing(columns)
    if files:
        path = batch.workdir / f"{LEDGER}.parquet"
        pq.write_table(ledger_rows(files), path)
        query = _select_parquet([path], LEDGER_COLUMNS)
    return _resource(batch, LEDGER, columns, query, len(files))


def _resource(batch: Batch, name: str, columns: list[TColumnSchema], query: str, rows: int) -> DltResource:
    def extract() -> Iterator[Any]:
        path = write_model_file(batch.workdir / f"{name}.model", query)
        yield dlt.mark.with_file_import(str(path), "model", rows)

    return dlt.resource(extract, name=name, write_disposition="append", columns=columns)


def _select_parquet(paths: Iterable[Path], columns: Mapping[str, DataType]) -> str:
    names = ", ".join(
        f"cast(r.{quoted(name)} as json) as {quoted(name)}" if kind == "json" else f"r.{quoted(name)}"
        for name, kind in columns.items()
    )
    return f"select {names} from read_parquet([{', '.join(quote_path(str(path)) for path in paths)}]) as r"


def _select_nothing(columns: Iterable[TColumnSchema]) -> str:
    """No row, yet dlt creates the table (its own way to do that would add a `_dlt_id` that no file fills)."""
    names = [str(column["name"]) for column in columns if column["name"] != LOAD_ID]
    return f"select {', '.join(f'null as {quoted(name)}' for name in names)} where false"


def _described(columns: Mapping[str, DataType]) -> list[TColumnSchema]:
    described = [_column(name, _DLT_TYPES[kind]) for name, kind in columns.items()]
    return [*described, _column(LOAD_ID, "text", nullable=False)]


def _column(name: str, data_type: TDataType, nullable: bool = True) -> TColumnSchema:
    return {"name": name, "data_type": data_type, "nullable": nullable}
