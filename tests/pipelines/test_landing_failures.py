"""A broken file stops its own system, names itself, and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.config import Settings
from pipelines.landing import SYSTEMS, LandingResult, land
from tests.conftest import Drop

DAY, NEXT_DAY = "2026-01-01", "2026-01-02"
FINE = '{"messageId": "m"}\n' * 20  # more records than are looked at before the load
SECRET = "ada@example.com"
USER_HEADER = "Id,Name,Email,ManagerId,UserRoleId,Title,IsActive,LastLoginDate,CreatedDate,LastModifiedDate,"
USER_HEADER += "SystemModstamp\n"
HISTORY_HEADER = "Id,OpportunityId,StageName,Amount,PrevAmount,CloseDate,PrevCloseDate,Probability,"
HISTORY_HEADER += "ExpectedRevenue,ForecastCategory,CreatedById,IsDeleted,CreatedDate,SystemModstamp\n"


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def land_one(settings: Settings, system: str) -> LandingResult:
    (result,) = land([system], settings)
    return result


def assert_nothing_landed(settings: Settings, system: str, table: str) -> None:
    if not settings.warehouse.exists():
        return
    names = query(settings, f"select table_name from duckdb_tables() where schema_name = 'raw_{system}'")
    for name in {table, "landed_files"} & {name for (name,) in names}:
        assert query(settings, f"select count(*) from raw_{system}.{name}") == [(0,)]


def parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("tracks-0.jsonl", "{\n", "line 1: malformed JSON"),
        ("tracks-0.jsonl", "[]\n", "line 1: not a JSON object"),
        ("tracks-0.jsonl", '{"event": "x"}\n', "line 1: the record lacks the key field messageId"),
        ("tracks-0.jsonl", FINE + '{"messageId"\n', "line 21: malformed JSON"),
        ("tracks-0.jsonl", FINE + f'["{SECRET}"]\n', "line 21: not a JSON object"),
        (
            "tracks-0.jsonl",
            FINE + f'{{"messageId": "m", "sentAt": "{SECRET}"}}\n',
            "line 21: field sentAt holds",
        ),
        (
            "tracks-0.jsonl",
            FINE + f'{{"userId": "{SECRET}", "userId": 1}}\n',
            "an object has the same key twice",
        ),
        ("tracks-0.jsonl", FINE.encode() + b'{"messageId": "\xff"}\n', "malformed JSON"),
        ("tracks-0.jsonl.gz", gzip.compress(FINE.encode() * 999)[:-20], "broken gzip stream"),
        ("tracks-0.jsonl.gz", b"", "broken gzip stream"),
        ("tracks-0.jsonl.gz", FINE.encode(), "broken gzip stream"),
        ("tracks-0.csv", "", "is empty: not even a header line"),
        ("tracks-0.csv", "messageId,type\nm,track\n", "lost the column userId, anonymousId, event"),
        ("tracks-0.csv", "messageId,messageId\n", "line 1: has the column messageId twice"),
        ("tracks-0.csv", b"messageId,\xff\n", "is not UTF-8 text"),
        ("tracks-0.parquet", b"PAR1", "cannot be read as parquet"),
        ("tracks-0.parquet", parquet(messageId=["m"]), "lost the column type, userId"),
    ],
)
def test_a_broken_file_names_itself(
    settings: Settings, drop: Drop, name: str, content: bytes | str, reason: str
) -> None:
    path = drop("product", DAY, name, "")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    drop("product", DAY, "identifies-0.jsonl", [{"messageId": "i"}])
    error = land_one(settings, "product").error
    assert error is not None
    assert error.startswith(f"product/{DAY}/{name}")
    assert reason in error
    assert SECRET not in error
    assert "\n" not in error
    assert_nothing_landed(settings, "product", "tracks")
    assert_nothing_landed(settings, "product", "identifies")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HISTORY_HEADER + f"{SECRET},1\n", "line 2: a row has another number of columns than the header"),
        (HISTORY_HEADER + f'"{SECRET}', "cannot be read as csv"),
        (
            HISTORY_HEADER + f"i,o,s,{SECRET},,,,,,,,,,\n",
            "line 2: column Amount holds a value that is no double",
        ),
    ],
    ids=["columns", "quote", "type"],
)
def test_a_broken_csv_names_its_line(
    settings: Settings, drop: Drop, capfd: pytest.CaptureFixture[str], content: str, reason: str
) -> None:
    drop("crm", DAY, "OpportunityHistory.csv", content)
    error = land_one(settings, "crm").error
    assert error is not None
    assert error.startswith(f"crm/{DAY}/OpportunityHistory.csv")
    assert reason in error
    assert SECRET not in error
    written = [path.read_bytes() for path in settings.dlt_dir.rglob("*") if path.is_file()]
    assert not [content for content in written if SECRET.encode() in content]
    assert SECRET not in "".join(capfd.readouterr())


@pytest.mark.parametrize("value", ["1.5", '"1.5"', "1e-1"])
def test_a_fraction_is_not_rounded_into_a_whole_number(settings: Settings, drop: Drop, value: str) -> None:
    drop("billing", DAY, "customers.jsonl", f'{{"id": "cus_1", "balance": {value}}}\n')
    assert land_one(settings, "billing").error == (
        f"billing/{DAY}/customers.jsonl: column balance is not a whole number"
    )


def test_the_other_systems_go_on(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [{"messageId": "m1"}])
    drop("crm", DAY, "User.csv", USER_HEADER + "broken\n")
    drop("billing", DAY, "customers.jsonl", [{"id": "cus_1"}])
    results = {result.system: result for result in land(SYSTEMS, settings)}
    assert [system for system, result in results.items() if not result.ok] == ["crm"]
    assert [results[system].rows for system in SYSTEMS] == [1, 0, 1, 0]


def test_a_failure_spares_what_landed_before_and_blocks_nothing_after(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [{"messageId": "m1"}])
    land_one(settings, "product")
    broken = drop("product", NEXT_DAY, "tracks-0.jsonl", FINE + "{")
    drop("product", NEXT_DAY, "groups-0.jsonl", [{"messageId": "g1"}])
    assert not land_one(settings, "product").ok
    assert query(settings, "select message_id from raw_product.tracks") == [("m1",)]
    assert query(settings, "select count(*) from raw_product.groups") == [(0,)]
    assert query(settings, "select count(*) from raw_product.landed_files") == [(1,)]

    broken.write_text('{"messageId": "m2"}\n')
    result = land_one(settings, "product")
    assert (result.rows, result.error) == (2, None)
    assert query(settings, "select message_id from raw_product.tracks order by 1") == [("m1",), ("m2",)]
    assert query(settings, "select count(*) from raw_product.groups") == [(1,)]
    assert query(
        settings,
        "select count(*) from raw_product.landed_files where _dlt_load_id not in "
        "(select load_id from raw_product._dlt_loads where status = 0)",
    ) == [(0,)]


def test_a_new_field_is_reported_once_and_not_landed(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [{"messageId": "m1", "channel": "web", "version": "2"}])
    drop("crm", DAY, "User.csv", USER_HEADER.replace("Id,", "Alias,Id,", 1))
    first = land(["product", "crm"], settings)
    drop("product", NEXT_DAY, "tracks-0.jsonl", [{"messageId": "m2", "channel": "web", "region": "eu"}])
    second = land_one(settings, "product")
    stray = "not landed, as table {} does not have them: {}"
    assert first[0].warnings == (f"product/{DAY}/tracks-0.jsonl: {stray.format('tracks', 'channel, version')}",)
    assert first[1].warnings == (f"crm/{DAY}/User.csv: {stray.format('users', 'Alias')}",)
    assert second.warnings == (f"product/{NEXT_DAY}/tracks-0.jsonl: {stray.format('tracks', 'region')}",)
    assert second.rows == 1
    columns = {row[0] for row in query(settings, "describe raw_product.tracks")}
    assert not columns & {"channel", "version", "region"}


def test_a_field_that_the_contract_ignores_is_not_reported(settings: Settings, drop: Drop) -> None:
    drop("billing", DAY, "meters-0.jsonl", [{"id": "mtr_1", "event_time_window": None, "colour": "red"}])
    (warning,) = land_one(settings, "billing").warnings
    assert warning.endswith("table meters does not have them: colour")


def test_a_locked_warehouse_is_said_in_one_line(settings: Settings, drop: Drop) -> None:
    import subprocess
    import sys

    drop("product", DAY, "tracks-0.jsonl", [{"messageId": "m1"}])
    land_one(settings, "product")
    holder = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(settings.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        error = land_one(settings, "product").error
    finally:
        process.communicate()
    assert error is not None
    assert "cannot open the warehouse" in error
    assert "\n" not in error
