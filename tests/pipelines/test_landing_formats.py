"""Every format lands the same rows, whatever the file is called and however it is quoted."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.config import Settings
from pipelines.landing import land
from tests.conftest import Drop
from tests.pipelines.records import DAY, USER_HEADER, line, query, track, user


def landed(settings: Settings, system: str, sql: str) -> list[tuple[Any, ...]]:
    """Land a system, which must succeed, then query."""
    assert [result.error for result in land([system], settings)] == [None]
    return query(settings, sql)


INVOICES: list[dict[str, Any]] = [
    {
        "id": "in_1",
        "object": "invoice",
        "total": 1250,
        "lines": {"object": "list", "data": [{"id": "il_1", "amount": 1250}], "has_more": False},
        "metadata": {"a": "b"},
        "livemode": True,
        "created": 1767225600,
    },
    {
        "id": "in_2",
        "object": "invoice",
        "total": None,
        "lines": {"object": "list", "data": [], "has_more": True},
        "created": 1767225600,
    },
]


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def invoices_as_parquet(settings: Settings, nested: bool) -> bytes:
    """The invoices with every column of the contract; nested values as structs and lists, or as JSON text."""
    from pipelines.landing.contract import load_contract

    table = next(t for t in load_contract("billing", settings.contract_dir).tables if t.name == "invoices")
    rows = [{field: invoice.get(field) for field in table.fields} for invoice in INVOICES]
    if not nested:
        for row in rows:
            for field, column in table.fields.items():
                if column.data_type == "json" and row[field] is not None:
                    row[field] = json.dumps(row[field])
    return parquet(pa.Table.from_pylist(rows))


@pytest.mark.parametrize("nested", [True, False], ids=["structs", "json text"])
def test_parquet_lands_what_jsonl_lands(settings: Settings, drop: Drop, nested: bool) -> None:
    drop("billing", DAY, "invoices-000.jsonl", INVOICES)
    drop("billing", "2026-01-02", "invoices-000.parquet", invoices_as_parquet(settings, nested))
    columns = (
        "id, total, livemode, created, lines ->> '$.data[0].amount', lines ->> '$.has_more', "
        "metadata ->> '$.a', parent, typeof(lines)"
    )
    by_day = f"select {columns} from raw_billing.invoices where _drop_date = '{{}}' order by id"
    from_json = landed(settings, "billing", by_day.format(DAY))
    assert from_json == query(settings, by_day.format("2026-01-02"))
    assert from_json[0][:7] == ("in_1", 1250, True, 1767225600, "1250", "false", "b")


def test_parquet_timestamps_are_utc(settings: Settings, drop: Drop) -> None:
    table = pa.Table.from_pylist([track(1)])
    naive = pa.array([1_767_261_600_000_000], pa.timestamp("us"))
    table = table.set_column(table.schema.get_field_index("timestamp"), "timestamp", naive)
    drop("product", DAY, "tracks-000.parquet", parquet(table))
    sql = "select strftime(timestamp, '%Y-%m-%dT%H:%M') from raw_product.tracks"
    assert landed(settings, "product", sql) == [("2026-01-01T10:00",)]


def test_json_lines_by_any_name(settings: Settings, drop: Drop) -> None:
    endings = ["jsonl", "ndjson", "json", "jsonl.gz", "ndjson.gz", "json.gz"]
    for ending in endings:
        drop("billing", DAY, f"invoices.{ending}", INVOICES)
    by_file = "select _source_file, count(*) from raw_billing.invoices group by all order by all"
    expected = sorted((f"billing/{DAY}/invoices.{ending}", 2) for ending in endings)
    assert landed(settings, "billing", by_file) == expected


def test_csv_quoting(settings: Settings, drop: Drop) -> None:
    text = USER_HEADER + user(1, '"Ada ""the"", first\nof, them"', "東京") + user(2, '""') + "\n"
    for number, (ending, newline) in enumerate([("csv", "\n"), ("csv.gz", "\n"), ("csv", "\r\n")]):
        drop("crm", DAY, f"User-{number}.{ending}", text.replace("\n", newline))
    rows = landed(
        settings,
        "crm",
        "select name, title, is_active, user_role_id, epoch(created_date) from raw_crm.users"
        " order by _source_file, name",
    )
    unnamed = (None, None, True, None, 1767259800.0)
    lf, crlf = ((f'Ada "the", first{newline}of, them', "東京", *unnamed[2:]) for newline in ("\n", "\r\n"))
    assert rows == [lf, unnamed, lf, unnamed, crlf, unnamed]
    assert query(settings, "select rows from raw_crm.landed_files") == [(2,), (2,), (2,)]


def test_csv_columns_go_by_name_not_by_place(settings: Settings, drop: Drop) -> None:
    names = USER_HEADER.strip().split(",")
    drop("crm", DAY, "User.csv", USER_HEADER + user(1))
    reordered = ",".join(["Alias", *reversed(names)])
    values = ",".join(["ada", *reversed(user(2).strip().split(","))])
    drop("crm", "2026-01-02", "User.csv", f"\ufeff{reordered}\n{values}\n")
    assert landed(settings, "crm", "select right(id, 1), name, is_active from raw_crm.users order by 1") == [
        ("1", "Ada", True),
        ("2", "Ada", True),
    ]


def test_json_lines_may_be_blank_or_lack_the_last_newline(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-000.jsonl", "\n" + line(track(1)).strip() + "\r\n  \n" + line(track(2)).strip())
    assert landed(settings, "product", "select message_id from raw_product.tracks order by 1") == [("m1",), ("m2",)]
    assert query(settings, "select rows from raw_product.landed_files") == [(2,)]


def test_file_names_are_data_not_code(settings: Settings, drop: Drop) -> None:
    odd = [
        "tracks-'; drop schema raw_product cascade; --.jsonl",
        "tracks-[0-9].jsonl",
        "tracks-*.jsonl",
        "tracks-?.jsonl",
        "tracks-\\.jsonl",
        'tracks-"quoted" ü\n.jsonl',
        "tracks-day=1.jsonl",
        "tracks-{a,b}.jsonl",
        "tracks-%s.jsonl",
        "tracks-0.jsonl",
    ]
    for name in odd:
        drop("product", DAY, name, [track(1, messageId=name)])
    rows = landed(settings, "product", "select message_id, _source_file from raw_product.tracks")
    assert sorted(rows) == sorted((name, f"product/{DAY}/{name}") for name in odd)


def test_a_name_that_the_engine_cannot_address_is_refused(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-[\\x].jsonl", [track(1)])
    (result,) = land(["product"], settings)
    assert "backslash" in (result.error or "")


def test_the_home_may_have_an_odd_name(settings: Settings, drop: Drop) -> None:
    home = settings.home.with_name("it's [my] home")
    odd = Settings.for_home(home)
    drop("product", DAY, "tracks-0.jsonl", [track(0)])
    settings.home.rename(home)
    assert landed(odd, "product", "select _source_file, _drop_date::varchar from raw_product.tracks") == [
        (f"product/{DAY}/tracks-0.jsonl", DAY)
    ]
