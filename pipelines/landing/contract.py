"""The input contract: which files a system drops, and which typed columns each of its tables has.

It is read from `sources/<system>.yml`, the same file that dbt reads, so the two cannot drift apart. A table
is landed when its `config.meta` has `files`; a column is read from the field `config.meta.field` of the
file, by default from the one of its own name. Fields in `config.meta.ignored` are known and not landed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from pipelines.landing.errors import ContractError

SYSTEMS = ("product", "crm", "billing", "zendesk")

DataType = Literal["varchar", "bigint", "double", "boolean", "timestamp", "date", "json"]

SOURCE_FILE, DROP_DATE, LOAD_ID = "_source_file", "_drop_date", "_dlt_load_id"
PROVENANCE = (SOURCE_FILE, DROP_DATE, LOAD_ID)

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Column:
    """One landed column: `field` is its name in the file, `name` its name in the warehouse."""

    name: str
    data_type: DataType
    field: str


@dataclass(frozen=True, slots=True)
class Table:
    """One landed table.

    Attributes:
        files: pattern of its file names.
        key: names of its key columns.
        ignored: fields that the vendor sends and that are left out on purpose; any other is reported.
    """

    name: str
    files: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()

    @property
    def fields(self) -> dict[str, Column]:
        """Columns by their name in the file."""
        return {column.field: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class Contract:
    """All landed tables of one system; `schema` is both the database schema and the dlt dataset."""

    system: str
    schema: str
    tables: tuple[Table, ...]


def load_contract(system: str, folder: Path) -> Contract:
    """Read `<folder>/<system>.yml`.

    Raises:
        ContractError: the file is absent or unreadable, or declares something that cannot be landed.
    """
    path = folder / f"{system}.yml"
    try:
        (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        tables = tuple(_table(t) for t in source["tables"] if "files" in _meta(t))
        return Contract(system, _identifier(source.get("schema", source["name"])), tables)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{path}: not a usable source contract: {error}") from error


def _table(raw: dict[str, Any]) -> Table:
    meta = _meta(raw)
    columns = tuple(_column(c) for c in raw["columns"] if c["name"] not in PROVENANCE)
    name = _identifier(raw["name"])
    for what, values in (("column", [c.name for c in columns]), ("field", [c.field for c in columns])):
        if len(set(values)) < len(values):
            raise ValueError(f"table {name} declares a {what} twice")
    key = tuple(meta["key"])
    if not key or not set(key) <= {c.name for c in columns}:
        raise ValueError(f"table {name}: its key {list(key)} is not among its columns")
    ignored = frozenset(str(field) for field in meta.get("ignored", ()))
    if clash := sorted(ignored & {c.field for c in columns}):
        raise ValueError(f"table {name} both lands and ignores {', '.join(clash)}")
    return Table(name, str(meta["files"]), key, columns, ignored)


def _column(raw: dict[str, Any]) -> Column:
    if raw["data_type"] not in get_args(DataType):
        raise ValueError(f"column {raw['name']} has the unknown type {raw['data_type']}")
    name = _identifier(raw["name"])
    return Column(name, cast(DataType, raw["data_type"]), str(_meta(raw).get("field", name)))


def _meta(raw: dict[str, Any]) -> dict[str, Any]:
    return cast(dict[str, Any], raw.get("config", {}).get("meta", {}))


def _identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain lower-case name")
    return name
