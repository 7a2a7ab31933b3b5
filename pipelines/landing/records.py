"""Reads a text file record by record, each with its line and its bytes, whatever is wrong with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.landing.counting import RECORD_BYTES, UTF8_BOM, Stored

MALFORMED_JSON, NOT_AN_OBJECT, DUPLICATE_FIELD = "malformed_json", "not_an_object", "duplicate_field"
NOT_UTF8, TOO_LONG = "not_utf8", "too_long"
WRONG_NUMBER_OF_COLUMNS, UNTERMINATED_QUOTE = "wrong_number_of_columns", "unterminated_quote"

DETAILS = {
    MALFORMED_JSON: "the line is no JSON",
    NOT_AN_OBJECT: "the line is JSON, but no object",
    DUPLICATE_FIELD: "the object has a field twice",
    NOT_UTF8: "the record is not UTF-8 text",
    TOO_LONG: "the record is longer than 16 MiB",
    WRONG_NUMBER_OF_COLUMNS: "the record has another number of values than the header",
    UNTERMINATED_QUOTE: "a quote is not closed, or stands inside a quoted value",
}
"""What is wrong with the text of a record, by reason."""


_Line = tuple[int, bytes, bool]
"""(line number, line with its end, whether it was cut)"""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file.

    Attributes:
        line: its first line, counted from 1.
        raw: its bytes, cut where they are too many.
        values: its values (csv; empty otherwise).
        reason: why it cannot even be taken apart; None when it can.
    """

    line: int
    raw: bytes
    values: tuple[str, ...] = ()
    reason: str | None = None


def json_records(stream: Stored) -> Iterator[Record]:
    """The lines that are not blank."""
    for number, line, is_cut in _lines(stream):
        if is_cut:
            yield Record(number, line, reason=TOO_LONG)
        elif line and not line.isspace():
            yield Record(number, line, reason=None if _is_utf8(line) else NOT_UTF8)


def csv_records(stream: Stored, columns: int) -> Iterator[Record]:
    """The records after the header.

    After a record whose quotes are broken, reading goes on with the line after its first: what an unclosed quote
    swallowed is not lost. A record of several lines with other values than the header is one reject: its second
    line might pass for a record.

    Args:
        stream: the file.
        columns: how many values a record has.
    """
    lines = _PushedBack(_lines(stream))
    reader = csv.reader(lines.texts(), strict=True)
    is_header = True
    while True:
        lines.taken.clear()
        row, reason = _next_row(reader)
        if not lines.taken:
            return
        if is_header or (reason is None and not row):
            is_header = is_header and not row  # blank lines may stand before the header
            continue
        while len(row) > columns and row[-1] == "":
            row.pop()  # DuckDB passes over empty values after the last column
        number, raw = lines.taken[0][0], b"".join(line for _, line, _ in lines.taken)
        reason = _csv_reason(lines.taken, raw, len(row) == columns, reason)
        if reason in (UNTERMINATED_QUOTE, TOO_LONG):
            raw = lines.taken[0][1]
            lines.push_back(lines.taken[1:])
            reader = csv.reader(lines.texts(), strict=True)
        yield Record(number, raw, tuple(row), reason)


def _next_row(reader: Iterator[list[str]]) -> tuple[list[str], str | None]:
    try:
        return next(reader, []), None
    except csv.Error as error:
        return [], TOO_LONG if "field limit" in str(error) else UNTERMINATED_QUOTE


def _csv_reason(taken: list[_Line], raw: bytes, is_complete: bool, reason: str | None) -> str | None:
    if any(is_cut for *_, is_cut in taken):
        return TOO_LONG
    if reason is not None:
        return reason
    if not _is_utf8(raw):
        return NOT_UTF8
    return None if is_complete else WRONG_NUMBER_OF_COLUMNS


class _PushedBack:
    """Lines as text, into which lines that were taken too early can be put back."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self.taken: list[_Line] = []
        self._lines = lines
        self._again: deque[_Line] = deque()

    def texts(self) -> Iterator[str]:
        size = 0
        while True:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            size = size + len(line[1]) if self.taken else len(line[1])
            self.taken.append(line)
            if size > RECORD_BYTES:
                raise csv.Error("larger than field limit")
            yield line[1].decode("utf-8", "surrogateescape")

    def push_back(self, lines: list[_Line]) -> None:
        self._again.extendleft(reversed(lines))


def _lines(stream: Stored) -> Iterator[_Line]:
    """The lines of a stream, without ever holding more than a record may have."""
    number = 0
    while line := stream.readline(RECORD_BYTES + 1):
        number += 1
        is_cut = len(line) > RECORD_BYTES and not line.endswith(b"\n")
        if number == 1:
            line = line.removeprefix(UTF8_BOM)
        yield number, line, is_cut
        while is_cut and (more := stream.readline(RECORD_BYTES)) and not more.endswith(b"\n"):
            pass


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
