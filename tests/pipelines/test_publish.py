"""Publishing: readers see whole refreshes that passed, and nothing else."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.dbt import manifest_path
from pipelines.errors import CommandError, ExitCode
from pipelines.serving import publish as publishing
from pipelines.serving.gate import building, marts_untouched, require_green
from pipelines.serving.publish import PublishResult, publish
from pipelines.serving.relations import PublishError
from tests.pipelines.fakes import DAY, write_manifest, write_marts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings.for_home(tmp_path / "it's a home")
    write_marts(settings)
    return settings


def run_publish(settings: Settings) -> PublishResult:
    return publish(settings, manifest_path(settings), "run-1")


def read(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        location = str(path).replace("'", "''")
        connection.execute(f"attach '{location}' as serving (read_only)")
        connection.execute("use serving")
        return connection.execute(query).fetchall()


def change_warehouse(settings: Settings, statement: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(statement)


def test_marts_become_tables_of_one_readable_file(settings: Settings) -> None:
    result = run_publish(settings)
    assert result.as_of == DAY
    assert [(table.schema, table.name, table.rows) for table in result.tables] == [
        ("marts", "account_health", 4),
        ("marts", "account_segments", 4),
        ("marts", "account_segments_daily", 4),
    ]
    assert result.rows == 12
    assert result.bytes == settings.serving.stat().st_size
    assert stat.S_IMODE(settings.serving.stat().st_mode) == 0o444
    assert read(settings.serving, "select schema_name, table_name from duckdb_tables() order by all") == [
        ("marts", "account_health"),
        ("marts", "account_segments"),
        ("marts", "account_segments_daily"),
        ("ops", "gate_results"),
        ("ops", "published_tables"),
        ("ops", "publishes"),
        ("ops", "run_steps"),
        ("ops", "runs"),
    ]
    assert read(settings.serving, "select health_score from marts.account_health order by 1")[0][0] == 40.25


def test_comments_come_along(settings: Settings) -> None:
    run_publish(settings)
    assert read(settings.serving, "select comment from duckdb_tables() where table_name = 'account_health'") == [
        ("Grain: one row an account's day.",)
    ]
    assert read(
        settings.serving,
        "select column_name, comment from duckdb_columns() where comment <> '' and schema_name = 'marts'",
    ) == [("health_score", "0 to 100.")]


def test_publish_signs_the_file(settings: Settings) -> None:
    run_publish(settings)
    assert read(settings.serving, "select run_id, as_of_date, tables_count, rows_count from ops.publishes") == [
        ("run-1", DAY, 3, 12)
    ]
    assert read(settings.serving, "select count(*), sum(rows_count) from ops.published_tables") == [(3, 12)]


def test_file_has_the_storage_version_that_older_readers_know(settings: Settings) -> None:
    run_publish(settings)
    (tags,) = read(settings.serving, "select tags from duckdb_databases() where database_name = 'serving'")[0]
    assert tags["storage_version"].startswith("v1.4")


def test_tagged_column_stops_publishing_and_is_named(settings: Settings) -> None:
    run_publish(settings)
    before = settings.serving.read_bytes()
    change_warehouse(settings, "alter table marts.account_health add column Contact_Email varchar")
    write_manifest(manifest_path(settings), pii=["contact_email"])
    with pytest.raises(PublishError, match=r"marts.account_health.Contact_Email is tagged as personal data"):
        run_publish(settings)
    assert settings.serving.read_bytes() == before


def test_only_what_models_make_is_published(settings: Settings) -> None:
    change_warehouse(settings, "create table marts.removed_model as select 1 as old")
    result = run_publish(settings)
    assert result.leftovers == ("marts.removed_model",)
    assert read(settings.serving, "select * from duckdb_tables() where table_name = 'removed_model'") == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("drop table marts.account_health", "marts.account_health not in the warehouse"),
        ("drop table intermediate.util_as_of", "util_as_of"),
        ("delete from intermediate.util_as_of", "must hold one date"),
        (
            "create or replace view marts.account_segments as select error('broken') as account_id",
            "broken",
        ),
    ],
    ids=["missing model", "no clock", "empty clock", "failing view"],
)
def test_failure_leaves_readers_what_they_had(settings: Settings, damage: str, message: str) -> None:
    run_publish(settings)
    before = settings.serving.read_bytes()
    change_warehouse(settings, damage)
    with pytest.raises(PublishError, match=message):
        run_publish(settings)
    assert settings.serving.read_bytes() == before
    assert [path.name for path in settings.serving.parent.iterdir() if "serving" in path.name] == ["serving.duckdb"]


def test_rows_that_get_lost_are_noticed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter([4, 3])
    monkeypatch.setattr(publishing, "_count", lambda connection, relation: next(counts))
    with pytest.raises(PublishError, match=r"marts.account_health lost rows"):
        run_publish(settings)
    assert not settings.serving.exists()


def test_no_manifest_no_warehouse_no_models(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="is no manifest of dbt"):
        publish(settings, tmp_path / "absent.json", "run-1")
    write_manifest(manifest_path(settings), models=[])
    with pytest.raises(PublishError, match="has no model in the schemas marts, metrics"):
        run_publish(settings)
    settings.warehouse.unlink()
    with pytest.raises(PublishError, match="There is no warehouse"):
        run_publish(settings)


def test_write_ahead_log_of_the_target_is_refused(settings: Settings) -> None:
    wal = settings.serving.with_name("serving.duckdb.wal")
    wal.write_bytes(b"x")
    with pytest.raises(PublishError, match="somebody wrote to the serving file"):
        run_publish(settings)
    assert wal.exists()


def test_remains_of_a_killed_publish_are_swept(settings: Settings) -> None:
    remains = settings.serving.with_name(".serving.duckdb.next")
    remains.write_bytes(b"half a file")
    run_publish(settings)
    assert not remains.exists()


def test_open_reader_keeps_its_snapshot(settings: Settings) -> None:
    run_publish(settings)
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\n"
            "c = duckdb.connect(sys.argv[1], read_only=True)\n"
            "for line in sys.stdin:\n"
            "    rows = c.execute('select max(as_of_date)::varchar, count(*) from marts.account_health')\n"
            "    print(rows.fetchone(), flush=True)",
            str(settings.serving),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        questions, answers = reader.stdin, reader.stdout
        assert questions is not None
        assert answers is not None

        def ask() -> str:
            print("?", file=questions, flush=True)
            return answers.readline().strip()

        assert ask() == "('2026-03-31', 4)"
        write_marts(settings, date(2026, 4, 1), accounts=9)
        run_publish(settings)
        assert ask() == "('2026-03-31', 4)"
        questions.close()
    assert read(settings.serving, "select max(as_of_date), count(*) from marts.account_health") == [
        (date(2026, 4, 1), 9)
    ]


def test_readers_never_see_a_mixed_or_missing_file(settings: Settings) -> None:
    run_publish(settings)
    seen: list[tuple[Any, ...]] = []
    stop = threading.Event()

    def keep_reading() -> None:
        while not stop.is_set():
            seen.extend(
                read(
                    settings.serving,
                    "select (select count(*) from marts.account_health),"
                    " (select count(*) from marts.account_segments), rows_count from ops.publishes",
                )
            )

    reader = threading.Thread(target=keep_reading)
    reader.start()
    for accounts in range(5, 15):
        write_marts(settings, accounts=accounts)
        run_publish(settings)
    stop.set()
    reader.join()
    assert len(seen) > 3
    assert all(health == segments and rows == 3 * health for health, segments, rows in seen)


@pytest.mark.parametrize(
    "attempt",
    [
        "select * from read_csv('/etc/passwd')",
        "copy marts.account_health to '/tmp/stolen.csv'",
        "attach '/tmp/other.duckdb' as other",
        "set enable_external_access = true",
        "create table marts.mine as select 1",
        "delete from marts.account_health",
    ],
)
def test_documented_connection_can_only_read(settings: Settings, attempt: str) -> None:
    run_publish(settings)
    safe: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
    with duckdb.connect(str(settings.serving), read_only=True, config=safe) as connection:
        assert connection.execute("select count(*) from marts.account_health").fetchone() == (4,)
        with pytest.raises(duckdb.Error):
            connection.execute(attempt)


def raise_error() -> None:
    raise RuntimeError("build failed")


def touch_marts(settings: Settings) -> None:
    change_warehouse(settings, "create table marts.by_hand as select range as i from range(100000)")


@pytest.mark.parametrize(
    ("during", "message"), [(raise_error, "failed"), (None, "No build")], ids=["failed", "never built"]
)
def test_gate_refuses_what_did_not_pass(settings: Settings, during: Callable[[], None] | None, message: str) -> None:
    if during:
        with pytest.raises(RuntimeError), building(settings, "run-1", DAY, "inputs"):
            during()
    with pytest.raises(CommandError, match=message) as refused:
        require_green(settings)
    assert refused.value.exit_code == ExitCode.GATE_FAILED


def test_gate_is_shut_while_building_and_open_after(settings: Settings) -> None:
    with building(settings, "run-1", DAY, "inputs"), pytest.raises(CommandError, match="did not come to its end"):
        require_green(settings)
    require_green(settings)
    read(settings.warehouse, "select 1")
    require_green(settings)


def test_gate_notices_a_build_by_other_means_but_not_landing(settings: Settings) -> None:
    with building(settings, "run-1", DAY, "inputs"):
        pass
    with marts_untouched(settings):
        change_warehouse(settings, "create table landed as select range as i from range(100000)")
    require_green(settings)
    touch_marts(settings)
    with pytest.raises(CommandError, match="was written after its last green build"):
        require_green(settings)
    with marts_untouched(settings):
        pass
    with pytest.raises(CommandError, match="was written after"):
        require_green(settings)
