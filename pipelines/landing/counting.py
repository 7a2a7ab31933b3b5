"""Counts the records of a text file at the speed of a memory scan, one block after the other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from isal import igzip, isal_zlib  # three times as fast as gzip: unpacking is most of what inspecting costs

from pipelines.landing.contract import Limits
from pipelines.landing.errors import FileError

BLOCK_BYTES = 256 * 1024  # larger ones are given back to the system and cleared anew each time
RECORD_BYTES = 16 * 1024 * 1024
"""A longer record is taken for garbage."""

UTF8_BOM = b"\xef\xbb\xbf"
UNPACK_ERROR = cast(type[Exception], isal_zlib.error)

csv.field_size_limit(RECORD_BYTES)  # a Salesforce long text area may exceed Python's default of 128 KiB

_NEWLINE, _QUOTE = b'\n"'


class Stored(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


def gunzip(stored: Stored) -> Any:
    """The unpacked bytes of a gzip stream, as a file."""
    return igzip.IGzipFile(fileobj=stored)  # type: ignore[no-untyped-call]


def unpacked(stored: Stored, path: str) -> Stored:
    """The bytes of a file as they were before compression."""
    return gunzip(stored) if path.endswith(".gz") else stored


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
        self.lines += int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE))  # half the cost of bytes.count
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
    """Counts CSV records, their header among them, by newlines outside quotes; feed it with blocks.

    Attributes:
        records: the count, once finished; as with lines, blank ones in the midst of a file make it too high.
        lines: never fewer than records, whatever is wrong with the quotes.
        has_old_line_ends: a line ends with a carriage return alone; then only a CSV parser can count.
    """

    def __init__(self) -> None:
        self.records = 0
        self.lines = 0
        self.has_old_line_ends = False
        self._in_quotes = False
        self._last = b""

    def feed(self, block: bytes) -> None:
        """Count the newlines that end a record."""
        if not self._last:
            self.records -= block[: len(block) - len(block.lstrip())].count(b"\n")
        returns = block.count(b"\r")
        if returns or self._last.endswith(b"\r"):
            seam = self._last[-1:] + block
            self.has_old_line_ends |= seam[:-1].count(b"\r") != seam.count(b"\r\n")
        self._last = block
        text = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(text == _NEWLINE)
        self.lines += len(ends) + returns
        # whether each line has an odd number of quotes, from which follows whether its newline stands inside quotes
        is_odd = np.bitwise_xor.reduceat((text == _QUOTE).view(np.uint8), np.concatenate(([0], ends)))
        is_odd[0] ^= self._in_quotes
        in_quotes = np.bitwise_xor.accumulate(is_odd)
        self.records += int(np.count_nonzero(in_quotes[:-1] == 0))
        self._in_quotes = bool(in_quotes[-1])

    def finish(self) -> None:
        """Count the last record, which may lack its newline or be followed by blank lines."""
        text = self._last.rstrip(b"\r\n")
        if text:
            self.records += 1 - self._last[len(text) :].count(b"\n")
            self.lines += 1
        self.has_old_line_ends |= self._last.endswith(b"\r")


def parse_csv_records(path: str) -> int | None:
    """CSV records of a file, its header among them, by parsing; None when it is malformed."""
    with Path(path).open("rb") as stored:
        binary = gunzip(stored) if path.endswith(".gz") else stored
        text = io.TextIOWrapper(binary, "utf-8-sig", "surrogateescape", newline="")
        try:
            return sum(1 for row in csv.reader(text, strict=True) if row)
        except csv.Error:
            return None
