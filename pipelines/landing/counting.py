"""Counts the records of a text file at the speed of a memory scan, one block after the other."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pipelines.landing.contract import Limits
from pipelines.landing.errors import FileError

BLOCK_BYTES = 1024 * 1024
RECORD_BYTES = 16 * 1024 * 1024
"""A longer record is taken for garbage."""

UTF8_BOM = b"\xef\xbb\xbf"

csv.field_size_limit(RECORD_BYTES)  # a Salesforce long text area may exceed Python's default of 128 KiB

_ALL_BUT_QUOTES_AND_NEWLINES = bytes(set(range(256)) - set(b'"\n'))


class Stored(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


def unpacked(stored: Stored, path: str) -> Stored:
    """The bytes of a file as they were before compression."""
    return gzip.GzipFile(fileobj=stored) if path.endswith(".gz") else stored  # type: ignore[call-overload]


def blocks(stored: Stored, path: str, stored_bytes: int, limits: Limits) -> Iterator[bytes]:
    """The unpacked bytes of a file, never more than a block in memory.

    Raises:
        FileError: it unpacks to far more than any export does.
    """
    if path.endswith(".gz") and stored_bytes == 0:
        raise FileError(path, "broken gzip stream: it has no bytes at all")
    total, stream = 0, unpacked(stored, path)
    while block := stream.read(BLOCK_BYTES):
        total += len(block)
        if path.endswith(".gz") and total > max(limits.unpacked_bytes, limits.unpacked_ratio * stored_bytes):
            reason = f"unpacks to more than {limits.unpacked_ratio} times its size and {limits.unpacked_bytes:,} bytes"
            raise FileError(path, f"{reason}: a gzip bomb, or raise config.meta.limits in its source")
        yield block


class LineCounter:
    """Counts the lines of a file that are not blank; feed it with blocks that may end anywhere.

    In a file of several blocks only blank lines at its beginning and its end are left out. Others are so rare that
    it costs less to find the count wrong, and to read that file carefully, than to look for them in every file.

    Attributes:
        lines: the count, once finished.
        longest: length of the longest line, at least where that exceeds a block.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.longest = 0
        self._line_bytes = 0
        self._blocks = 0
        self._last = b""

    def feed(self, block: bytes) -> None:
        """Count one block."""
        if not self._blocks:
            self.lines -= block[: len(block) - len(block.lstrip())].count(b"\n")
        self.lines += block.count(b"\n")
        end = block.rfind(b"\n") + 1
        self._line_bytes = len(block) - end if end else self._line_bytes + len(block)
        self.longest = max(self.longest, self._line_bytes)
        self._blocks += 1
        self._last = block

    def finish(self) -> None:
        """Count the last line, which may lack its newline or be blank."""
        if self._blocks == 1:
            self.lines = sum(1 for line in self._last.split(b"\n") if line and not line.isspace())
            return
        text = self._last.rstrip()
        newlines = self._last[len(text) :].count(b"\n")
        self.lines += 1 - newlines if text else 0


class CsvCounter:
    """Counts CSV records, their header among them, by newlines outside quotes; feed it with blocks."""

    def __init__(self) -> None:
        self.records = 0
        self.lines = 0
        """Never fewer than records, whatever is wrong with the quotes."""
        self.is_plain = True
        """False when a blank line or an old line end came: then only a CSV parser can count."""
        self._in_quotes = False
        self._last = b"\n"

    def feed(self, block: bytes) -> None:
        """Count the newlines that end a record."""
        seam = self._last + block
        self.is_plain &= not (b"\n\n" in seam or b"\n\r" in seam or block.count(b"\r") != seam.count(b"\r\n"))
        self._last = block[-1:] if block[-1:] != b"\r" else b"\r"
        marks = (b'"' if self._in_quotes else b"") + block.translate(None, _ALL_BUT_QUOTES_AND_NEWLINES)
        outside = marks.replace(b'""', b"").split(b'"')  # neighbours hold no newline between them
        self.records += sum(part.count(b"\n") for part in outside[::2])
        self._in_quotes = len(outside) % 2 == 0
        self.lines += block.count(b"\n") + block.count(b"\r")

    def finish(self) -> None:
        """Count the last record, which may lack its newline."""
        self.records += self._last != b"\n"
        self.lines += self._last != b"\n"


def parse_csv_records(path: str) -> int | None:
    """CSV records of a file, its header among them, by parsing; None when it is malformed."""
    with Path(path).open("rb") as stored:
        binary = gzip.GzipFile(fileobj=stored) if path.endswith(".gz") else stored
        text = io.TextIOWrapper(binary, "utf-8-sig", "surrogateescape", newline="")
        try:
            return sum(1 for row in csv.reader(text, strict=True) if row)
        except csv.Error:
            return None
