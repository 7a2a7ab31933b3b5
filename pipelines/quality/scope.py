"""Which rows the gate looks at: those of every drop day that a load touched which no gate has passed yet.

A day is judged as a whole, so that a file that comes late cannot clear what an earlier file of its day did wrong.
Rows of a file that has landed again in a newer version are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import duckdb

from pipelines.landing.contract import DROP_DATE, LOAD_ID, SOURCE_FILE
from pipelines.landing.ledger import LEDGER
from pipelines.sql import literal

_MOST_ROWS = 5_000_000  # of one query: exact distinct counts need memory for each row


@dataclass(frozen=True, slots=True)
class Scope:
    """What there is to look at in one system.

    Attributes:
        waiting: completed loads that no gate has passed.
        loads: loads that hold the current rows of the touched days.
        superseded: (file, load) pairs among those loads that a newer version of the file replaced.
        rows: landed rows by table and touched day (ISO).
    """

    system: str
    schema: str
    waiting: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    superseded: tuple[tuple[str, str], ...] = ()
    rows: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """The touched days, in order."""
        return sorted({date.fromisoformat(day) for days in self.rows.values() for day in days})

    @property
    def rows_count(self) -> int:
        """Rows to look at."""
        return sum(sum(days.values()) for days in self.rows.values())

    def chunks(self, table: str) -> list[list[str]]:
        """The days of a table in parts that one query can count."""
        parts: list[list[str]] = []
        size = 0
        for day, rows in sorted(self.rows.get(table, {}).items()):
            if not parts or size + rows > _MOST_ROWS:
                parts.append([])
                size = 0
            parts[-1].append(day)
            size += rows
        return parts

    def condition(self, days: Iterable[str]) -> str:
        """Condition of a raw row to be current and of one of `days`; constants, so that DuckDB skips all other rows."""
        days = sorted(days)
        listed = ", ".join(f"date '{day}'" for day in days)
        condition = (
            f"{DROP_DATE} between date '{days[0]}' and date '{days[-1]}' and {DROP_DATE} in ({listed})"
            f" and {LOAD_ID} in ({', '.join(map(literal, self.loads))})"
        )
        if self.superseded:
            pairs = ", ".join(f"({literal(file)}, {literal(load)})" for file, load in self.superseded)
            condition += f" and ({SOURCE_FILE}, {LOAD_ID}) not in ({pairs})"
        return condition


def find_scope(connection: duckdb.DuckDBPyConnection, system: str, schema: str, again: Iterable[date] = ()) -> Scope:
    """What the gate has not seen of a system, and the days to judge `again`; empty where nothing has landed yet."""
    known = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, LEDGER]
    )
    if known.fetchall()[0][0] == 0:
        return Scope(system, schema)
    files = connection.execute(
        f"""
        with completed as (
            select files.file, files.table_name, files.{DROP_DATE}, files.{LOAD_ID}, files.rows
            from {schema}.{LEDGER} as files
            inner join {schema}._dlt_loads as loads on files.{LOAD_ID} = loads.load_id
            where loads.status = 0
        ),

        waiting as (
            select distinct {LOAD_ID} as load_id from completed
            except
            select load_id from ops.gated_loads where system = ?
        )

        select
            file, table_name, {DROP_DATE}, {LOAD_ID}, rows,
            {LOAD_ID} = max({LOAD_ID}) over (partition by file) as is_current,
            {LOAD_ID} in (select load_id from waiting) as is_waiting
        from completed
        where {DROP_DATE} in (
            select {DROP_DATE} from completed where {LOAD_ID} in (select load_id from waiting)
            union all
            select unnest(cast(? as date[]))
        )
        """,
        [system, list(again)],
    ).fetchall()
    rows: dict[str, dict[str, int]] = {}
    for _, table, day, _, count, is_current, _ in files:
        if is_current:
            days = rows.setdefault(table, {})
            days[day.isoformat()] = days.get(day.isoformat(), 0) + int(count)
    loads = {load for _, _, _, load, _, is_current, _ in files if is_current}
    superseded = {(file, load) for file, _, _, load, _, is_current, _ in files if not is_current and load in loads}
    waiting = {load for _, _, _, load, _, _, is_waiting in files if is_waiting}
    return Scope(system, schema, tuple(sorted(waiting)), tuple(sorted(loads)), tuple(sorted(superseded)), rows)
