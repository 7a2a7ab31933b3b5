"""Takes the measures in the gate's own process, and reads the failed days from them. Needs no Great Expectations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from pipelines.sql import literal


class MeasureError(Exception):
    """A table could not be measured."""


def take_measures(connection: Any, warehouse: str, statements: Sequence[Sequence[str]]) -> None:
    """Runs `statements` (label, SQL) with `warehouse` attached read-only; afterwards no file can be reached any more.

    Raises:
        MeasureError: a statement failed; the message holds no value of a row.
    """
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach {literal(warehouse)} as warehouse (read_only)")
    try:
        for label, statement in statements:
            try:
                connection.execute(statement)
            except duckdb.Error as error:
                raise MeasureError(f"{label}: {_safe(error)}") from error
    finally:
        connection.execute("detach warehouse")
    connection.execute("set enable_external_access = false")


def failed_days(connection: Any, suites: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One record an expectation, with all days that fail it: Great Expectations hands out the first 200 rows only."""
    return [
        {
            "system": suite["system"],
            "id": item["id"],
            "severity": item["severity"],
            "description": item["description"],
            "days": [
                [day.isoformat(), measured, compared_with]
                for day, measured, compared_with in connection.execute(
                    f"select drop_date, measured, compared_with from {suite['day_table']}"
                    f" where {item['failed_days']} order by drop_date"
                ).fetchall()
            ],
        }
        for suite in suites
        for item in suite["expectations"]
    ]


def _safe(error: duckdb.Error) -> str:
    """What may be said of an error: that of a query names the query's parts, any other could quote a row."""
    kind = type(error).__name__
    is_of_the_query = isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException)
    return f"{kind}: {str(error).splitlines()[0]}" if is_of_the_query else kind
