"""Every bad input that an export can be: what fits lands, what does not is rejected with its line and reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.config import Settings
from tests.conftest import Drop
from tests.pipelines.records import (
    DAY,
    NEXT_DAY,
    STAMP,
    USER_HEADER,
    fine,
    identify,
    land_one,
    line,
    query,
    rejects,
    ticket,
    track,
    user,
    users,
)

SECRET = "ada.lovelace@example.com"
GOOD = 600  # so many that the bad ones stay below the share that fails a system


def csv_of_tracks(records: list[dict[str, Any]]) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(records[0])
    for record in records:
        writer.writerow(json.dumps(v) if isinstance(v, dict) else v for v in record.values())
    return sink.getvalue()


def bad(record: dict[str, Any], **changes: Any) -> str:
    return line({**record, "properties": {"note": SECRET}, **changes})


TRACK = track("bad")
JSON_LINES: list[tuple[str, str | bytes, str, str]] = [
    ("garbage", f"{SECRET} is no JSON\n", "malformed_json", "the line is no JSON"),
    ("cut short", line(TRACK)[:60] + "\n", "malformed_json", "the line is no JSON"),
    ("two in one line", line(TRACK).strip() + line(TRACK), "malformed_json", "the line is no JSON"),
    ("a list", f'["{SECRET}"]\n', "not_an_object", "the line is JSON, but no object"),
    ("null", "null\n", "not_an_object", "the line is JSON, but no object"),
    ("a number", "42\n", "not_an_object", "the line is JSON, but no object"),
    (
        "twice",
        line(TRACK).replace('"type"', '"messageId": "x", "type"'),
        "duplicate_field",
        "the object has a field twice",
    ),
    ("Latin-1", line(TRACK).replace("Query", "Réq").encode("latin-1"), "not_utf8", "the record is not UTF-8 text"),
    ("no key", bad(TRACK, messageId=None), "missing_key", "messageId has no value"),
    ("empty key", bad(TRACK, messageId=""), "missing_key", "messageId has no value"),
    ("blank key", bad(TRACK, messageId=" \t "), "missing_key", "messageId has no value"),
    ("null as text", bad(TRACK, messageId="null"), "missing_key", "messageId has no value"),
    ("object as key", bad(TRACK, messageId={"a": 1}), "wrong_type", "messageId is an object or a list"),
    ("no event", bad(TRACK, event=None), "missing_required", "event has no value"),
    ("no time", bad(TRACK, timestamp=None), "missing_required", "timestamp has no value"),
    ("words as time", bad(TRACK, timestamp=SECRET), "wrong_type", "timestamp is no timestamp"),
    ("epoch as time", bad(TRACK, timestamp=1767225600000), "wrong_type", "timestamp is no timestamp"),
    ("year 0001", bad(TRACK, timestamp="0001-01-01T00:00:00Z"), "out_of_range", "timestamp is not between 1900"),
    ("year 9999", bad(TRACK, timestamp="9999-12-31T00:00:00Z"), "out_of_range", "timestamp is not between 1900"),
    ("infinity", bad(TRACK, timestamp="infinity"), "out_of_range", "timestamp is not between 1900"),
    ("future", bad(TRACK, timestamp="2026-01-03T00:00:00Z"), "from_the_future", "timestamp lies after the drop day"),
    ("no object", '"text"\n', "not_an_object", "the line is JSON, but no object"),
    ("17 MiB", bad(TRACK, event="x" * (17 << 20)), "too_long", "the record is longer than 16 MiB"),
]


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("name", ["tracks-0.jsonl", "tracks-0.jsonl.gz"])
def test_bad_json_lines_are_rejected_alone(settings: Settings, drop: Drop, name: str) -> None:
    texts = [as_bytes(text) for _, text, *_ in JSON_LINES]
    between = [line(track(number)).encode() + text for number, text in enumerate(texts)]
    drop("product", DAY, name, b"".join(between) + fine(GOOD, 100).encode())
    drop("product", DAY, "identifies-0.jsonl", [identify(1)])
    result = land_one(settings, "product")
    assert (result.error, result.rows, result.rejected) == (None, len(texts) + GOOD + 1, len(texts))
    assert {table.table: table.rejected for table in result.tables} == {
        "tracks": len(texts),
        "identifies": 0,
        "groups": 0,
    }
    found = rejects(settings, "product")
    expected = [(2 * number, reason) for number, (_, _, reason, _) in enumerate(JSON_LINES, start=1)]
    assert [row[1:3] for row in found] == expected
    for row, (what, _, _, detail) in zip(found, JSON_LINES, strict=True):
        assert row[3].startswith(detail), what
        assert SECRET not in row[3], what
    assert query(settings, "select count(distinct message_id) from raw_product.tracks") == [(len(texts) + GOOD,)]
    assert query(settings, "select rows, rejected_rows from raw_product.landed_files order by file") == [
        (1, 0),
        (len(texts) + GOOD, len(texts)),
    ]
    raw = [text.decode("utf-8", "backslashreplace").rstrip("\n")[: 64 * 1024] for text in texts]
    assert query(settings, "select raw_text from raw_product.rejected_rows order by line_number") == [(t,) for t in raw]


CSV_LINES: list[tuple[str, str | bytes, str, str]] = [
    ("too few", f"{SECRET},Ada\n", "wrong_number_of_columns", "the record has another number of values"),
    ("too many", user(99).strip() + ",more\n", "wrong_number_of_columns", "the record has another number"),
    ("open quote", user(99, f'"{SECRET}'), "unterminated_quote", "a quote is not closed"),
    ("text after quote", user(99, '"Ada"x'), "unterminated_quote", "a quote is not closed"),
    ("two lines", user(99, '"Ada\nLovelace"', "a,b"), "wrong_number_of_columns", "the record has another number"),
    ("Latin-1", user(99, "Zoë").encode("latin-1"), "not_utf8", "the record is not UTF-8 text"),
    ("no key", user(99).replace(f"{99:018}", ""), "missing_key", "Id has no value"),
    ("no time", user(99).replace(f"{STAMP}\n", "\n"), "missing_required", "SystemModstamp has no value"),
    ("31/12", user(99).replace(f"{STAMP}\n", "31/12/2025\n"), "wrong_type", "SystemModstamp is no timestamp"),
    ("year 9999", user(99).replace(f"{STAMP}\n", "9999-12-31\n"), "out_of_range", "SystemModstamp is not between"),
]


@pytest.mark.parametrize("name", ["User.csv", "User.csv.gz"])
def test_bad_csv_records_are_rejected_alone(settings: Settings, drop: Drop, name: str) -> None:
    good = user(80, '"with ""quotes"",\nand a new line"')  # two lines
    texts = [as_bytes(text) for _, text, *_ in CSV_LINES]
    between = b"".join(good.encode() + text for text in texts)
    drop("crm", DAY, name, USER_HEADER.encode() + between + users(GOOD).encode())
    result = land_one(settings, "crm")
    assert (result.error, result.rows, result.rejected) == (None, len(texts) + GOOD, len(texts))
    starts = [2 + sum(t.count(b"\n") + 2 for t in texts[:number]) + 2 for number in range(len(texts))]
    found = rejects(settings, "crm")
    assert [row[1:3] for row in found] == list(zip(starts, [case[2] for case in CSV_LINES], strict=True))
    for row, (what, _, _, detail) in zip(found, CSV_LINES, strict=True):
        assert row[3].startswith(detail), what
    named = "select count(*) from raw_crm.users where name = 'with \"quotes\",' || chr(10) || 'and a new line'"
    assert query(settings, named) == [(len(texts),)]


def test_numbers_that_are_none_are_rejected(settings: Settings, drop: Drop) -> None:
    header = "Id,OpportunityId,StageName,Amount,PrevAmount,CloseDate,PrevCloseDate,Probability,"
    header += "ExpectedRevenue,ForecastCategory,CreatedById,IsDeleted,CreatedDate,SystemModstamp\n"
    amounts = {
        "1,234.5": "wrong_type",
        "$5": "wrong_type",
        "12%": "wrong_type",
        "NaN": "not_finite",
        "inf": "not_finite",
    }
    values = [*["1.5"] * GOOD, *amounts]
    rows = "".join(f'i{n},o,s,"{a}",,,,,,,,false,{STAMP},{STAMP}\n' for n, a in enumerate(values))
    drop("crm", DAY, "OpportunityHistory.csv", header + rows)
    result = land_one(settings, "crm")
    assert (result.error, result.rows) == (None, GOOD)
    assert [row[2] for row in rejects(settings, "crm")] == list(amounts.values())
    assert all(row[3].startswith("Amount is no") for row in rejects(settings, "crm"))


def test_json_numbers_that_are_none_are_rejected(settings: Settings, drop: Drop) -> None:
    summary = {"id": "s", "meter": "m", "aggregated_value": 1.5, "start_time": 1767225600, "end_time": 1767312000}
    endless = "".join(line(summary).replace("1.5", text) for text in ("NaN", "-Infinity", "1e999", '"NaN"'))
    drop("billing", DAY, "meter_event_summaries.jsonl", line(summary) * GOOD + endless)
    parts = ("1.5", '"x"', str(2**63), str(10**40), "[1]")
    whole = (*range(GOOD), -(2**63), '"7"')
    balances = "".join(f'{{"id": "cus_1", "balance": {n}}}\n' for n in whole)
    drop("billing", DAY, "customers.jsonl", balances + "".join(f'{{"id": "x", "balance": {p}}}\n' for p in parts))
    assert land_one(settings, "billing").rows == 2 * GOOD + 2
    found = rejects(settings, "billing")
    assert [row[2] for row in found] == ["wrong_type"] * len(parts) + ["not_finite"] * 4
    assert [row[1] for row in found][: len(parts)] == [GOOD + 3 + n for n in range(len(parts))]


def test_an_epoch_in_milliseconds_is_rejected(settings: Settings, drop: Drop) -> None:
    good = "".join(f'{{"id": "cus_{n}", "created": 1767225600}}\n' for n in range(GOOD))
    drop("billing", DAY, "customers.jsonl", good + '{"id": "cus_x", "created": 1767225600000}\n')
    assert land_one(settings, "billing").rows == GOOD
    ((_, number, reason, detail),) = rejects(settings, "billing")
    assert (number, reason) == (GOOD + 1, "out_of_range")
    assert detail == "created is not between 1900-01-01 and 2200-01-01"


def test_bad_parquet_rows_are_rejected(settings: Settings, drop: Drop) -> None:
    records = [track(number) for number in range(GOOD)] + [track("x", timestamp="soon"), track("", messageId=None)]
    records = [{k: json.dumps(v) if isinstance(v, dict) else v for k, v in r.items()} for r in records]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), sink)
    drop("product", DAY, "tracks-0.parquet", sink.getvalue())
    assert land_one(settings, "product").rows == GOOD
    assert [row[1:3] for row in rejects(settings, "product")] == [(GOOD + 1, "wrong_type"), (GOOD + 2, "missing_key")]


def test_tracks_as_csv_are_sorted_too(settings: Settings, drop: Drop) -> None:
    records = [track(number) for number in range(GOOD)] + [track("x", properties="{not json")]
    drop("product", DAY, "tracks-0.csv", csv_of_tracks(records))
    assert land_one(settings, "product").rows == GOOD
    assert rejects(settings, "product") == [("tracks-0.csv", GOOD + 2, "wrong_type", "properties is no json")]


def test_client_clocks_may_say_anything(settings: Settings, drop: Drop) -> None:
    odd = [track(1, originalTimestamp="0001-01-01T00:00:00Z"), track(2, sentAt="2199-01-01T00:00:00Z")]
    drop("product", DAY, "tracks-0.jsonl", odd)
    assert land_one(settings, "product").rows == 2


@pytest.mark.parametrize("moment", ["2026-01-02T23:59:59Z", "2026-01-02T23:59:59"])
def test_the_end_of_the_day_after_is_no_future(settings: Settings, drop: Drop, moment: str) -> None:
    drop("product", DAY, "tracks-0.jsonl", [track(1, timestamp=moment, receivedAt=moment)])
    assert land_one(settings, "product").rows == 1


def test_a_long_line_lands(settings: Settings, drop: Drop) -> None:
    long = "x" * (10 << 20)
    drop("product", DAY, "tracks-0.jsonl", [track(1), track(2, properties={"note": long}), track(3)])
    drop("crm", DAY, "User.csv", USER_HEADER + user(1) + user(2, f'"{long}"') + user(3))
    assert land_one(settings, "product").rows == 3
    assert land_one(settings, "crm").rows == 3
    assert query(settings, "select max(length(name)) from raw_crm.users") == [(len(long),)]


@pytest.mark.parametrize("depth", [1000, 100_000])
def test_deep_nesting_lands(settings: Settings, drop: Drop, depth: int) -> None:
    deep = line(track(1, properties="?")).replace('"?"', "[" * depth + "]" * depth)
    drop("product", DAY, "tracks-0.jsonl", deep + fine(3, 2))
    assert land_one(settings, "product").rows == 4
    assert query(settings, "select max(length(properties)) from raw_product.tracks") == [(2 * depth,)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_marks_and_line_ends_do_not_matter(settings: Settings, drop: Drop, newline: str) -> None:
    drop("product", DAY, "tracks-0.jsonl", "\ufeff" + fine(3).replace("\n", newline))
    drop("crm", DAY, "User.csv", "\ufeff" + (USER_HEADER + users(3)).replace("\n", newline))
    assert land_one(settings, "product").rows == 3
    assert land_one(settings, "crm").rows == 3
    assert rejects(settings, "product") + rejects(settings, "crm") == []


def test_mixed_line_ends_land(settings: Settings, drop: Drop) -> None:
    drop("crm", DAY, "User.csv", USER_HEADER.replace("\n", "\r\n") + user(1) + user(2).replace("\n", "\r\n"))
    assert land_one(settings, "crm").rows == 2


def test_an_empty_file_of_lines_is_an_empty_delivery(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", "")
    drop("product", DAY, "tracks-1.jsonl", "\n  \n")
    drop("product", NEXT_DAY, "tracks-0.jsonl.gz", "")
    assert (land_one(settings, "product").error, land_one(settings, "product").files) == (None, 0)
    assert query(settings, "select rows from raw_product.landed_files") == [(0,)] * 3


def test_a_bad_day_does_not_block_the_next(settings: Settings, drop: Drop) -> None:
    drop("product", DAY, "tracks-0.jsonl", fine(GOOD) + f'{{"userId": "{SECRET}"}}\n')
    assert land_one(settings, "product").rows == GOOD
    drop("product", NEXT_DAY, "tracks-0.jsonl", fine(2, 100))
    result = land_one(settings, "product")
    assert (result.error, result.rows, result.rejected) == (None, 2, 0)
    assert query(settings, "select count(*) from raw_product.tracks") == [(GOOD + 2,)]


def test_no_folder_and_no_message_keeps_a_value(
    settings: Settings, drop: Drop, capfd: pytest.CaptureFixture[str]
) -> None:
    drop("product", DAY, "tracks-0.jsonl", fine(GOOD) + bad(TRACK, timestamp=SECRET))
    drop("product", NEXT_DAY, "tracks-0.jsonl", bad(TRACK, timestamp=SECRET))
    drop("zendesk", DAY, "tickets.jsonl", "".join(line(ticket(n, due_at=SECRET)) for n in range(5)))
    for system in ("product", "zendesk"):
        error = land_one(settings, system).error
        assert SECRET not in (error or "")
    assert SECRET not in "".join(capfd.readouterr())
    written = [path for path in settings.dlt_dir.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert written == []


def test_unpacked_text_is_counted_as_it_is_read(settings: Settings, drop: Drop) -> None:
    packed = gzip.compress(fine(3).encode()) + gzip.compress(fine(3, 4).encode())
    path = drop("product", DAY, "tracks-0.jsonl.gz", "")
    path.write_bytes(packed)
    assert land_one(settings, "product").rows == 6
