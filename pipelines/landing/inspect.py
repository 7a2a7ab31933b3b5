"""Looks into a file before it is landed: does it keep the contract, how many records does it hold?

The statement that lands the file infers nothing, so a column that was added, renamed or lost must be noticed
here. Records are counted here as well, by other means than those that read them: what lands and what is
rejected must add up to this count.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.contract import Limits, Table
from pipelines.landing.counting import (
    RECORD_BYTES,
    UNPACK_ERROR,
    UTF8_BOM,
    CsvCounter,
    LineCounter,
    Stored,
    blocks,
    parse_csv_records,
)
from pipelines.landing.errors import FileError
from pipelines.landing.files import ExportFile

SAMPLED_BYTES = 64 * 1024
"""Fields are looked for in all JSON records of the first so many bytes, then in one record for each so many."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the reading statement must know of a file; files of one layout are read by one statement.

    Attributes:
        format: json, csv or parquet.
        root_length: characters of the folder that `_source_file` is relative to.
        header: column names in the file's own order (csv; empty otherwise).
        kinds: (field, kind) of the contract's fields (parquet; empty otherwise); kind is `nested` for lists,
            structs and maps, else `plain`.
        unlisted: columns that the contract neither has nor ignores (csv and parquet).
        has_long_lines: a record may be longer than DuckDB takes by default (csv).
    """

    format: str
    root_length: int
    header: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    unlisted: tuple[str, ...] = ()
    has_long_lines: bool = False


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file that keeps the contract and can be read at `local_path`.

    Attributes:
        records: number of its records; of a CSV file with broken quotes it is known only once they are sorted.
        lines: at least as many as records, whatever is wrong.
        content_hash: SHA-256 of the bytes as stored, in hex.
        unknown_fields: fields of the file that the contract does not have.
        is_suspect: the look at it found a record that cannot land.
        rejected: records that do not land; they are not in `local_path`, which is then a copy without them.
        is_sorted: `local_path` is such a copy.
    """

    file: ExportFile
    local_path: str
    layout: Layout
    records: int
    lines: int
    content_hash: str
    unknown_fields: frozenset[str]
    is_suspect: bool = False
    rejected: int = 0
    is_sorted: bool = False

    @property
    def rows(self) -> int:
        """Records that land."""
        return self.records - self.rejected

    def unlisted(self, table: Table) -> frozenset[str]:
        """Fields of the file that the contract neither has nor ignores."""
        return self.unknown_fields - table.ignored


@dataclass(slots=True)
class _Found:
    """What an inspector learns of a file."""

    records: int = 0
    lines: int = 0
    fields: set[str] = field(default_factory=set)
    is_suspect: bool = False
    header: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()


def hash_content(path: str) -> str:
    """SHA-256 of a local file's bytes, in hex."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inspect(file: ExportFile, local_path: str, root: str, table: Table, limits: Limits) -> InspectedFile:
    """Check a file against its table's contract and count its records.

    Args:
        file: the file as listed.
        local_path: where to read it.
        root: local folder to which `_source_file` is relative.
        table: the table that takes its records.
        limits: how far it may unpack.

    Raises:
        FileError: the file cannot be read, or lost a column of the contract.
    """
    if "\\" in local_path and set(local_path) & set("*?["):
        raise FileError(file.path, "its path has a backslash beside *, ? or [, which DuckDB cannot address")
    try:
        with Path(local_path).open("rb") as stored:
            content_hash = hashlib.file_digest(stored, "sha256").hexdigest()
            stored.seek(0)
            found = _inspect_parquet(stored, table) if file.format == "parquet" else _Found()
            if file.format != "parquet":
                text = blocks(stored, file.path, file.bytes, limits)
                inspector = _inspect_json if file.format == "json" else _inspect_csv
                found = inspector(file, text, local_path)
    except (gzip.BadGzipFile, EOFError, UNPACK_ERROR) as error:
        raise FileError(file.path, "broken gzip stream, perhaps still being written") from error
    except (pa.ArrowException, OSError) as error:
        raise FileError(file.path, f"cannot be read as {file.format}: {type(error).__name__}") from error
    _check_fields(file, table, found.fields)
    unknown = frozenset(found.fields - set(table.fields))
    in_columns = file.format != "json"
    layout = Layout(
        file.format,
        len(root.rstrip("/")),
        found.header,
        found.kinds,
        tuple(sorted(unknown - table.ignored)) if in_columns else (),
    )
    return InspectedFile(file, local_path, layout, found.records, found.lines, content_hash, unknown, found.is_suspect)


def sorted_copy(file: InspectedFile, path: Path, root: Path, records: int, rejected: int) -> InspectedFile:
    """The file after its records were sorted: a copy at `path`, below `root`, holds those that land."""
    layout = replace(file.layout, root_length=len(str(root)), has_long_lines=file.layout.format == "csv")
    return replace(
        file, local_path=str(path), layout=layout, records=records, rejected=rejected, is_sorted=True, is_suspect=False
    )


def _inspect_json(file: ExportFile, text: Iterable[bytes], _local_path: str) -> _Found:
    found, counter = _Found(), LineCounter()
    for number, block in enumerate(text):
        if number == 0:
            found.is_suspect = _check_beginning(file, block)
            dense = block.removeprefix(UTF8_BOM)
            _note_fields(found, dense[: dense.find(b"\n", SAMPLED_BYTES) + 1 or None].split(b"\n"))
        counter.feed(block)
        _note_fields(found, _sampled(block))
    counter.finish()
    found.records = found.lines = counter.lines
    found.is_suspect |= counter.longest > RECORD_BYTES
    return found


def _sampled(block: bytes) -> Iterator[bytes]:
    """One whole line after each so many bytes of a block."""
    for start in range(SAMPLED_BYTES, len(block), SAMPLED_BYTES):
        begin = block.find(b"\n", start) + 1
        end = block.find(b"\n", begin)
        if begin and end >= 0:
            yield block[begin:end]


def _note_fields(found: _Found, lines: Iterable[bytes]) -> None:
    """Note the fields of some records; a record that is no object makes the file suspect."""
    for line in lines:
        if line and not line.isspace():
            try:
                found.fields.update(json.loads(line).keys())
            except (ValueError, RecursionError, AttributeError):
                found.is_suspect = True


def _inspect_csv(file: ExportFile, text: Iterable[bytes], local_path: str) -> _Found:
    found, counter = _Found(), CsvCounter()
    for block in text:
        if not found.header:
            _check_beginning(file, block)
            found.header = _header(file, block)
        counter.feed(block)
    counter.finish()
    if not found.header:
        raise FileError(file.path, "is empty: not even a header line")
    records = parse_csv_records(local_path) if counter.has_old_line_ends else counter.records
    found.is_suspect = records is None
    found.records = max(0, (counter.records if records is None else records) - 1)
    found.lines = counter.lines
    found.fields = set(found.header)
    return found


def _header(file: ExportFile, block: bytes) -> tuple[str, ...]:
    try:
        text = block.removeprefix(UTF8_BOM).decode("utf-8", "surrogateescape")
        header = tuple(next((row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row), ()))
        "".join(header).encode()
    except UnicodeEncodeError as error:
        raise FileError(file.path, "its header is not UTF-8 text", 1) from error
    except csv.Error as error:
        raise FileError(file.path, "its header cannot be read as CSV", 1) from error
    folded = [name.casefold() for name in header]
    twice = next((name for name in header if folded.count(name.casefold()) > 1), None)
    if twice is not None:
        raise FileError(file.path, f"has the column {twice} twice, or twice but for its case", 1)
    if "" in header:
        raise FileError(file.path, "has a column without a name", 1)
    return header


def _inspect_parquet(stored: Stored, table: Table) -> _Found:
    with pq.ParquetFile(stored) as parquet:
        schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
    kinds = tuple((c.field, _kind(schema.field(c.field).type)) for c in table.columns if c.field in schema.names)
    return _Found(records=rows, lines=rows, fields=set(schema.names), kinds=kinds)


def _kind(data_type: Any) -> str:
    return "nested" if pa.types.is_nested(data_type) else "plain"


def _check_beginning(file: ExportFile, block: bytes) -> bool:
    """Refuse what is no export at all; true when the file begins with a mark that JSON readers refuse."""
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in block[:4]:
        raise FileError(file.path, "is UTF-16 text; export it as UTF-8")
    if block.removeprefix(UTF8_BOM).lstrip()[:1] == b"<":
        raise FileError(file.path, "is an HTML or XML page, no export: its download failed")
    return block.startswith(UTF8_BOM)


def _check_fields(file: ExportFile, table: Table, present: set[str]) -> None:
    fields = table.fields
    lost = [field for field in fields if field not in present] if file.format != "json" else []
    if lost:
        raise FileError(file.path, f"lost the column {', '.join(lost)} that table {table.name} expects")
    folded = {field.casefold(): field for field in fields}
    for name in sorted(present - fields.keys()):
        if name.casefold() in folded:
            other = folded[name.casefold()]
            raise FileError(file.path, f"has the column {name}, which differs from {other} only in its case")
