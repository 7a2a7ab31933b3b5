"""What landed data must hold: the suites `suites/<system>.yml`, read into expectations.

Each expectation compares two numbers a drop day, `measured` and `compared_with`: rows that should not be there
against the rows looked at, or rows landed against the rows expected. Its `fails_when` is the only verdict there is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from pipelines.config import PROJECT_ROOT
from pipelines.landing.contract import SOURCE_FILE, YAML_LOADER, Contract, Table, load_contract
from pipelines.sql import literal

SUITES_DIR = Path(__file__).parent / "suites"
_SEEDS_DIR = PROJECT_ROOT / "seeds"

Severity = Literal["critical", "warning", "info"]
"""critical stops the refresh, warning marks the system's drop day, info is reported."""

_LIMITS = {"severity", "max_share", "min_rows"}
_KEYS = {
    "expectation": {"name", "finds", "unexpected", "of", "value", "in", "in_seed", *_LIMITS},
    "duplicates": {"finds", *_LIMITS},
    "reference": {"name", "finds", "value", "to", *_LIMITS},
    "volume": {"severity", "min_share", "max_times", "weeks", "min_weeks", "min_rows"},
    "every table": {"key_is_given", "key_has_one_version"},
    "table": {"values", "changed", "may_differ", "remembers", "volume", "duplicates", "references", "expectations"},
    "suite": {"system", "every_table", "tables"},
}


class SuiteError(Exception):
    """A suite cannot be used; the message names its file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that a drop day of a table must hold.

    Attributes:
        name: unique within the table.
        finds: what was found where it fails, in words.
        limit: what is allowed, in words.
        fails_when: condition over `measured` and `compared_with` of a day.
    """

    system: str
    table: str
    name: str
    severity: Severity
    finds: str
    limit: str
    fails_when: str

    @property
    def id(self) -> str:
        """Unique within the system."""
        return f"{self.table}.{self.name}"

    @property
    def failed_days(self) -> str:
        """Condition of the rows of a day table that fail it."""
        return f"expectation = '{self.id}' and {self.fails_when}"

    @property
    def description(self) -> str:
        """One line for the documentation."""
        return f"{self.table}: {self.finds}; {self.limit}"


@dataclass(frozen=True, slots=True)
class Scan:
    """Measured by two aggregates over the rows of a day; all of a table are computed in one scan."""

    expectation: Expectation
    measured: str
    compared_with: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`value` must be a key that the table `to` (`system.table`) has brought by that day."""

    expectation: Expectation
    value: str
    to: str


@dataclass(frozen=True, slots=True)
class Volume:
    """A day's rows against the median of the same weekday in the `weeks` before, where `min_weeks` of them landed."""

    expectation: Expectation
    weeks: int
    min_weeks: int


@dataclass(frozen=True, slots=True)
class TableSuite:
    """The expectations of one table.

    Attributes:
        values: names for SQL expressions over a raw row.
        remembers: expression of the key that references from other tables look for; empty where there are none.
    """

    name: str
    values: dict[str, str]
    remembers: str
    scans: tuple[Scan, ...]
    references: tuple[Reference, ...]
    volume: Volume | None


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one system."""

    system: str
    schema: str
    tables: tuple[TableSuite, ...]

    @property
    def expectations(self) -> list[Expectation]:
        """All of them, table by table."""
        return [expectation for table in self.tables for expectation in _expectations(table)]


def load_suites(systems: Iterable[str], contract_dir: Path, suites_dir: Path = SUITES_DIR) -> list[Suite]:
    """The suites of `systems`.

    Raises:
        SuiteError: a file is absent, or says what is not understood.
    """
    return [_load(system, load_contract(system, contract_dir), suites_dir / f"{system}.yml") for system in systems]


def _load(system: str, contract: Contract, path: Path) -> Suite:
    try:
        raw = _checked("suite", yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER))
        if raw["system"] != system:
            raise ValueError(f"it is the suite of {raw['system']}")
        every = _checked("every table", raw["every_table"])
        said = dict(raw["tables"])
        tables = tuple(_table(system, table, every, said.pop(table.name, {})) for table in contract.tables)
        if said:
            raise ValueError(f"no table {', '.join(said)} in the contract")
        suite = Suite(system, contract.schema, tables)
        ids = [expectation.id for expectation in suite.expectations]
        if doubled := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"{doubled[0]} is there twice")
        return suite
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SuiteError(f"{path}: not a usable suite: {type(error).__name__}: {error}") from error


def _table(system: str, table: Table, every: dict[str, Any], raw: dict[str, Any]) -> TableSuite:
    raw = _checked("table", raw)

    def expectation(name: str, said: dict[str, Any], finds: str) -> Expectation:
        return _with_share(system, table.name, name, said, said.get("finds", finds))

    scans = [
        Scan(
            expectation("key_is_given", every["key_is_given"], "rows without their key"),
            _count(" or ".join(f"{column} is null" for column in table.key)),
            "count(*)",
        ),
        Scan(
            expectation(
                "key_has_one_version", every["key_has_one_version"], "rows that contradict another of their key"
            ),
            _contradictions(table, raw.get("changed"), raw.get("may_differ", ())),
            "count(*)",
        ),
    ]
    if "duplicates" in raw:
        said = _checked("duplicates", raw["duplicates"])
        distinct = _distinct([SOURCE_FILE, *table.key])
        scans.append(
            Scan(expectation("resent", said, "rows that were sent again"), f"count(*) - {distinct}", "count(*)")
        )
    for said in raw.get("expectations", ()):
        _checked("expectation", said)
        unexpected, of = _predicate(said), str(said.get("of", "true"))
        scans.append(
            Scan(expectation(said["name"], said, said["finds"]), _count(f"({of}) and ({unexpected})"), _count(of))
        )
    references = tuple(
        Reference(expectation(said["name"], said, said["finds"]), str(said["value"]), str(said["to"]))
        for said in (_checked("reference", item) for item in raw.get("references", ()))
    )
    volume = _volume(system, table.name, _checked("volume", raw["volume"])) if "volume" in raw else None
    values = {str(name): str(value) for name, value in raw.get("values", {}).items()}
    return TableSuite(table.name, values, str(raw.get("remembers", "")), tuple(scans), references, volume)


def _with_share(system: str, table: str, name: str, said: dict[str, Any], finds: str) -> Expectation:
    share, least = float(said.get("max_share", 0)), int(said.get("min_rows", 1))
    if not 0 <= share < 1:
        raise ValueError(f"{table}.{name}: max_share is {share}, not a share from 0 to below 1")
    limit = f"at most {100 * share:g}% are allowed" if share else "none is allowed"
    if least > 1:
        limit += f", days with fewer than {least:,} are not judged"
    fails_when = f"compared_with >= {least} and measured > {share} * compared_with"
    return Expectation(system, table, name, _severity(said), finds, limit, fails_when)


def _volume(system: str, table: str, said: dict[str, Any]) -> Volume:
    low, high, least = float(said["min_share"]), float(said["max_times"]), int(said["min_rows"])
    expectation = Expectation(
        system,
        table,
        "volume",
        _severity(said),
        "rows landed against the same weekday of the weeks before",
        f"at least {100 * low:g}% and at most {high:g} times as many,"
        f" days that expect fewer than {least:,} are not judged",
        f"compared_with >= {least} and (measured < {low} * compared_with or measured > {high} * compared_with)",
    )
    return Volume(expectation, int(said["weeks"]), int(said["min_weeks"]))


def _severity(said: dict[str, Any]) -> Severity:
    if said["severity"] not in get_args(Severity):
        raise ValueError(f"{said['severity']} is no severity; there are {', '.join(get_args(Severity))}")
    return cast(Severity, said["severity"])


def _predicate(said: dict[str, Any]) -> str:
    """Condition of an unexpected row: as it is written, or a value outside a list or a seed. Null is never outside."""
    if "unexpected" in said:
        return str(said["unexpected"])
    value = said["value"]
    columns = value if isinstance(value, list) else [value]
    if "in_seed" in said:
        ((seed, seed_columns),) = said["in_seed"].items()
        seed_columns = seed_columns if isinstance(seed_columns, list) else [seed_columns]
        allowed = sorted({tuple(row[column] for column in seed_columns) for row in _seed(seed)})
    else:
        allowed = [(str(item),) for item in said["in"]]
    if not allowed or any(len(row) != len(columns) for row in allowed):
        raise ValueError(f"{said['name']}: its list does not fit {', '.join(columns)}")
    listed = ", ".join(f"({', '.join(map(literal, row))})" for row in allowed)
    row = ", ".join(f"cast({column} as varchar)" for column in columns)
    return f"({row}) not in ({listed})"


def _seed(name: str) -> Iterator[dict[str, str]]:
    with (_SEEDS_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _contradictions(table: Table, changed: str | None, may_differ: Sequence[str]) -> str:
    """Rows of one file that share key and time of change with another and differ from it in anything else."""
    identity = [SOURCE_FILE, *table.key, *([changed] if changed else [])]
    content = [column.name for column in table.columns if column.name not in {*identity, *may_differ}]
    return f"{_distinct([*identity, *content])} - {_distinct(identity)}"


def _distinct(columns: Sequence[str]) -> str:
    # of 64-bit hashes: exact enough for a share, and it bounds the memory that long keys and payloads would take
    return f"count(distinct hash({', '.join(columns)}))"


def _count(condition: str) -> str:
    return f"count(*) filter (where {condition})"


def _expectations(table: TableSuite) -> list[Expectation]:
    measured: list[Scan | Reference | Volume] = [*table.scans, *table.references]
    if table.volume:
        measured.append(table.volume)
    return [item.expectation for item in measured]


def _checked(what: str, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise TypeError(f"{what}: a mapping was expected")
    if unknown := sorted(set(raw) - _KEYS[what]):
        raise ValueError(f"{what}: {', '.join(unknown)} is not understood")
    return raw
