"""The published file, opened so that it can only be read, and opened anew once a refresh has replaced it.

Every number of the dashboard comes from here: `select(name)` runs `queries/<name>.sql`, one select on the marts, and
keeps the answer as long as the file is the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from pipelines.config import Settings
from pipelines.sql import literal

QUERIES = Path(__file__).with_name("queries")

Stamp = tuple[int, int, int]
_PARAMETER = re.compile(r"\$(\w+)")
_CLOSED = """
    set TimeZone = 'UTC';
    set enable_external_access = false;
    set lock_configuration = true
"""


class NothingPublishedError(Exception):
    """There is no serving file yet, or it cannot be opened."""


def current_stamp() -> Stamp:
    """What tells one publish from the next: inode, time and size of the serving file.

    Raises:
        NothingPublishedError: there is none.
    """
    path = Settings.from_env().serving
    try:
        stat = path.stat()
    except OSError as error:
        raise NothingPublishedError(f"Nothing is published at {path}. Run `account-health nightly` first.") from error
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def select(name: str, **parameters: str | int | Sequence[str] | None) -> pd.DataFrame:
    """The rows of `queries/<name>.sql`, which takes those of the parameters that it names.

    Raises:
        NothingPublishedError: there is no serving file.
        duckdb.Error: the file lacks a table or column of the query: an older version has published it.
    """
    sql = query_text(name)
    named = set(_PARAMETER.findall(sql))
    given = tuple(
        (key, value if isinstance(value, str | int | None) else tuple(value))
        for key, value in sorted(parameters.items())
        if key in named
    )
    return _rows(str(Settings.from_env().serving), current_stamp(), sql, given)


def query_text(name: str) -> str:
    """The text of a query."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


@st.cache_data(max_entries=1000, show_spinner=False)
def _rows(path: str, stamp: Stamp, sql: str, parameters: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters}
    with _attached(path, stamp).cursor() as cursor:
        cursor.execute("use serving")
        return cursor.execute(sql, values).df()


@st.cache_resource(max_entries=2, show_spinner=False)
def _attached(path: str, stamp: Stamp) -> duckdb.DuckDBPyConnection:
    """A connection of its own a publish: `connect(path)` would go on reading the old file while another has it open.

    Read-only alone does not keep a client from other files of the machine; after the file is attached the door is shut.
    """
    del stamp  # it only tells publishes apart
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        connection.execute(f"attach {literal(path)} as serving (read_only)")
    except duckdb.Error as error:
        raise NothingPublishedError(f"{path} cannot be opened: {error}") from error
    connection.execute(_CLOSED)
    return connection
