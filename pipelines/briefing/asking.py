"""The numbers of the briefing: each comes from one select, some of them the dashboard's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from pipelines.config import PROJECT_ROOT
from pipelines.serving.reading import reading

_FOLDERS = (Path(__file__).with_name("queries"), PROJECT_ROOT / "dashboard" / "queries")
_PARAMETER = re.compile(r"\$(\w+)")
_EVERYBODY: dict[str, object] = {"owners": [], "plans": [], "segments": []}  # no filter, as the dashboard opens

Rows: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks what is published."""

    connection: duckdb.DuckDBPyConnection

    def ask(self, name: str, **parameters: object) -> Rows:
        """The rows of the query, which takes those of the parameters that it names."""
        sql = query_text(name)
        given = _EVERYBODY | parameters
        result = self.connection.execute(sql, {key: given[key] for key in set(_PARAMETER.findall(sql))})
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@contextmanager
def asking(serving: Path) -> Iterator[Reader]:
    """A reader of the serving file.

    Raises:
        duckdb.Error: there is none, or it lacks a table or column.
    """
    with reading(serving) as connection:
        connection.execute("use serving")
        yield Reader(connection)


def query_text(name: str) -> str:
    """The text of a query, the briefing's own or the dashboard's."""
    return next(path for folder in _FOLDERS if (path := folder / f"{name}.sql").exists()).read_text(encoding="utf-8")
