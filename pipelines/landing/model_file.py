"""Writes the `.model` file of a table: the one `select` by which dlt lands all its new files.

A `.model` file is a line `dialect: duckdb` and a query; dlt wraps the query (it adds `_dlt_load_id`) and runs
it as `insert into ... select` in an ordinary load package, so no row passes through Python. dlt parses the
query with sqlglot and infers nothing from it: its columns are explicit, their types the contract's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pipelines.landing.contract import DROP_DATE, SOURCE_FILE, Column, DataType, Table
from pipelines.landing.inspect import InspectedFile, Layout

FRACTION_MARK = "is not a whole number"
"""Part of the error that a fraction in a bigint column raises: a plain cast would round it silently."""

_FILENAME = "_landing_path"

_READ_TYPES: dict[DataType, str] = {
    "varchar": "VARCHAR",
    "bigint": "DECIMAL(38, 9)",  # exact for any bigint, and keeps a fraction visible
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "date": "DATE",
    "json": "JSON",
}
_COMMON = f"filename = '{_FILENAME}', hive_partitioning = false"
_CSV = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''"


def write_model_file(path: Path, query: str) -> Path:
    """Write a query as a `.model` file."""
    path.write_text(f"dialect: duckdb\n{query}\n", encoding="utf-8")
    return path


def select_files(table: Table, files: Sequence[InspectedFile], root: str) -> str:
    """The `select` over all files, in that order; neighbours of the same layout share one reading function.

    Args:
        table: the table they belong to.
        files: at least one file that keeps the contract.
        root: local folder to which `_source_file` is relative; every file lies below it.
    """
    parts = [_read(table, layout, list(group)) for layout, group in groupby(files, key=lambda f: f.layout)]
    relative = f"substr(q.{_FILENAME}, {len(root.rstrip('/')) + 2})"
    columns = [
        *(f"{_final(column, relative)} as {quote_name(column.name)}" for column in table.columns),
        f"{relative} as {quote_name(SOURCE_FILE)}",
        f"cast(split_part({relative}, '/', 2) as date) as {quote_name(DROP_DATE)}",
    ]
    return f"select {', '.join(columns)} from ({' union all '.join(parts)}) as q"


def quote_text(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def quote_path(path: str) -> str:
    """A SQL string literal that matches only this path."""
    return quote_text(_no_glob(path))


def quote_name(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _read(table: Table, layout: Layout, files: list[InspectedFile]) -> str:
    paths = _path_list([file.local_path for file in files])
    columns = [f"{_typed(column, layout)} as {quote_name(column.name)}" for column in table.columns]
    return f"select {', '.join(columns)}, r.{_FILENAME} from {_reader(table, layout, paths)} as r"


def _reader(table: Table, layout: Layout, paths: str) -> str:
    if layout.format == "parquet":
        return f"read_parquet({paths}, {_COMMON}, union_by_name = true)"
    if layout.format == "csv":
        # the names are those of the file's own header, in its order: DuckDB matches them by position
        fields = table.fields
        types = {name: _csv_type(fields[name]) if name in fields else "VARCHAR" for name in layout.header}
        return f"read_csv({paths}, {_columns(types)}, {_COMMON}, {_CSV})"
    types = {field: _READ_TYPES[column.data_type] for field, column in table.fields.items()}
    return f"read_json({paths}, {_columns(types)}, {_COMMON}, format = 'newline_delimited', auto_detect = false)"


def _columns(types: dict[str, str]) -> str:
    listed = ", ".join(f"{quote_text(name)}: {quote_text(kind)}" for name, kind in types.items())
    return f"columns = {{{listed}}}"


def _csv_type(column: Column) -> str:
    return "VARCHAR" if column.data_type == "json" else _READ_TYPES[column.data_type]


def _typed(column: Column, layout: Layout) -> str:
    field = f"r.{quote_name(column.field)}"
    if layout.format == "json" or (layout.format == "csv" and column.data_type != "json"):
        return field
    if column.data_type == "json" and dict(layout.kinds).get(column.field) == "nested":
        return f"to_json({field})"
    return f"cast({field} as {_READ_TYPES[column.data_type]})"


def _final(column: Column, relative: str) -> str:
    name = f"q.{quote_name(column.name)}"
    if column.data_type != "bigint":
        return name
    message = f"{quote_text(f'column {column.field} {FRACTION_MARK}: ')} || {relative}"
    return f"case when {name} <> trunc({name}) then error({message}) else cast({name} as bigint) end"


def _path_list(paths: list[str]) -> str:
    escaped = [_no_glob(path) for path in paths]
    if not any("\n" in path for path in paths):
        # one literal for all: dlt parses and copies the query several times, and thousands of literals take seconds
        return f"string_split({quote_text(chr(10).join(escaped))}, chr(10))"
    return f"[{', '.join(quote_text(path) for path in escaped)}]"


def _no_glob(path: str) -> str:
    """The path as a pattern that matches only itself: DuckDB expands `*`, `?` and `[` in file names."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)
