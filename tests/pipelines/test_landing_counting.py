"""Counting at memory speed agrees with parsing; the strict and the careful way of reading agree with each other."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from pipelines.config import Settings
from pipelines.landing.contract import load_contract
from pipelines.landing.counting import CsvCounter, LineCounter
from pipelines.landing.files import ExportFile
from pipelines.landing.inspect import inspect
from pipelines.landing.model_file import select_files
from pipelines.landing.records import csv_records, json_records
from pipelines.landing.rejects import Rejects
from pipelines.landing.sorting import sort_file
from tests.pipelines.records import USER_HEADER, line, track, user

CELLS = st.text(alphabet='ab",\n\r é', max_size=6)


def pieces(data: bytes, sizes: list[int]) -> list[bytes]:
    """The data cut into blocks of odd sizes."""
    found = []
    for size in sizes:
        found.append(data[:size])
        data = data[size:]
    return [piece for piece in [*found, data] if piece]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=8), st.lists(st.integers(1, 9)), st.booleans())
def test_csv_records_are_counted_as_a_parser_counts_them(rows: list[list[str]], sizes: list[int], ends: bool) -> None:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\r\n" if ends else "\n").writerows(rows)
    data = sink.getvalue().encode()
    counter = CsvCounter()
    for block in [data + b"\r\n\r\n"] if ends and rows else pieces(data, sizes):
        counter.feed(block)
    counter.finish()
    has_returns = any("\r" in cell for row in rows for cell in row)
    assert counter.records == len(rows)
    assert counter.lines >= counter.records
    assert has_returns or not counter.has_old_line_ends


@given(st.lists(st.sampled_from([b"{}", b'{"a": 1}', b"x"]), max_size=9), st.booleans())
def test_lines_that_are_not_blank_are_counted(lines: list[bytes], ends: bool) -> None:
    data = b"\n \n" + b"\n".join(lines) + (b"\n\n  \n" if ends else b"") if lines else b"\n"
    whole = LineCounter()
    whole.feed(data)
    whole.finish()
    assert whole.lines == len(lines)


def test_lines_of_many_blocks() -> None:
    data = b"\n\n" + b'{"a": 1}\n' * 50
    for rest in (b"", b"\n  \n", b'{"a": 2}'):
        for size in (20, 33, 60):
            counter = LineCounter()
            for block in pieces(data + rest, [size] * (len(data) // size - 1)):
                counter.feed(block)
            counter.finish()
            assert counter.lines == 50 + rest.startswith(b"{")


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    text = USER_HEADER + user(1) + user(2, '"Ada') + user(3) + user(4, '"Ada ""L"""') + user(5)
    found = [(record.line, record.reason) for record in csv_records(io.BytesIO(text.encode()), 11)]
    assert found == [(2, None), (3, "unterminated_quote"), (4, None), (5, None), (6, None)]


def test_lines_are_those_of_the_file() -> None:
    text = b"\xef\xbb\xbf{}\r\n\n \n{\xff}\n{}"
    found = [(record.line, record.reason) for record in json_records(io.BytesIO(text))]
    assert found == [(1, None), (4, "not_utf8"), (5, None)]


ODD: list[Any] = [
    None, "", " ", "null", "x", "7", " 7 ", "1.5", "1e3", "1e999", "NaN", "-inf", "true", "yes", "2026-01-01",
    "2026-1-1", "2026-01-01T10:00:00", "2026-01-01T10:00:00+0530", "2026-02-30", "0001-01-01", "infinity", "epoch",
    "2026-01-01T24:00:00Z", "2026-01-01 10:00:00 America/New_York", "[1]", "{}", True, 0, 7, 7.0, 1.5, -0.0, 2**63,
    1e300, 10**40, [], [1], {}, {"a": None},
]  # fmt: skip


def both_ways(settings: Settings, folder: Path, system: str, table_name: str, path: Path) -> tuple[Any, Any]:
    """The rows of a file of one record: in the strict way, and after it was read carefully; None if refused."""
    contract = load_contract(system, settings.contract_dir)
    table = next(table for table in contract.tables if table.name == table_name)
    kind: Any = "csv" if path.suffix == ".csv" else "json"
    listed = ExportFile(
        f"{system}/2026-01-01/{path.name}",
        str(path),
        table.name,
        kind,
        date(2026, 1, 1),
        path.stat().st_size,
        None,
        None,
    )
    inspected = inspect(listed, str(path), str(folder), table, contract.limits)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")

        def rows(file: Any) -> Any:
            return connection.execute(select_files(contract, table, [file], frozenset())).fetchall()

        try:
            strict = rows(inspected)
        except duckdb.Error:
            strict = None
        rejects = Rejects(folder, 9)
        careful = sort_file(contract, table, inspected, folder / "sorted", rejects)
        return strict, None if rejects.count else rows(careful)


@pytest.mark.parametrize(
    "field", ["messageId", "event", "timestamp", "originalTimestamp", "properties", "balance", "delinquent"]
)
def test_both_ways_agree_on_json(settings: Settings, tmp_path: Path, field: str) -> None:
    system, table = ("product", "tracks") if field in track(1) else ("billing", "customers")
    for value in ODD:
        record = track(1, **{field: value}) if system == "product" else {"id": "cus_1", field: value}
        path = tmp_path / system / "2026-01-01" / f"{table}-0.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line(record))
        strict, careful = both_ways(settings, tmp_path, system, table, path)
        assert repr(strict) == repr(careful), (field, value)


@given(st.sampled_from([*range(1, 11)]), st.sampled_from(ODD))
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_agree_on_csv(settings: Settings, tmp_path: Path, place: int, value: Any) -> None:
    cells = user(1).strip().split(",")
    cells[place] = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    sink = io.StringIO()
    csv.writer(sink).writerow(cells)
    path = tmp_path / "crm" / "2026-01-01" / "User.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(USER_HEADER + sink.getvalue().replace("\r\n", "\n"))
    strict, careful = both_ways(settings, tmp_path, "crm", "users", path)
    assert repr(strict) == repr(careful), (place, value)
