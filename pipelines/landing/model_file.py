"""Writes the `.model` file of a table: the one `select` by which dlt lands all its new files.

A `.model` file is a line `dialect: duckdb` and a query; dlt wraps the query (it adds `_dlt_load_id`) and runs
it as `insert into ... select` in an ordinary load package, so no row passes through Python. dlt parses the
query with sqlglot and infers nothing from it: its columns are explicit, their types the contract's.

The query is strict: the first record that does not fit fails it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pipelines.landing.contract import DROP_DATE, SOURCE_FILE, UNLISTED, Column, Contract, Table
from pipelines.landing.inspect import InspectedFile, Layout
from pipelines.landing.rules import READ_TYPES, RULE_MARK, table_rules
from pipelines.sql import literal, quoted

_PATH, _FILE = "_landing_path", "_landing_file"
_COMMON = f"filename = '{_PATH}', hive_partitioning = false"
_CSV = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
_LONG_LINES = "max_line_size = 16777216"


def write_model_file(path: Path, query: str) -> Path:
    """Write a query as a `.model` file."""
    path.write_text(f"dialect: duckdb\n{query}\n", encoding="utf-8")
    return path


def select_files(contract: Contract, table: Table, files: Sequence[InspectedFile], more: frozenset[str]) -> str:
    """The `select` over all files, in that order; neighbours of the same layout share one reading function.

    Args:
        contract: the contract that the table is of.
        table: the table they belong to.
        files: at least one file that keeps the contract.
        more: fields outside the contract that JSON records may have besides those seen in `files`.
    """
    unlisted = _unlisted_of_json(table, files, more)
    parts = [_read(table, layout, list(group), unlisted) for layout, group in groupby(files, key=lambda f: f.layout)]
    day = f"cast(split_part(q.{_FILE}, '/', 2) as date)"
    columns = [
        *(f"{_final(column)} as {quoted(column.name)}" for column in table.columns),
        f"q.{UNLISTED} as {quoted(UNLISTED)}",
        f"q.{_FILE} as {quoted(SOURCE_FILE)}",
        f"{day} as {quoted(DROP_DATE)}",
    ]
    first_day = min(file.file.drop_date for file in files)
    broken = " or ".join(f"({rule.condition})" for rule in table_rules(contract, table, day, first_day))
    guard = f"case when {broken} then error({literal(f'{RULE_MARK}: ')} || q.{_FILE}) else true end"
    return f"select {', '.join(columns)} from ({' union all '.join(parts)}) as q where {guard}"


def quote_path(path: str) -> str:
    """A SQL string literal that matches only this path."""
    return literal(_no_glob(path))


def _read(table: Table, layout: Layout, files: list[InspectedFile], unlisted: tuple[str, ...]) -> str:
    paths = _path_list([file.local_path for file in files])
    names = unlisted if layout.format == "json" else layout.unlisted
    columns = [
        *(f"{_typed(column, layout)} as {quoted(column.name)}" for column in table.columns),
        f"{_as_object(names)} as {UNLISTED}",
        f"substr(r.{_PATH}, {layout.root_length + 2}) as {_FILE}",
    ]
    return f"select {', '.join(columns)} from {_reader(table, layout, paths, names)} as r"


def _reader(table: Table, layout: Layout, paths: str, unlisted: tuple[str, ...]) -> str:
    if layout.format == "parquet":
        return f"read_parquet({paths}, {_COMMON}, union_by_name = true)"
    fields = table.fields
    if layout.format == "csv":
        # the names are those of the file's own header, in its order: DuckDB matches them by position
        types = {name: _csv_type(fields[name]) if name in fields else "VARCHAR" for name in layout.header}
        long_lines = f", {_LONG_LINES}" if layout.has_long_lines else ""
        return f"read_csv({paths}, {_columns(types)}, {_COMMON}, {_CSV}{long_lines})"
    types = {field: READ_TYPES[column.data_type] for field, column in fields.items()} | dict.fromkeys(unlisted, "JSON")
    return f"read_json({paths}, {_columns(types)}, {_COMMON}, format = 'newline_delimited', auto_detect = false)"


def _columns(types: dict[str, str]) -> str:
    listed = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
    return f"columns = {{{listed}}}"


def _unlisted_of_json(table: Table, files: Sequence[InspectedFile], more: frozenset[str]) -> tuple[str, ...]:
    """Fields to look for in JSON records, without those that differ only in case: an engine keeps them no apart."""
    found = {name for file in files if file.layout.format == "json" for name in file.unlisted(table)}
    taken = {field.casefold() for field in table.fields}
    chosen = []
    for name in [*sorted(found), *sorted(more - found)]:
        if name.casefold() not in taken:
            taken.add(name.casefold())
            chosen.append(name)
    return tuple(sorted(chosen))


def _as_object(names: tuple[str, ...]) -> str:
    """A JSON object of the fields that are not null; null when all are."""
    if not names:
        return "cast(null as json)"
    members = []
    for name in names:
        field, label = f"r.{quoted(name)}", literal(json.dumps(name, ensure_ascii=False) + ": ")
        members.append(f"case when {field} is not null then {label} || cast(to_json({field}) as varchar) end")
    return f"cast(nullif('{{' || concat_ws(', ', {', '.join(members)}) || '}}', '{{}}') as json)"


def _csv_type(column: Column) -> str:
    return "VARCHAR" if column.data_type == "json" else READ_TYPES[column.data_type]


def _typed(column: Column, layout: Layout) -> str:
    field = f"r.{quoted(column.field)}"
    if layout.format == "json" or (layout.format == "csv" and column.data_type != "json"):
        return field
    if column.data_type == "json" and dict(layout.kinds).get(column.field) == "nested":
        return f"to_json({field})"
    return f"cast({field} as {READ_TYPES[column.data_type]})"


def _final(column: Column) -> str:
    name = f"q.{quoted(column.name)}"
    return f"cast({name} as bigint)" if column.data_type == "bigint" else name


def _path_list(paths: list[str]) -> str:
    escaped = [_no_glob(path) for path in paths]
    if not any("\n" in path for path in paths):
        # one literal for all: dlt parses and copies the query several times, and thousands of literals take seconds
        return f"string_split({literal(chr(10).join(escaped))}, chr(10))"
    return f"[{', '.join(literal(path) for path in escaped)}]"


def _no_glob(path: str) -> str:
    """The path as a pattern that matches only itself: DuckDB expands `*`, `?` and `[` in file names."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)
