"""What landing promises: every file exactly once, with its origin on each row, as ordinary dlt loads."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import dlt
import duckdb
import fsspec
import pytest
from dlt.extract import DltSource

from pipelines.config import Settings
from pipelines.landing import SYSTEMS, ExportsMissingError, create_empty_raw, land
from pipelines.landing.contract import load_contract
from pipelines.landing.pipeline import run
from pipelines.landing.system import LocalCopies
from tests.conftest import Drop
from tests.pipelines.records import DAY, NEXT_DAY, customer, identify, land_one, line, query, track


def test_each_file_lands_exactly_once(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl.gz", [track(1), track(2)])
    first = land_one(settings, "product")
    again = land_one(settings, "product")
    drop("product", NEXT_DAY, "tracks-000.jsonl.gz", [track(3)])
    last = land_one(settings, "product")

    assert (first.files, first.rows, first.error) == (1, 2, None)
    assert (again.files, again.rows, again.load_id) == (0, 0, None)
    assert (last.files, last.rows) == (1, 1)
    assert first.load_id != last.load_id
    assert query(settings, "select message_id, _dlt_load_id from raw_product.tracks order by 1") == [
        ("m1", first.load_id),
        ("m2", first.load_id),
        ("m3", last.load_id),
    ]


def test_every_row_tells_its_origin(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    drop("product", NEXT_DAY, "tracks-000.jsonl.gz", [track(2)])
    load_id = land_one(settings, "product").load_id
    assert query(settings, "select _source_file, _drop_date, _dlt_load_id from raw_product.tracks order by 1") == [
        (f"product/{DAY}/tracks-000.jsonl", date(2026, 1, 1), load_id),
        (f"product/{NEXT_DAY}/tracks-000.jsonl.gz", date(2026, 1, 2), load_id),
    ]


def test_it_is_an_ordinary_dlt_load(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    load_id = land_one(settings, "product").load_id
    assert query(settings, "select load_id, schema_name, status from raw_product._dlt_loads") == [
        (load_id, "product", 0)
    ]
    state = "select pipeline_name from raw_product._dlt_pipeline_state"
    assert query(settings, state) == [("account_health_product",)]
    assert query(settings, "select count(*) from raw_product._dlt_version") == [(1,)]
    assert (settings.dlt_dir / "account_health_product" / "state.json").exists()


def test_the_ledger_lands_in_the_same_load(settings: Settings, drop: Drop) -> None:
    path = drop("product", DAY, "tracks-000.jsonl.gz", [track(1), track(2)])
    drop("product", DAY, "groups-000.jsonl", "")
    load_id = land_one(settings, "product").load_id
    ledger = query(
        settings,
        "select file, table_name, bytes, epoch_us(modified_at), rows, _drop_date, _dlt_load_id "
        "from raw_product.landed_files order by file",
    )
    assert [row[:2] + row[4:] for row in ledger] == [
        (f"product/{DAY}/groups-000.jsonl", "groups", 0, date(2026, 1, 1), load_id),
        (f"product/{DAY}/tracks-000.jsonl.gz", "tracks", 2, date(2026, 1, 1), load_id),
    ]
    assert ledger[1][2:4] == (path.stat().st_size, path.stat().st_mtime_ns // 1000)


def test_types_follow_the_contract(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    drop("billing", DAY, "customers.jsonl", [customer(1, balance=-(2**62), delinquent=True)])
    land(SYSTEMS, settings)
    sql = (
        "select strftime(timestamp, '%Y-%m-%d %H:%M:%S.%g'), properties ->> '$.quantity', anonymous_id, "
        "typeof(timestamp), typeof(properties) from raw_product.tracks"
    )
    assert query(settings, sql) == [("2026-01-01 10:00:00.500", "1.25", None, "TIMESTAMP WITH TIME ZONE", "JSON")]
    sql = "select balance, typeof(balance), delinquent, created, metadata from raw_billing.customers"
    assert query(settings, sql) == [(-(2**62), "BIGINT", True, 1767225600, None)]


def test_all_tables_exist_without_any_file(settings: Settings) -> None:
    create_empty_raw(settings)
    for system in SYSTEMS:
        for table in load_contract(system, settings.contract_dir).tables:
            described = query(settings, f"describe raw_{system}.{table.name}")
            provenance = ["_unlisted_fields", "_source_file", "_drop_date", "_dlt_load_id"]
            assert [row[0] for row in described] == [column.name for column in table.columns] + provenance
            assert query(settings, f"select count(*) from raw_{system}.{table.name}") == [(0,)]
        assert query(settings, f"select count(*) from raw_{system}._dlt_loads") == [(1,)]
        assert query(settings, f"select count(*) from raw_{system}.landed_files") == [(0,)]


def test_tables_created_empty_are_filled_later(settings: Settings, drop: Drop) -> None:
    create_empty_raw(settings)
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    drop("billing", DAY, "customers.jsonl", [customer(1)])
    results = land(SYSTEMS, settings)
    assert [(result.rows, result.error) for result in results] == [(1, None), (0, None), (1, None), (0, None)]
    assert "there is no folder crm/" in results[1].warnings[0]


def test_a_lost_table_is_not_silently_made_anew(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    land_one(settings, "product")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("drop table raw_product.tracks")
    assert "raw_product.tracks is gone, although files have landed" in (land_one(settings, "product").error or "")


def test_until_leaves_later_drops_for_later(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    drop("product", NEXT_DAY, "tracks-000.jsonl", [track(2)])
    first = land_one(settings, "product", until=date(2026, 1, 1))
    second = land_one(settings, "product", until=date(2026, 1, 2))
    assert (first.rows, first.newest_drop_date) == (1, date(2026, 1, 1))
    assert (second.rows, second.newest_drop_date) == (1, date(2026, 1, 2))


def test_a_late_file_in_an_old_folder_lands(settings: Settings, drop: Drop) -> None:
    drop("product", NEXT_DAY, "tracks-000.jsonl", [track(2)])
    land_one(settings, "product")
    drop("product", DAY, "tracks-001.jsonl", [track(1)])
    result = land_one(settings, "product")
    assert (result.rows, result.newest_drop_date) == (1, date(2026, 1, 2))
    assert query(settings, "select count(*) from raw_product.tracks where _drop_date = '2026-01-01'") == [(1,)]


def test_formats_land_together_each_row_with_its_drop_day(settings: Settings, drop: Drop) -> None:
    names = ["tracks-000.jsonl", "tracks-000.jsonl.gz", "tracks-000.csv"]
    header = list(track(0))
    for number in range(9):
        name = names[number % 3]
        values = {**track(number), "context": "{}", "properties": "{}", "anonymousId": ""}
        row = ",".join(values[key] for key in header[1:])
        content = f"{','.join(header)}\nm{number},{row}\n" if name.endswith("csv") else [track(number)]
        drop("product", f"2026-01-{number + 1:02}", name, content)
    land_one(settings, "product")
    days = query(settings, "select message_id, day(_drop_date) from raw_product.tracks order by message_id")
    assert days == [(f"m{number}", number + 1) for number in range(9)]


def test_a_touched_file_is_the_same_file(settings: Settings, drop: Drop) -> None:
    path = drop("product", DAY, "tracks-000.jsonl", [track(1)])
    land_one(settings, "product")
    os.utime(path, (1, 1))
    assert land_one(settings, "product").error is None
    assert query(settings, "select count(*) from raw_product.tracks") == [(1,)]


def test_dlt_state_can_be_lost(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1, extra=1)])
    assert len(land_one(settings, "product").warnings) == 1
    shutil.rmtree(settings.dlt_dir)
    drop("product", NEXT_DAY, "tracks-000.jsonl", [track(2, extra=1)])
    result = land_one(settings, "product")
    assert (result.rows, result.error, result.warnings) == (1, None, ())
    assert query(settings, "select count(*) from raw_product.tracks") == [(2,)]


def test_the_warehouse_can_be_lost(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    land_one(settings, "product")
    settings.warehouse.unlink()
    result = land_one(settings, "product")
    assert (result.rows, result.error) == (1, None)
    assert query(settings, "select count(*) from raw_product.tracks") == [(1,)]


def test_strangers_are_passed_over_with_a_warning(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    drop("product", DAY, "tracks-001.jsonl.tmp", "half a fi")
    drop("product", "2026-13-01", "tracks-000.jsonl", [track(2)])
    drop("product", DAY, "_SUCCESS", "")
    result = land_one(settings, "product")
    assert result.rows == 1
    assert result.warnings == (
        f"product: passed over, as they match no table: product/{DAY}/tracks-001.jsonl.tmp, product/2026-13-01",
    )


def test_missing_exports_are_an_error(settings: Settings) -> None:
    with pytest.raises(ExportsMissingError, match="does not exist"):
        land(SYSTEMS, settings)
    (Path(settings.exports) / "elsewhere").mkdir(parents=True)
    with pytest.raises(ExportsMissingError, match="none of the folders product, crm"):
        land(SYSTEMS, settings)
    assert not settings.warehouse.exists()


def test_an_unknown_system_is_an_error(settings: Settings) -> None:
    with pytest.raises(ValueError, match="unknown system hubspot"):
        land(["hubspot"], settings)


def test_progress_goes_from_nothing_to_all(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    seen: list[tuple[str, float]] = []
    land(SYSTEMS, settings, progress=lambda label, share: seen.append((label, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_exports_may_lie_on_another_file_system(settings: Settings) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe(f"/landing-test/product/{DAY}/tracks-000.jsonl", line(track(1)).encode())
    remote = replace(settings, exports="memory://landing-test")
    try:
        first = land_one(remote, "product")
        memory.pipe(f"/landing-test/product/{NEXT_DAY}/tracks-000.jsonl", line(track(2)).encode())
        second = land_one(remote, "product")
    finally:
        memory.rm("/landing-test", recursive=True)
    assert [(result.rows, result.error) for result in (first, second)] == [(1, None), (1, None)]
    assert query(settings, "select message_id, _source_file from raw_product.tracks order by 1") == [
        ("m1", f"product/{DAY}/tracks-000.jsonl"),
        ("m2", f"product/{NEXT_DAY}/tracks-000.jsonl"),
    ]


def test_a_killed_landing_is_taken_back(settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    land_one(settings, "product")
    bad = drop("product", NEXT_DAY, "tracks-000.jsonl", [track(2), track(3)])
    drop("product", NEXT_DAY, "identifies-000.jsonl", [identify(1, timestamp="broken")])
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.landing.loads._roll_back", lambda *_: None)  # as if it had died right there
        assert land_one(settings, "product").error is not None
    (bad.parent / "identifies-000.jsonl").unlink()
    result = land_one(settings, "product")
    assert (result.rows, result.error) == (2, None)
    assert query(settings, "select message_id from raw_product.tracks order by 1") == [
        ("m1",),
        ("m2",),
        ("m3",),
    ]


def test_copies_of_remote_files_are_made_once(tmp_path: Path) -> None:
    from pipelines.landing.files import list_files, open_exports

    memory = fsspec.filesystem("memory")
    memory.pipe(f"/copies-test/product/{DAY}/tracks-000.jsonl", b"{}\n")
    try:
        exports = open_exports("memory://copies-test", SYSTEMS)
        files, _ = list_files(exports, load_contract("product", Settings.for_home(tmp_path).contract_dir))
        path = LocalCopies(exports, tmp_path).path(files[0])
    finally:
        memory.rm("/copies-test", recursive=True)
    assert path == f"{tmp_path}/product/{DAY}/tracks-000.jsonl"
    assert Path(path).read_bytes() == b"{}\n"


def test_landing_keeps_to_the_memory_limit(settings: Settings) -> None:
    class Loading:
        loads_ids = ("1.0",)

        def run(self, _source: object) -> Loading:
            with duckdb.connect(str(settings.warehouse)) as connection:  # as dlt does
                self.limit = connection.execute("select current_setting('memory_limit')").fetchone()
            return self

    loading = Loading()
    settings.home.mkdir(exist_ok=True)
    run(cast(dlt.Pipeline, loading), cast(DltSource, None), replace(settings, memory="1536MiB"))
    assert loading.limit == ("1.5 GiB",)
