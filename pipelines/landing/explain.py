"""Turns an engine error into a `FileError`: which file, line and column, and never the row itself."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.landing.contract import Column, Table
from pipelines.landing.errors import FileError, LandingError
from pipelines.landing.inspect import InspectedFile, json_lines
from pipelines.landing.model_file import FRACTION_MARK

_LINE = re.compile(r"(?:CSV Error on Line:|in line) (\d+)")
_CSV_COLUMN = re.compile(r'Error when converting column "([^"]+)".*? to \'?([A-Z][A-Z ]*)', re.DOTALL)
_FRACTION = re.compile(rf"column (\S+) {FRACTION_MARK}: (.+)")
_REASONS = (
    ("GZIP", "broken gzip stream, perhaps still being written"),
    ("Expected Number of Columns", "a row has another number of columns than the header"),
    ("unterminated quote", "a quoted value is not closed"),
    ("not utf-8", "is not UTF-8 text"),
    ("Malformed JSON", "malformed JSON"),
    ("duplicate key", "an object has the same key twice"),
    ("JSON transform error", "a record does not fit the types of its table"),
)


def explain(error: BaseException, files: Iterable[tuple[Table, InspectedFile]]) -> LandingError:
    """The reason of a failed load in one line.

    Args:
        error: what dlt raised.
        files: the files of the load, to recognise the broken one by its path.
    """
    if isinstance(error, LandingError):
        return error
    text = "\n".join(_texts(error))
    by_path = {file.local_path: (table, file) for table, file in files}
    fraction = _FRACTION.search(text)
    if fraction:
        return FileError(fraction[2].split("\n")[0].strip(), f"column {fraction[1]} {FRACTION_MARK}")
    named = [path for path in by_path if path in text]
    if not named:
        return LandingError(_without_values(_texts_of_engine(error)))
    table, file = by_path[max(named, key=len)]
    if file.layout.format == "json":
        with suppress(OSError, EOFError, zlib.error):  # the file may have changed since
            found = _first_bad_record(file.local_path, table)
            if found:
                return FileError(file.file.path, found[1], found[0])
    line = _LINE.search(text)
    return FileError(file.file.path, _reason(text), int(line[1]) if line else None)


def _reason(text: str) -> str:
    column = _CSV_COLUMN.search(text)
    if column:
        return f"column {column[1]} holds a value that is no {column[2].strip().lower()}"
    return next((reason for mark, reason in _REASONS if mark in text), "cannot be read")


def _first_bad_record(path: str, table: Table) -> tuple[int, str] | None:
    """(line, reason) of the first record that its table cannot take: DuckDB tells neither for sure."""
    for number, line in json_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return number, "malformed JSON (one object a line is expected)"
        if not isinstance(record, dict):
            return number, "not a JSON object (one object a line is expected)"
        for column in table.columns:
            value = record.get(column.field)
            if value is not None and not _fits(column, value):
                return number, f"field {column.field} holds a value that is no {column.data_type}"
    return None


def _fits(column: Column, value: Any) -> bool:
    try:
        match column.data_type:
            case "bigint":
                return -(2**63) <= int(value) < 2**63
            case "double":
                float(value)
            case "boolean":
                return isinstance(value, bool) or str(value).lower() in {"true", "false", "0", "1"}
            case "timestamp":
                datetime.fromisoformat(value)
            case "date":
                date.fromisoformat(value[:10])
            case _:
                pass
    except (ValueError, TypeError):
        return False
    return True


def _texts(error: BaseException) -> Iterator[str]:
    """The messages of an exception and of all that caused it, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield str(current)
        current = current.__cause__ or current.__context__


def _texts_of_engine(error: BaseException) -> str:
    """The engine's own message if there is one, else the innermost one."""
    current: BaseException | None = error
    text = str(error)
    while current is not None:
        text = str(current)
        if isinstance(current, duckdb.Error):
            break
        current = current.__cause__ or current.__context__
    return text


def _without_values(text: str) -> str:
    """The first line of a message, without quoted values: they may come from a row."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "unknown error")
    return re.sub(r'"[^"]*"', '"..."', first)
