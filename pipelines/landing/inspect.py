"""Looks into a file before it is landed: does it keep the contract, how many records does it hold?

The statement that lands the file infers nothing, so a column that was added, renamed or lost must be noticed
here.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.contract import Table
from pipelines.landing.errors import FileError
from pipelines.landing.files import ExportFile

JSON_RECORDS_CHECKED = 10
"""Records at the beginning of each JSON file whose keys are compared with the contract."""

_IN_MEMORY_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024

_Stored = io.BytesIO | io.BufferedReader

csv.field_size_limit(16 * 1024 * 1024)  # a Salesforce long text area may exceed Python's default of 128 KiB


@dataclass(frozen=True, slots=True)
class Layout:
    """What the reading statement must know of a file; files of one layout are read by one statement.

    Attributes:
        format: json, csv or parquet.
        header: column names in the file's own order (csv; empty otherwise).
        kinds: (field, kind) of the contract's fields (parquet; empty otherwise); kind is `nested` for lists,
            structs and maps, else `plain`.
    """

    format: str
    header: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file that keeps the contract and can be read at `local_path`.

    Attributes:
        rows: number of records.
        content_hash: SHA-256 of the bytes as stored, in hex.
        unknown_fields: fields of the file that the contract does not have; they are not landed.
    """

    file: ExportFile
    local_path: str
    layout: Layout
    rows: int
    content_hash: str
    unknown_fields: frozenset[str]


def hash_content(path: str) -> str:
    """SHA-256 of a local file's bytes, in hex."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inspect(file: ExportFile, local_path: str, table: Table) -> InspectedFile:
    """Check a file against its table's contract and count its records.

    Raises:
        FileError: the file cannot be read, or lost a column of the contract.
    """
    if "\\" in local_path and set(local_path) & set("*?["):
        raise FileError(file.path, "its path has a backslash beside *, ? or [, which DuckDB cannot address")
    try:
        with _open_stored(local_path, file.bytes) as stored:
            content_hash = hashlib.file_digest(stored, "sha256").hexdigest()
            stored.seek(0)
            layout, rows, fields = _INSPECTORS[file.format](file, stored, table)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileError(file.path, "broken gzip stream, perhaps still being written") from error
    except UnicodeDecodeError as error:
        raise FileError(file.path, "is not UTF-8 text") from error
    except (csv.Error, pa.ArrowException, OSError) as error:
        raise FileError(file.path, f"cannot be read as {file.format}: {error}") from error
    return InspectedFile(file, local_path, layout, rows, content_hash, frozenset(fields - set(table.fields)))


def json_lines(path: str) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line) of the lines that are not blank."""
    with Path(path).open("rb") as stored:
        for number, line in enumerate(_uncompressed(stored, path), start=1):
            if not line.isspace():
                yield number, line


def _open_stored(path: str, size: int) -> _Stored:
    """The stored bytes: in memory unless they are many, as they are read twice."""
    return io.BytesIO(Path(path).read_bytes()) if size <= _IN_MEMORY_BYTES else Path(path).open("rb")


def _uncompressed(stored: _Stored, name: str) -> _Stored | gzip.GzipFile:
    return gzip.GzipFile(fileobj=stored) if name.endswith(".gz") else stored


def _inspect_json(file: ExportFile, stored: _Stored, table: Table) -> tuple[Layout, int, set[str]]:
    fields: set[str] = set()
    rows = first = 0
    for lines in _line_blocks(_uncompressed(stored, file.path)):
        if rows < JSON_RECORDS_CHECKED:
            records = ((number, line) for number, line in enumerate(lines, start=first + 1) if line.strip())
            for number, line in islice(records, JSON_RECORDS_CHECKED - rows):
                fields.update(_json_record(file, table, number, line))
        rows += sum(1 for line in lines if line.strip())
        first += len(lines)
    return Layout("json"), rows, fields


def _line_blocks(stream: _Stored | gzip.GzipFile) -> Iterator[list[bytes]]:
    """All lines, many at a time: several times as fast as one by one."""
    rest = b""
    while chunk := stream.read(_CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        yield lines
    yield [rest]


def _json_record(file: ExportFile, table: Table, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except UnicodeDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise FileError(file.path, "malformed JSON (one object a line is expected)", number) from error
    if not isinstance(record, dict):
        raise FileError(file.path, "not a JSON object (one object a line is expected)", number)
    for column in table.columns:
        if column.name in table.key and record.get(column.field) is None:
            raise FileError(file.path, f"the record lacks the key field {column.field}", number)
    return record


def _inspect_csv(file: ExportFile, stored: _Stored, table: Table) -> tuple[Layout, int, set[str]]:
    text = io.TextIOWrapper(_uncompressed(stored, file.path), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    header = tuple(next(reader, ()))
    rows = sum(1 for row in reader if row)
    if not header:
        raise FileError(file.path, "is empty: not even a header line")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise FileError(file.path, f"has the column {twice[0]} twice", 1)
    _refuse_lost(file, table, set(header))
    return Layout("csv", header=header), rows, set(header)


def _inspect_parquet(file: ExportFile, stored: _Stored, table: Table) -> tuple[Layout, int, set[str]]:
    with pq.ParquetFile(stored) as parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    _refuse_lost(file, table, set(schema.names))
    kinds = tuple((column.field, _kind(schema.field(column.field).type)) for column in table.columns)
    return Layout("parquet", kinds=kinds), rows, set(schema.names)


def _kind(data_type: pa.DataType) -> str:
    return "nested" if pa.types.is_nested(data_type) else "plain"


def _refuse_lost(file: ExportFile, table: Table, present: set[str]) -> None:
    lost = [field for field in table.fields if field not in present]
    if lost:
        raise FileError(file.path, f"lost the column {', '.join(lost)} that table {table.name} expects")


_INSPECTORS = {"json": _inspect_json, "csv": _inspect_csv, "parquet": _inspect_parquet}
