"""What a chart must answer, by SQL of ours on the published file, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bi.superset.rest import Rows

_ANSWERS = Path(__file__).with_name("answers")
_SHUT: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}

Cells = list[tuple[Any, ...]]


def expected(serving: Path, chart: str) -> tuple[list[str], Cells]:
    """Columns and rows of `answers/<chart>.sql`."""
    with duckdb.connect(serving, read_only=True, config=_SHUT) as connection:
        answer = connection.execute((_ANSWERS / f"{chart}.sql").read_text())
        columns = [column[0] for column in answer.description or []]
        return columns, [tuple(map(plain, row)) for row in answer.fetchall()]


def received(rows: Rows, columns: Sequence[str]) -> Cells:
    """Rows of Superset in the form of `expected`.

    A browser asks charts with series for one column a series: then the last two of the columns are its name and value.
    """
    if rows and set(rows[0]) != set(columns):
        axis = columns[0]
        return [
            (plain(row[axis]), series, plain(value))
            for row in rows
            for series, value in row.items()
            if series != axis and value is not None
        ]
    return [tuple(plain(row[column]) for column in columns) for row in rows]


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers to six decimals, days in milliseconds of UTC."""
    if isinstance(value, datetime | date):
        day = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return day.timestamp() * 1000
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return round(float(value), 6)
    return value


def difference(wanted: Cells, got: Cells, ordered: bool) -> str | None:
    """What is wrong, in words; none when the same. Rows without any value are no answer to anything."""
    wanted, got = ([row for row in rows if any(cell is not None for cell in row)] for rows in (wanted, got))
    if ordered and wanted != got and sorted(wanted, key=repr) == sorted(got, key=repr):
        return "the same rows in another order"
    missing = [row for row in wanted if row not in got]
    unwanted = [row for row in got if row not in wanted]
    if missing or unwanted or len(wanted) != len(got):
        return (
            f"{len(got)} rows for {len(wanted)}; missing {missing[:2]} ({len(missing)}), "
            f"not expected {unwanted[:2]} ({len(unwanted)})"
        )
    return None
