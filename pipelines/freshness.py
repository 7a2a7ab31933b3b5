"""How old each source is: its newest drop day against the day that the warehouse is built for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date
from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.landing.contract import SYSTEMS

# A system may have nothing to say on a quiet day; two days without a file is worth a look.
WARN_AFTER_DAYS = 1


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One system's newest drop. Dates and times are ISO text; None where nothing has landed yet.

    Attributes:
        days_behind: days from the newest drop to the day the warehouse is built for.
        rows: landed rows in all.
        last_landed_at: when its newest load was committed, UTC.
    """

    system: str
    newest_drop_date: str | None
    days_behind: int | None
    rows: int
    last_landed_at: str | None

    @property
    def is_late(self) -> bool:
        """Nothing at all, or nothing for more than a day."""
        return self.days_behind is None or self.days_behind > WARN_AFTER_DAYS

    def __str__(self) -> str:
        if self.newest_drop_date is None:
            return f"{self.system} has never landed"
        late = f" ({self.days_behind} days behind)" if self.is_late else ""
        return f"{self.system} {self.newest_drop_date}{late}"

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> SourceAge:
        """From the run log."""
        return cls(
            system=record["system"],
            newest_drop_date=record["newest_drop_date"],
            days_behind=record["days_behind"],
            rows=record["rows"],
            last_landed_at=record["last_landed_at"],
        )

    def to_json(self) -> dict[str, Any]:
        """For the run log."""
        return asdict(self)


def newest_usage_date(settings: Settings) -> date | None:
    """The newest delivered day of product usage, as `util_as_of` finds it when nobody sets the clock."""
    if not settings.warehouse.exists():
        return None
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return _one(
            connection,
            "select max(files._drop_date) from raw_product.landed_files as files"
            " inner join raw_product._dlt_loads as loads on files._dlt_load_id = loads.load_id"
            " where loads.status = 0 and files.table_name = 'tracks'",
        )


def built_as_of(settings: Settings) -> date | None:
    """The day that the warehouse was built for last; None before the first build."""
    if not settings.warehouse.exists():
        return None
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return _one(connection, "select max(as_of_date) from intermediate.util_as_of")


def source_ages(settings: Settings, as_of: date | None, systems: Sequence[str] = SYSTEMS) -> list[SourceAge]:
    """The age of each system on `as_of`, from its ledger of landed files.

    Raises:
        duckdb.IOException: the warehouse is being written by another process.
    """
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return [_age(connection, system, as_of) for system in systems]


def ages_from_facts(facts: dict[str, Any]) -> list[SourceAge]:
    """The ages that a run's freshness step remembered."""
    return [SourceAge.from_json(record) for record in facts.get("sources", [])]


def _age(connection: duckdb.DuckDBPyConnection, system: str, as_of: date | None) -> SourceAge:
    try:
        newest, rows, landed_at = connection.execute(
            f"""
            select max(files._drop_date), coalesce(sum(files.rows), 0)::bigint, max(loads.inserted_at)
            from raw_{system}.landed_files as files
            inner join raw_{system}._dlt_loads as loads on files._dlt_load_id = loads.load_id
            where loads.status = 0
            """
        ).fetchall()[0]
    except duckdb.CatalogException:
        newest, rows, landed_at = None, 0, None
    return SourceAge(
        system=system,
        newest_drop_date=newest.isoformat() if newest else None,
        days_behind=max((as_of - newest).days, 0) if newest and as_of else None,
        rows=int(rows),
        last_landed_at=landed_at.astimezone(UTC).isoformat(timespec="seconds") if landed_at else None,
    )


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> date | None:
    """The date that a query gives; None where its tables are not there yet."""
    try:
        row = connection.execute(query).fetchone()
    except duckdb.CatalogException:
        return None
    return row[0] if row else None
