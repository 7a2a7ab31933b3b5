"""What changes between two drops: contents under the same name, new fields, extracts that lost records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.dbt import DBT
from pipelines.landing import SYSTEMS, create_empty_raw
from pipelines.landing.contract import load_contract
from tests.conftest import Drop
from tests.pipelines.records import (
    DAY,
    NEXT_DAY,
    STAMP,
    USER_HEADER,
    customer,
    fine,
    land_one,
    line,
    query,
    rejects,
    track,
    user,
    users,
)

LEDGER = "select version, rows, rejected_rows from raw_product.landed_files order by version"


@pytest.fixture
def cli(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_a_changed_file_lands_as_its_next_version(settings: Settings, drop: Drop) -> None:
    path = drop("product", DAY, "tracks-000.jsonl", [track(1)])
    first = land_one(settings, "product")
    drop("product", DAY, "tracks-000.jsonl", [track(1), track(2)])
    second = land_one(settings, "product")
    drop("product", DAY, "tracks-000.jsonl", [track(1), track(3)])  # of the same size
    os.utime(path, (1, 1))
    third = land_one(settings, "product")
    assert (first.warnings, second.rows, third.rows) == ((), 2, 2)
    assert second.warnings == (
        f"product/{DAY}/tracks-000.jsonl: WAS CHANGED after it had landed; it lands again as version 2,"
        " and the rows of the version before no longer count",
    )
    assert "version 3" in third.warnings[0]
    assert query(settings, LEDGER) == [(1, 1, 0), (2, 2, 0), (3, 2, 0)]
    assert query(settings, "select count(*) from raw_product.tracks") == [(5,)]  # raw forgets nothing
    os.utime(path, (2, 2))
    assert land_one(settings, "product").files == 0


def test_a_ledger_of_an_earlier_release_is_taken_over(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", [track(1)])
    land_one(settings, "product")
    with duckdb.connect(str(settings.warehouse)) as connection:
        for column in ("rejected_rows", "version", "unlisted_fields"):
            connection.execute(f"alter table raw_product.landed_files drop column {column}")
    assert land_one(settings, "product").files == 0
    drop("product", DAY, "tracks-000.jsonl", [track(1), track(2)])
    result = land_one(settings, "product")
    assert (result.error, result.rows) == (None, 2)
    assert query(settings, "select version, rows from raw_product.landed_files order by rows") == [(None, 1), (2, 2)]


def test_rejects_are_shown_until_their_file_is_repaired(settings: Settings, drop: Drop, cli: Any) -> None:
    drop("product", DAY, "tracks-000.jsonl", fine(40) + "ada@example.com [red]\n")
    drop("crm", DAY, "User.csv", USER_HEADER + users(40) + user(41).replace(STAMP, "soon"))
    landed = cli("land")
    assert landed.exit_code == 0, landed.output
    assert "rejected: 1 records of product tracks" in landed.output
    shown = cli("rejects")
    assert shown.exit_code == 0, shown.output
    for text in (f"product/{DAY}/tracks-000.jsonl", "malformed_json", f"crm/{DAY}/User.csv", "wrong_type", "42"):
        assert text in shown.output
    assert "1  product malformed_json" in shown.output
    assert "ada@example.com" not in shown.output
    assert "ada@example.com [red]" in cli("rejects", "product", "--show").output
    assert "malformed_json" not in cli("rejects", "crm").output
    assert "The newest 1 of 2 are listed" in cli("rejects", "--last", "1").output

    drop("product", DAY, "tracks-000.jsonl", fine(41))
    drop("crm", DAY, "User.csv", USER_HEADER + users(41))
    assert cli("land").exit_code == 0
    assert cli("rejects").output.strip() == "No rejected records."
    assert len(rejects(settings, "product")) == 1
    assert query(settings, LEDGER) == [(1, 40, 1), (2, 41, 0)]


def test_rejects_say_when_the_warehouse_is_busy(settings: Settings, cli: Any) -> None:
    assert cli("rejects").exit_code == 2
    create_empty_raw(settings, ["crm"])
    assert cli("rejects").output.strip() == "No rejected records."
    holder = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(settings.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        busy = cli("rejects")
    finally:
        process.communicate()
    assert (busy.exit_code, "a refresh is writing it" in busy.output) == (3, True)
    assert cli("rejects", "hubspot").exit_code == 2


def test_a_truncated_extract_is_held_back_until_accepted(settings: Settings, drop: Drop) -> None:
    drop("crm", DAY, "User.csv", USER_HEADER + users(10))
    drop("crm", NEXT_DAY, "User.csv", USER_HEADER + users(8))  # within the share
    assert land_one(settings, "crm").rows == 18
    drop("crm", "2026-01-03", "User-a.csv", USER_HEADER + users(3))
    drop("crm", "2026-01-03", "User-b.csv", USER_HEADER + users(3))
    drop("crm", "2026-01-03", "Account.csv", "")
    result = land_one(settings, "crm")
    assert result.error is not None
    (Path(settings.exports) / "crm" / "2026-01-03" / "Account.csv").unlink()
    assert land_one(settings, "crm").error == (
        "crm/2026-01-03/User-b.csv: held back as a truncated export: it has 6 records, the extract of 2026-01-02 had 8;"
        ' export it again, or land it as it is with `account-health land crm --accept "reason"`'
    )
    assert query(settings, "select count(*) from raw_crm.users") == [(18,)]
    accepted = land_one(settings, "crm", accept="two teams were sold")
    assert (accepted.error, accepted.rows) == (None, 6)
    assert accepted.warnings == (
        "crm/2026-01-03/User-b.csv: landed although it has 6 records, the extract of 2026-01-02 had 8;"
        " accepted: two teams were sold",
    )
    assert land_one(settings, "crm").error is None


def test_an_extract_after_one_that_came_twice_has_lost_nothing(settings: Settings, drop: Drop) -> None:
    drop("crm", DAY, "User.csv", USER_HEADER + users(10))
    for day in ("2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"):
        drop("crm", day, "User.csv", USER_HEADER + users(11))
        drop("crm", day, "User-again.csv", USER_HEADER + users(11))
    drop("crm", "2026-01-06", "User.csv", USER_HEADER + users(9))
    assert land_one(settings, "crm").error is None
    drop("crm", "2026-01-07", "User.csv", USER_HEADER + users(7))
    assert "the extract of 2026-01-06 had 9;" in (land_one(settings, "crm").error or "")


def test_an_extract_that_shrinks_under_its_name_is_held_back(settings: Settings, drop: Drop) -> None:
    drop("crm", DAY, "User.csv", USER_HEADER + users(10))
    assert land_one(settings, "crm").rows == 10
    drop("crm", DAY, "User.csv", USER_HEADER + users(5))
    assert "held back as a truncated export" in (land_one(settings, "crm").error or "")
    drop("crm", DAY, "User.csv", USER_HEADER)
    assert "it has 0 records" in (land_one(settings, "crm").error or "")


def test_new_fields_land_and_are_reported_once(settings: Settings, drop: Drop) -> None:
    odd = {"select": 1, "a.b": {"c": None}, "x" * 200: True, "名前": "東京", 'quo"te': [1, "a'b"], "none": None}
    drop("product", DAY, "tracks-0.jsonl", [track(1), track(2, **odd), track(3, select="two")])
    named = USER_HEADER.replace(",Name", ",Alias,Name") + user(1, "a,Ada") + user(2, ",Ada")
    drop("crm", DAY, "User.csv", named)
    first, users_landed = land_one(settings, "product"), land_one(settings, "crm")
    names = ", ".join(sorted(odd))
    reason = "landed in _unlisted_fields, as table {} does not have them: {}"
    assert first.warnings == (f"product/{DAY}/tracks-0.jsonl: {reason.format('tracks', names)}",)
    assert users_landed.warnings == (f"crm/{DAY}/User.csv: {reason.format('users', 'Alias')}",)
    unlisted = query(settings, "select _unlisted_fields from raw_product.tracks order by message_id")
    found = [json.loads(value) if value else None for (value,) in unlisted]
    assert found == [None, {k: v for k, v in odd.items() if v is not None}, {"select": "two"}]
    assert query(settings, "select _unlisted_fields from raw_crm.users order by id") == [('{"Alias": "a"}',), (None,)]

    drop("product", NEXT_DAY, "tracks-0.jsonl", [track(4, select=3, region="eu")])
    second = land_one(settings, "product")
    assert second.warnings == (f"product/{NEXT_DAY}/tracks-0.jsonl: {reason.format('tracks', 'region')}",)
    assert query(settings, "select _unlisted_fields from raw_product.tracks where message_id = 'm4'") == [
        ('{"region": "eu", "select": 3}',)
    ]


def test_a_new_field_far_down_is_seen(settings: Settings, drop: Drop) -> None:
    """One in each stretch of 64 KiB is looked at, so a field that has come to stay is found."""
    late = "".join(line(track(n, channel="web")) for n in range(1000, 1600))
    drop("product", DAY, "tracks-0.jsonl.gz", fine(1000) + late)
    drop(
        "billing",
        DAY,
        "meters-0.jsonl",
        [{"id": "m", "event_name": "e", "created": 1767225600, "event_time_window": 1}],
    )
    (warning,) = land_one(settings, "product").warnings
    assert warning.endswith("does not have them: channel")
    found = "select count(*) from raw_product.tracks where _unlisted_fields ->> 'channel' = 'web'"
    assert query(settings, found) == [(600,)]
    assert land_one(settings, "billing").warnings == ()  # the contract ignores that field


def test_sorted_files_keep_their_new_fields(settings: Settings, drop: Drop) -> None:
    drop("billing", DAY, "customers.jsonl", "".join(line(customer(n, tier="a")) for n in range(40)) + "x\n")
    assert land_one(settings, "billing").rejected == 1
    found = "select count(*), min(_source_file) from raw_billing.customers where _unlisted_fields ->> 'tier' = 'a'"
    assert query(settings, found) == [(40, f"billing/{DAY}/customers.jsonl")]


TYPES = {
    "varchar": "VARCHAR",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
    "json": "JSON",
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_contract_describes_exactly_what_lands(settings: Settings, drop: Drop, system: str) -> None:
    """Both ways: every column of every landed table is in the YAML, with its type, and the other way round."""
    import yaml

    drop("product", DAY, "tracks-0.jsonl", [track(1)])
    drop(system, DAY, "nothing.txt", "")
    create_empty_raw(settings, [system])
    land_one(settings, system)
    (source,) = yaml.safe_load((settings.contract_dir / f"{system}.yml").read_text())["sources"]
    declared = {
        (table["name"], column["name"], TYPES[column["data_type"]])
        for table in source["tables"]
        for column in table["columns"]
    }
    landed = query(
        settings,
        "select table_name, column_name, data_type from duckdb_columns() "
        f"where schema_name = '{source['schema']}' and table_name not in ('_dlt_version', '_dlt_pipeline_state')",
    )
    assert set(landed) == declared
    assert load_contract(system, settings.contract_dir).schema == source["schema"]


@pytest.mark.slow
def test_incremental_equals_full_refresh_after_a_changed_file(settings: Settings, drop: Drop) -> None:
    """A day loses all its events, another loses one, a third gains one: the table is as if it had always been so."""

    def at(day: int, number: int) -> dict[str, Any]:
        moment = f"2026-01-{day:02}T10:00:00Z"
        return track(number, timestamp=moment, receivedAt="2026-01-04T10:00:00Z")

    def build(*arguments: str) -> list[tuple[Any, ...]]:
        folders = ["--target-path", str(settings.home / "target"), "--log-path", str(settings.home / "logs")]
        run = ["run", "--quiet", "--select", "+int_usage_user_event_days"]
        done = subprocess.run(
            [*DBT, *run, *folders, *arguments],
            cwd=PROJECT_ROOT,
            env=settings.child_env(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return query(settings, "select * from intermediate.int_usage_user_event_days order by all")

    create_empty_raw(settings)
    drop("product", "2026-01-04", "tracks-0.jsonl", [at(1, 1), at(2, 2), at(2, 3), at(4, 4)])
    drop("product", "2026-01-04", "tracks-1.jsonl", [at(3, 5)])
    land_one(settings, "product")
    assert [row[5] for row in build()] == [1, 2, 1, 1]
    drop("product", "2026-01-04", "tracks-0.jsonl", [at(2, 3), at(3, 6), at(4, 4)])
    land_one(settings, "product")
    incremental = build()
    assert [(str(row[0]), row[5]) for row in incremental] == [("2026-01-02", 1), ("2026-01-03", 2), ("2026-01-04", 1)]
    assert build() == incremental
    assert build("--full-refresh") == incremental
