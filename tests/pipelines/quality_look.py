"""Two ways to look without a process: with Great Expectations, and with DuckDB alone for tests of many nights."""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.quality.facts import failed_days, take_measures


def look_here(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """What the gate's process does, in this one: the import is paid once for all tests."""
    from pipelines.quality.validate import run

    return run(request)


def look_plainly(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """The same measures and days; Great Expectations agrees with them, or the gate raises."""
    with duckdb.connect() as connection:
        take_measures(connection, request["warehouse"], request["statements"])
        return {"results": failed_days(connection, request["suites"]), "seconds": {}}
