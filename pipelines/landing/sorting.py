"""The careful way to read a file: record by record, those that fit into a copy, the others into the rejects.

DuckDB itself decides what fits, by the same conversions and the same rules as in the strict way; the copy is
then read in the strict way like any other file, so a record lands with the same values on either way.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.contract import Contract, Table
from pipelines.landing.counting import unpacked
from pipelines.landing.errors import FileError
from pipelines.landing.inspect import InspectedFile, sorted_copy
from pipelines.landing.judge import Judge
from pipelines.landing.records import DETAILS, Record, csv_records, json_records
from pipelines.landing.rejects import Rejects

_BATCH_RECORDS = 10_000
_BATCH_BYTES = 32 * 1024 * 1024


def sort_file(contract: Contract, table: Table, file: InspectedFile, folder: Path, rejects: Rejects) -> InspectedFile:
    """Read a file carefully.

    Args:
        contract: the contract that the table is of.
        table: the table that takes the records.
        file: a file that the strict way refuses.
        folder: where the copy goes.
        rejects: takes the records that do not fit.

    Returns:
        The file with its copy.

    Raises:
        FileError: a column has changed its type, or the file cannot even be taken apart.
    """
    path = folder / file.file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        kept = _sort(contract, table, file, path, rejects)
    except (duckdb.Error, pa.ArrowException, EOFError) as error:
        raise FileError(file.file.path, f"cannot be taken apart: {type(error).__name__}") from error
    rejected = sum(rejects.by_file.get(file.file.path, {}).values())
    return sorted_copy(file, path, folder, kept + rejected, rejected)


def _sort(contract: Contract, table: Table, file: InspectedFile, path: Path, rejects: Rejects) -> int:
    """Returns how many records went into the copy at `path`."""
    with duckdb.connect() as connection, ExitStack() as stack:
        connection.execute("set TimeZone = 'UTC'")
        judge = Judge(connection, contract, table, file)
        if file.layout.format == "parquet":
            kept = _sort_parquet(judge, file, path, rejects)
        else:
            source = stack.enter_context(Path(file.local_path).open("rb"))
            target = stack.enter_context(path.open("wb"))
            packed = stack.enter_context(gzip.GzipFile("", "wb", 1, target)) if path.name.endswith(".gz") else target
            kept = _sort_text(judge, file, unpacked(source, file.file.path), packed, rejects)
        judge.refuse_changed_types()
    return kept


def _sort_text(
    judge: Judge, file: InspectedFile, source: Any, target: BinaryIO | gzip.GzipFile, rejects: Rejects
) -> int:
    is_csv = file.layout.format == "csv"
    header = file.layout.header
    records = csv_records(source, len(header)) if is_csv else json_records(source)
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    if is_csv:
        writer.writerow(header)
    kept = 0
    for batch in _batches(records):
        for record in batch:
            if record.reason:
                rejects.add(file.file, record.line, record.reason, DETAILS[record.reason], record.raw)
        whole = [record for record in batch if not record.reason]
        verdicts = judge.of_csv(whole) if is_csv else judge.of_json(whole)
        for number, record in enumerate(whole):
            if number in verdicts:
                rejects.add(file.file, record.line, *verdicts[number], record.raw)
            elif is_csv:
                writer.writerow(record.values)
            else:
                target.write(record.raw.rstrip(b"\r\n") + b"\n")
        kept += len(whole) - len(verdicts)
    text.detach()
    return kept


def _sort_parquet(judge: Judge, file: InspectedFile, path: Path, rejects: Rejects) -> int:
    kept = first = 0
    with pq.ParquetFile(file.local_path) as parquet, pq.ParquetWriter(path, parquet.schema_arrow) as writer:
        for batch in parquet.iter_batches(_BATCH_RECORDS):
            rows = pa.Table.from_batches([batch])
            verdicts = judge.of_rows(rows)
            for number, verdict in verdicts.items():
                raw = json.dumps(rows.slice(number, 1).to_pylist()[0], default=str, ensure_ascii=False)
                rejects.add(file.file, first + number + 1, *verdict, raw.encode())
            fits = rows.filter(pa.array([number not in verdicts for number in range(len(rows))], pa.bool_()))
            writer.write_table(fits)
            kept, first = kept + len(fits), first + len(rows)
    return kept


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.raw)
        if len(batch) == _BATCH_RECORDS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    yield batch
