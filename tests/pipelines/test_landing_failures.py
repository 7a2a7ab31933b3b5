"""A broken file stops its own system, names itself, and leaves nothing behind; the other systems go on."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipelines.config import Settings
from pipelines.landing import SYSTEMS, land
from pipelines.landing.inspect import inspect
from tests.conftest import Drop
from tests.pipelines.records import (
    DAY,
    NEXT_DAY,
    USER_HEADER,
    customer,
    fine,
    group,
    identify,
    land_one,
    line,
    query,
    ticket,
    track,
    user,
    users,
)

SECRET = "ada@example.com"


def assert_nothing_landed(settings: Settings, system: str) -> None:
    tables = query(settings, f"select table_name from duckdb_tables() where schema_name = 'raw_{system}'")
    for (table,) in tables:
        if not table.startswith("_dlt"):
            assert query(settings, f"select count(*) from raw_{system}.{table}") == [(0,)]


def parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


HTML = "<!DOCTYPE html><html><body>503 Service Unavailable</body></html>"
BROKEN = [
    ("tracks-0.jsonl.gz", gzip.compress(fine(99).encode())[:-20], "broken gzip stream"),
    ("tracks-0.jsonl.gz", b"", "broken gzip stream"),
    ("tracks-0.jsonl.gz", fine(9), "broken gzip stream"),
    ("tracks-0.csv", "", "is empty: not even a header line"),
    ("tracks-0.csv", HTML, "is an HTML or XML page"),
    ("tracks-0.jsonl", "\n" + HTML, "is an HTML or XML page"),
    ("tracks-0.csv", fine(1).encode("utf-16"), "is UTF-16 text"),
    ("tracks-0.jsonl", fine(1).encode("utf-16-be"), "is UTF-16 text"),
    ("tracks-0.csv", "messageId,type\nm,track\n", "lost the column userId, anonymousId, event"),
    ("tracks-0.csv", ",".join(track(1)) + ",type\n", "line 1: has the column type twice"),
    ("tracks-0.csv", ",".join(track(1)) + ",Type\n", "line 1: has the column type twice, or twice but for its case"),
    ("tracks-0.csv", ",".join(track(1)) + ",\n", "line 1: has a column without a name"),
    ("tracks-0.csv", b"messageId,\xff\n", "line 1: its header is not UTF-8 text"),
    ("tracks-0.jsonl", line(track(1, Event="x")), "has the column Event, which differs from event only in its case"),
    ("tracks-0.parquet", b"PAR1", "cannot be read as parquet"),
    ("tracks-0.parquet", parquet(messageId=["m"]), "lost the column type, userId"),
    (
        "tracks-0.jsonl",
        fine(9) + f"{SECRET}\n",
        "1 of its 10 records cannot land (1: the line is no JSON); 1 of the 11",
    ),
]


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN, ids=[f"{name} {why}" for name, _, why in BROKEN])
def test_a_broken_file_names_itself(
    settings: Settings, drop: Drop, name: str, content: bytes | str, reason: str
) -> None:
    drop("product", DAY, name, "").write_bytes(content if isinstance(content, bytes) else content.encode())
    drop("product", DAY, "identifies-0.jsonl", [identify(1)])
    error = land_one(settings, "product").error
    assert error is not None
    assert error.startswith(f"product/{DAY}/{name}")
    assert reason in error
    assert SECRET not in error
    assert "\n" not in error
    assert_nothing_landed(settings, "product")


def test_a_changed_type_fails_the_system(settings: Settings, drop: Drop) -> None:
    """Also when its rows are few among those of the system."""
    drop("zendesk", DAY, "organizations.jsonl", "".join(line(ticket(n)) for n in range(500)))
    drop("zendesk", DAY, "tickets.jsonl", "".join(line(ticket(n) | {"id": f"t{n}"}) for n in range(3)))
    error = land_one(settings, "zendesk").error
    assert error == (f"zendesk/{DAY}/tickets.jsonl: column id has changed its type: none of its 3 values is a bigint")
    drop("zendesk", DAY, "tickets.jsonl", "".join(line(ticket(n) | {"id": f"t{n}"}) for n in range(2)))
    assert land_one(settings, "zendesk").rejected == 2


def test_the_share_of_rejects_is_of_the_whole_run(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", fine(18) + "x\ny\n")
    assert "2 of the 20 records of product would be rejected, more than the share of 0.05" in (
        land_one(settings, "product").error or ""
    )
    drop("product", NEXT_DAY, "tracks-0.jsonl", fine(20))
    assert land_one(settings, "product").rejected == 2


def test_limits_are_those_of_the_contract(settings: Settings, drop: Drop, tmp_path: Path) -> None:
    for path in settings.contract_dir.glob("*.yml"):
        contract = yaml.safe_load(path.read_text())
        contract["sources"][0]["config"]["meta"]["limits"] = {"rejected_share": 0.5, "unpacked_bytes": 9_000_000}
        (tmp_path / path.name).write_text(yaml.safe_dump(contract))
    tolerant = replace(settings, contract_dir=tmp_path)
    drop("product", DAY, "tracks-0.jsonl", fine(1) + "x\n")
    assert land_one(tolerant, "product").rejected == 1
    drop("product", NEXT_DAY, "tracks-0.jsonl.gz", line(track(1, event="x" * 10_000_000)))
    assert "a gzip bomb" in (land_one(tolerant, "product").error or "")


def test_a_gzip_bomb_is_not_unpacked(settings: Settings, drop: Drop) -> None:
    path = drop("product", DAY, "tracks-0.jsonl.gz", "")
    with gzip.open(path, "wb", 6) as file:
        for _ in range(300):
            file.write(b"a" * 1024 * 1024)
    tracemalloc.start()
    error = land_one(settings, "product").error
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than 100 times its size and 268,435,456 bytes: a gzip bomb" in (error or "")
    assert peak < 100 * 1024 * 1024
    assert_nothing_landed(settings, "product")


def test_a_file_that_grows_is_taken_back(settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop("product", DAY, "tracks-0.jsonl", fine(3))

    def inspect_and_grow(*arguments: Any) -> Any:
        inspected = inspect(*arguments)
        with path.open("a") as file:
            file.write(line(track(4)))
        return inspected

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.landing.system.inspect", inspect_and_grow)
        error = land_one(settings, "product").error
    assert error == f"product/{DAY}/tracks-0.jsonl: changed while it was read: it is still being written; land it later"
    assert_nothing_landed(settings, "product")
    assert query(settings, "select count(*) from raw_product._dlt_loads") == [(0,)]
    assert land_one(settings, "product").rows == 4
    assert query(settings, "select version from raw_product.landed_files") == [(1,)]


def test_a_file_that_grows_after_its_load_is_taken_back(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop("product", DAY, "tracks-0.jsonl", fine(3))

    def count_and_grow(*_: Any) -> list[str]:
        path.write_text(fine(4))
        return []

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.landing.system.miscounted", count_and_grow)
        assert "still being written" in (land_one(settings, "product").error or "")
    assert_nothing_landed(settings, "product")
    assert land_one(settings, "product").rows == 4


def test_a_load_is_counted_again_when_nobody_could(
    settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died after the load had completed and before its rows were counted."""
    drop("product", DAY, "tracks-0.jsonl", fine(3))
    drop("product", DAY, "groups-0.jsonl", [group(1)])
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.landing.system.miscounted", lambda *_: [])
        load_id = land_one(settings, "product").load_id
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("delete from raw_product.tracks where message_id = 'm2'")
    again = land_one(settings, "product")
    assert (again.rows, again.error) == (4, None)
    assert again.load_id != load_id
    assert query(settings, "select message_id from raw_product.tracks order by 1") == [("m1",), ("m2",), ("m3",)]
    assert query(settings, "select count(*) from raw_product._dlt_loads") == [(1,)]


def test_the_other_systems_go_on(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [track(1)])
    drop("crm", DAY, "User.csv", USER_HEADER + "broken\n")
    drop("billing", DAY, "customers.jsonl", [customer(1)])
    results = {result.system: result for result in land(SYSTEMS, settings)}
    assert [system for system, result in results.items() if not result.ok] == ["crm"]
    assert [results[system].rows for system in SYSTEMS] == [1, 0, 1, 0]
    assert "there is no folder zendesk/" in results["zendesk"].warnings[0]


def test_a_failure_spares_what_landed_before_and_blocks_nothing_after(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [track(1)])
    land_one(settings, "product")
    broken = drop("product", NEXT_DAY, "tracks-0.jsonl", "{\n")
    drop("product", NEXT_DAY, "groups-0.jsonl", [group(1)])
    assert not land_one(settings, "product").ok
    assert query(settings, "select message_id from raw_product.tracks") == [("m1",)]
    assert query(settings, "select count(*) from raw_product.groups") == [(0,)]

    broken.write_text(line(track(2)))
    result = land_one(settings, "product")
    assert (result.rows, result.error) == (2, None)
    assert query(settings, "select message_id from raw_product.tracks order by 1") == [("m1",), ("m2",)]
    loads = "select load_id from raw_product._dlt_loads where status = 0"
    orphans = f"select count(*) from raw_product.landed_files where _dlt_load_id not in ({loads})"
    assert query(settings, orphans) == [(0,)]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_time_without_zone_is_utc_anywhere(settings: Settings, drop: Drop, zone: str) -> None:
    naive = "2026-01-01T23:30:00"
    drop("product", DAY, "tracks-0.jsonl", line(track(1, timestamp=naive)) + fine(40, 2) + "x\n")
    drop("crm", DAY, "User.csv", USER_HEADER + user(1).replace("2026-01-01T09:30:00.000Z\n", f"{naive}\n") + users(40))
    script = "import sys; from pipelines.config import Settings; from pipelines.landing import land;"
    script += "print([r.error for r in land(['product', 'crm'], Settings.for_home(sys.argv[1]))])"
    environment = {**os.environ, "TZ": zone}
    command = [sys.executable, "-c", script, str(settings.home)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[None, None]"
    moments = "select epoch(timestamp) from raw_product.tracks where message_id = 'm1'"
    assert query(settings, moments) == [(1767310200,)]
    assert query(settings, "select max(epoch(system_modstamp)) from raw_crm.users") == [(1767310200,)]


def test_a_locked_warehouse_is_said_in_one_line(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", [track(1)])
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
