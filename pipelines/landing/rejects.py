"""Records that do not land: why, from which line of which file, and as what text, in `raw_<system>.rejected_rows`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.contract import DROP_DATE, DataType
from pipelines.landing.files import ExportFile

REJECTS = "rejected_rows"

REJECT_COLUMNS: dict[str, DataType] = {
    "file": "varchar",
    "table_name": "varchar",
    "line_number": "bigint",
    "reason": "varchar",
    "detail": "varchar",
    "raw_text": "varchar",
    DROP_DATE: "date",
}

RAW_TEXT_BYTES = 64 * 1024

_BUFFERED_ROWS, _BUFFERED_BYTES = 10_000, 16 * 1024 * 1024
_ARROW = {"varchar": pa.string(), "bigint": pa.int64(), "date": pa.date32()}
_SCHEMA = pa.schema([(name, _ARROW[kind]) for name, kind in REJECT_COLUMNS.items()])


class Rejects:
    """Collects rejects in Parquet files, at most as many as a load may have; counts them all.

    Attributes:
        count: all rejects, also those beyond the budget, which are counted and not written.
        by_file: number by (reason, detail) of each file.
        paths: the Parquet files; complete after `flush`.
    """

    def __init__(self, folder: Path, budget: int) -> None:
        self.count = 0
        self.by_file: dict[str, Counter[tuple[str, str]]] = {}
        self.paths: list[Path] = []
        self._folder, self._budget = folder, budget
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def add(self, file: ExportFile, line: int, reason: str, detail: str, raw: bytes) -> None:
        """Note one reject; its text is cut where it is long."""
        self.count += 1
        self.by_file.setdefault(file.path, Counter())[reason, detail] += 1
        if self.count > self._budget:
            return
        if len(raw) > RAW_TEXT_BYTES:
            raw, detail = raw[:RAW_TEXT_BYTES], f"{detail}; raw_text is cut after {RAW_TEXT_BYTES:,} bytes"
        text = raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        values = (file.path, file.table, line, reason, detail, text, file.drop_date)
        self._rows.append(dict(zip(REJECT_COLUMNS, values, strict=True)))
        self._bytes += len(raw)
        if len(self._rows) >= _BUFFERED_ROWS or self._bytes >= _BUFFERED_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet."""
        if self._rows:
            path = self._folder / f"{REJECTS}-{len(self.paths)}.parquet"
            pq.write_table(pa.Table.from_pylist(self._rows, schema=_SCHEMA), path)
            self.paths.append(path)
        self._rows, self._bytes = [], 0
