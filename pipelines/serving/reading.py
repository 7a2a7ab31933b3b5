"""Opens what is published, to read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.sql import literal


@contextmanager
def reading(serving: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which the serving file is attached as `serving`.

    A fresh one in memory: within one process, a path that is open elsewhere would show the old file.

    Raises:
        duckdb.Error: there is no such file, or it cannot be opened.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(serving)} as serving (read_only)")
        yield connection
