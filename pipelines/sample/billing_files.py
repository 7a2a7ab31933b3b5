"""Collects exported rows by table and drop day and appends them to the day's files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pipelines.sample.billing_time import Calendar

_FLUSH_BYTES = 48 * 1024 * 1024


class DropFiles:
    """Writes `<root>/<drop day>/<table>.<suffix>`, one JSON object a line, in the order of adding."""

    def __init__(self, root: Path, calendar: Calendar, suffix: str) -> None:
        self._root = root
        self._calendar = calendar
        self._suffix = suffix
        self._rows: dict[tuple[str, int], list[str]] = {}
        self._held = 0
        self._begun: dict[tuple[str, int], None] = {}

    def add(self, table: str, day: int, row: dict[str, object]) -> None:
        self.add_text(table, day, json.dumps(row, ensure_ascii=False, separators=(",", ":")))

    def add_text(self, table: str, day: int, line: str) -> None:
        """Adds JSON text, one line or several; days outside the window are dropped."""
        if not 0 <= day < self._calendar.days:
            return
        self._rows.setdefault((table, day), []).append(line)
        self._held += len(line)
        if self._held > _FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what is held; the first write of a file replaces one that an earlier run left."""
        for (table, day), lines in self._rows.items():
            folder = self._root / date.isoformat(self._calendar.date_of(day))
            folder.mkdir(parents=True, exist_ok=True)
            mode = "a" if (table, day) in self._begun else "w"
            with (folder / f"{table}.{self._suffix}").open(mode, encoding="utf-8", newline="\n") as file:
                file.write("\n".join(lines))
                file.write("\n")
            self._begun[table, day] = None
        self._rows.clear()
        self._held = 0
