"""The input contract: which files a system drops, which typed columns its tables have, what a row must keep.

It is read from `sources/<system>.yml`, the same file that dbt reads, so the two cannot drift apart. A table
is landed when its `config.meta` has `files`; a column is read from the field `config.meta.field` of the
file, by default from the one of its own name. Fields in `config.meta.ignored` are known and not landed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from pipelines.landing.errors import ContractError

SYSTEMS = ("product", "crm", "billing", "zendesk")

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is ten times faster

DataType = Literal["varchar", "bigint", "double", "boolean", "timestamp", "date", "json"]

SOURCE_FILE, DROP_DATE, LOAD_ID = "_source_file", "_drop_date", "_dlt_load_id"
UNLISTED = "_unlisted_fields"
"""Column that takes, as one JSON object, the fields of a record that the contract neither has nor ignores."""
PROVENANCE = (UNLISTED, SOURCE_FILE, DROP_DATE, LOAD_ID)

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_TABLE_META = {"files", "format", "key", "ignored", "extract"}
_COLUMN_META = {"field", "pii", "kept", "person", "required", "happened", "epoch", "client_clock"}


@dataclass(frozen=True, slots=True)
class Column:
    """One landed column.

    Attributes:
        name: in the warehouse.
        field: in the file.
        is_required: every record has a value.
        is_past: it cannot lie after the drop day, but for the skew of the limits.
        is_epoch: seconds since 1970 as a number.
        is_client_clock: a time that the sender's machine made up; any time is taken.
        is_personal: what it says of a person goes when that person is forgotten.
        kept: fields of a personal JSON column that stay then.
        is_person: it holds the id of a person, of whom the row is; `is_asked` where that may be a company as well.
    """

    name: str
    data_type: DataType
    field: str
    is_required: bool = False
    is_past: bool = False
    is_epoch: bool = False
    is_client_clock: bool = False
    is_personal: bool = False
    kept: tuple[str, ...] = ()
    is_person: bool = False
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One landed table.

    Attributes:
        files: pattern of its file names.
        key: names of its key columns.
        ignored: fields that the vendor sends and that are left out on purpose; any other is reported.
        is_full_extract: each drop day repeats all its records, so that a day with far fewer is a broken export.
    """

    name: str
    files: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()
    is_full_extract: bool = False

    @property
    def fields(self) -> dict[str, Column]:
        """Columns by their name in the file."""
        return {column.field: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be wrong before a system's load fails; `config.meta.limits` of its source.

    Attributes:
        rejected_share: of a run's records of the system that may be rejected, 0 to 1.
        lost_share: of a full extract's records that may be gone since the smallest of the five before, 0 to 1.
        skew_days: by how many days a time that has happened may lie after its drop day.
        unpacked_bytes: a compressed file that unpacks to more must keep `unpacked_ratio`.
        unpacked_ratio: unpacked size over stored size.
    """

    rejected_share: float = 0.05
    lost_share: float = 0.2
    skew_days: int = 1
    unpacked_bytes: int = 256 * 1024 * 1024
    unpacked_ratio: int = 100


@dataclass(frozen=True, slots=True)
class Contract:
    """All landed tables of one system; `schema` is both the database schema and the dlt dataset."""

    system: str
    schema: str
    tables: tuple[Table, ...]
    limits: Limits = field(default_factory=Limits)


def load_contract(system: str, folder: Path) -> Contract:
    """Read `<folder>/<system>.yml`.

    Raises:
        ContractError: the file is absent or unreadable, or declares something that cannot be landed.
    """
    path = folder / f"{system}.yml"
    try:
        (source,) = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)["sources"]
        tables = tuple(_table(t) for t in source["tables"] if "files" in _meta(t))
        schema = _identifier(source.get("schema", source["name"]))
        return Contract(system, schema, tables, _limits(_meta(source).get("limits", {})))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{path}: not a usable source contract: {error}") from error


def _limits(raw: dict[str, Any]) -> Limits:
    _refuse_unknown("limits", raw, {limit.name for limit in fields(Limits)})
    limits = Limits(**raw)
    for name in ("rejected_share", "lost_share"):
        if not 0 <= float(getattr(limits, name)) <= 1:
            raise ValueError(f"limits: {name} is not between 0 and 1")
    for name in ("skew_days", "unpacked_bytes", "unpacked_ratio"):
        if type(getattr(limits, name)) is not int or getattr(limits, name) < 0:
            raise ValueError(f"limits: {name} is not a whole number")
    return limits


def _table(raw: dict[str, Any]) -> Table:
    meta = _meta(raw)
    name = _identifier(raw["name"])
    _refuse_unknown(f"table {name}", meta, _TABLE_META)
    columns = tuple(_column(c) for c in raw["columns"] if c["name"] not in PROVENANCE)
    for what, values in (("column", [c.name for c in columns]), ("field", [c.field for c in columns])):
        if len({value.casefold() for value in values}) < len(values):
            raise ValueError(f"table {name} declares a {what} twice")
    key = tuple(meta["key"])
    if not key or not set(key) <= {c.name for c in columns}:
        raise ValueError(f"table {name}: its key {list(key)} is not among its columns")
    ignored = frozenset(str(field) for field in meta.get("ignored", ()))
    if clash := sorted(ignored & {c.field for c in columns}):
        raise ValueError(f"table {name} both lands and ignores {', '.join(clash)}")
    extract = meta.get("extract", "changes")
    if extract not in ("changes", "full"):
        raise ValueError(f"table {name}: extract is neither changes nor full")
    return Table(name, str(meta["files"]), key, columns, ignored, extract == "full")


def _column(raw: dict[str, Any]) -> Column:
    if raw["data_type"] not in get_args(DataType):
        raise ValueError(f"column {raw['name']} has the unknown type {raw['data_type']}")
    name, meta = _identifier(raw["name"]), _meta(raw)
    _refuse_unknown(f"column {name}", meta, _COLUMN_META)
    column = Column(
        name,
        cast(DataType, raw["data_type"]),
        str(meta.get("field", name)),
        is_required=bool(meta.get("required")),
        is_past=bool(meta.get("happened")),
        is_epoch=meta.get("epoch") == "seconds",
        is_client_clock=bool(meta.get("client_clock")),
        is_personal=bool(meta.get("pii")),
        kept=tuple(str(field) for field in meta.get("kept", ())),
        is_person=meta.get("person") is True,
        is_asked=meta.get("person") == "asked",
    )
    if column.kept and not (column.is_personal and column.data_type == "json"):
        raise ValueError(f"column {name} keeps fields, but is no personal JSON column")
    if "person" in meta and not (column.is_person or column.is_asked):
        raise ValueError(f"column {name}: person is neither true nor asked")
    if "epoch" in meta and not (column.is_epoch and column.data_type == "bigint"):
        raise ValueError(f"column {name}: epoch is not `seconds` of a bigint")
    is_time = column.is_epoch or column.data_type in ("timestamp", "date")
    if (column.is_past or column.is_client_clock) and not is_time:
        raise ValueError(f"column {name} is no time, so it can neither have happened nor come from a clock")
    return column


def _meta(raw: dict[str, Any]) -> dict[str, Any]:
    return cast(dict[str, Any], raw.get("config", {}).get("meta", {}))


def _refuse_unknown(where: str, raw: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(raw.keys() - known):
        raise ValueError(f"{where}: unknown {', '.join(unknown)}; there are {', '.join(sorted(known))}")


def _identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain lower-case name")
    return name
