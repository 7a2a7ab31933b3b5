"""Judges batches of records by the conversions and the rules of their table, inside DuckDB."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.landing.contract import Column, Contract, Table
from pipelines.landing.errors import FileError
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.records import DETAILS, DUPLICATE_FIELD, MALFORMED_JSON, NOT_AN_OBJECT, Record
from pipelines.landing.rules import READ_TYPES, WRONG_TYPE, table_rules
from pipelines.sql import quoted

_CHANGED_TYPE_VALUES = 3
"""When so many values of a column, or more, are all of a wrong type, the column has changed and no row is to blame."""


class Judge:
    """Tells which records of a batch do not fit their table, and why."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, table: Table, file: InspectedFile
    ) -> None:
        self._connection, self._table, self._file = connection, table, file
        rules = table_rules(contract, table, f"cast('{file.file.drop_date}' as date)", file.file.drop_date)
        unfit = [(_is_unfit(i, c), WRONG_TYPE, f"{c.field} is no {c.data_type}") for i, c in enumerate(table.columns)]
        broken = [(rule.condition, rule.reason, f"{rule.column.field} {rule.detail}") for rule in rules]
        twice = ('q."is twice"', DUPLICATE_FIELD, DETAILS[DUPLICATE_FIELD])
        self._checks = [twice, *unfit, *broken]
        self._typed = [(i, c) for i, c in enumerate(table.columns) if c.data_type not in ("varchar", "json")]
        self._wrong = {
            i: " or ".join([_is_unfit(i, c), *(r.condition for r in rules if r.column == c and r.reason == WRONG_TYPE)])
            for i, c in self._typed
        }
        self._values = dict.fromkeys((i for i, _ in self._typed), 0)
        self._failures = dict.fromkeys((i for i, _ in self._typed), 0)

    def of_json(self, records: list[Record]) -> dict[int, tuple[str, str]]:
        """(reason, detail) by number of the record, of those that do not fit."""
        self._stage(pa.table({"n": range(len(records)), "text": [record.raw.decode() for record in records]}))
        kinds = self._connection.execute(
            """
            select n, case when json_valid(text) then json_type(text) end as kind from batch
            where kind is distinct from 'OBJECT'
            """
        ).fetchall()
        verdicts = {}
        for number, kind in kinds:
            reason = MALFORMED_JSON if kind is None else NOT_AN_OBJECT
            verdicts[number] = (reason, DETAILS[reason])
        self._connection.execute("delete from batch where not json_valid(text)")
        fields = self._table.fields
        types = json.dumps({field: READ_TYPES[column.data_type] for field, column in fields.items()})
        given = json.dumps(dict.fromkeys(fields, "JSON"))
        read = sorted(fields.keys() | self._file.unlisted(self._table))
        self._connection.execute(
            """
            create or replace temp table typed as
            select n, json_transform(text, $types) as t, json_transform(text, $given) as g,
                list_filter(json_keys(text), lambda k: list_contains($read, k)) as keys
            from batch where json_type(text) = 'OBJECT'
            """,
            {"types": types, "given": given, "read": read},
        )
        columns = [
            f"{_transformed(c)} as {quoted(c.name)}, g.{quoted(c.field)} is not null as {_given(i)}"
            for i, c in enumerate(self._table.columns)
        ]
        is_twice = 'len(keys) <> len(list_distinct(keys)) as "is twice"'
        return verdicts | self._judge(f"select n, {is_twice}, {', '.join(columns)} from typed")

    def of_csv(self, records: list[Record]) -> dict[int, tuple[str, str]]:
        """(reason, detail) by number of the record, of those that do not fit."""
        header = self._file.layout.header
        columns: dict[str, Any] = {"n": pa.array(range(len(records)), pa.int64())}
        for place, name in enumerate(header):
            if name in self._table.fields:
                columns[name] = pa.array([record.values[place] or None for record in records], pa.string())
        return self._of_columns(pa.table(columns))

    def of_rows(self, rows: pa.Table) -> dict[int, tuple[str, str]]:
        """(reason, detail) by number of the row, of those that do not fit."""
        rows = rows.select([field for field in self._table.fields if field in rows.column_names])
        return self._of_columns(rows.append_column("n", pa.array(range(len(rows)), pa.int64())))

    def _of_columns(self, batch: pa.Table) -> dict[int, tuple[str, str]]:
        self._stage(batch)
        nested = {field for field, kind in self._file.layout.kinds if kind == "nested"}
        columns = [
            f"{_tried(column, column.field in nested)} as {quoted(column.name)}, "
            f"r.{quoted(column.field)} is not null as {_given(i)}"
            for i, column in enumerate(self._table.columns)
        ]
        return self._judge(f'select r.n, false as "is twice", {", ".join(columns)} from batch as r')

    def _stage(self, batch: pa.Table) -> None:
        self._connection.register("incoming", batch)
        self._connection.execute("create or replace temp table batch as select * from incoming")
        self._connection.unregister("incoming")

    def _judge(self, query: str) -> dict[int, tuple[str, str]]:
        self._connection.execute(f"create or replace temp table q as {query}")
        checks = " ".join(f"when {condition} then {i}" for i, (condition, *_) in enumerate(self._checks))
        found = self._connection.execute(
            f"select q.n, case {checks} end as check_number from q where check_number is not null"
        ).fetchall()
        if self._typed:
            counts = [f"count(*) filter (q.{_given(i)}), count(*) filter ({self._wrong[i]})" for i, _ in self._typed]
            numbers = iter(self._connection.execute(f"select {', '.join(counts)} from q").fetchall()[0])
            for i, (given, wrong) in zip(self._values, zip(*[numbers] * 2, strict=True), strict=True):
                self._values[i] += given
                self._failures[i] += wrong
        return {number: self._checks[check][1:] for number, check in found}

    def refuse_changed_types(self) -> None:
        for i, column in self._typed:
            if self._failures[i] == self._values[i] >= _CHANGED_TYPE_VALUES:
                reason = f"column {column.field} has changed its type: none of its {self._values[i]:,} values"
                raise FileError(self._file.file.path, f"{reason} is a {column.data_type}")


def _given(number: int) -> str:
    return f'"given {number}"'


def _is_unfit(number: int, column: Column) -> str:
    return f"(q.{_given(number)} and q.{quoted(column.name)} is null)"


def _transformed(column: Column) -> str:
    typed = f"t.{quoted(column.field)}"
    if column.data_type != "boolean":
        return typed
    # read_json takes numbers for booleans, but for whole ones of more than 64 bits; json_transform takes none
    given = f"g.{quoted(column.field)}"
    is_number = f"json_type({given}) in ('UBIGINT', 'BIGINT', 'DOUBLE') and length(cast({given} as varchar)) <= 20"
    number = f"case when {is_number} then try_cast({given} as double) end"
    return f"coalesce({typed}, cast({number} as boolean))"


def _tried(column: Column, is_nested: bool) -> str:
    field = f"r.{quoted(column.field)}"
    return f"to_json({field})" if is_nested else f"try_cast({field} as {READ_TYPES[column.data_type]})"
