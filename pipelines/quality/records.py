"""What the gate leaves in the `ops` schema: verdicts, marked days, the loads that passed and the keys they brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import duckdb

from pipelines.config import Settings
from pipelines.ops import ensure_ops
from pipelines.quality.measure import key_rows
from pipelines.quality.scope import Scope
from pipelines.quality.suites import Expectation, Suite
from pipelines.serving.gate import marts_untouched

_UNLANDED = "did not land: "
_NAMED_DAYS = 3


@dataclass(frozen=True, slots=True)
class FailedDay:
    """A drop day on which an expectation did not hold, with its two numbers."""

    day: date
    measured: float
    compared_with: float

    def __str__(self) -> str:
        return f"{self.measured:,.0f} of {self.compared_with:,.0f}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one expectation found; it holds where no day failed."""

    expectation: Expectation
    days: tuple[FailedDay, ...] = ()
    accepted_reason: str | None = None

    @property
    def holds(self) -> bool:
        """Whether it held on every day."""
        return not self.days

    @property
    def blocks(self) -> bool:
        """Whether nothing may be built on this."""
        return bool(self.days) and self.expectation.severity == "critical" and self.accepted_reason is None

    @property
    def unexpected_count(self) -> int:
        """Rows that should not be there; for a volume, days."""
        if self.expectation.name == "volume":
            return len(self.days)
        return round(sum(day.measured for day in self.days))

    @property
    def message(self) -> str:
        """What was found and where, in one line; empty where it held."""
        named = ", ".join(f"{day} on {day.day}" for day in self.days[:_NAMED_DAYS])
        more = len(self.days) - _NAMED_DAYS
        if more > 0:
            named += f", and {more} more drop days"
        return f"{self.expectation.finds}: {named} ({self.expectation.limit})" if named else ""

    def accepted(self, reason: str) -> Verdict:
        """The same, let pass by an operator where it would block."""
        return replace(self, accepted_reason=reason) if self.blocks else self

    def reasons(self) -> Iterator[tuple[date, str]]:
        """The days that it marks. What an operator has accepted marks none."""
        if self.expectation.severity == "warning" or self.blocks:
            for day in self.days:
                yield day.day, f"{self.expectation.table}: {self.expectation.finds} ({day})"


def record_gate(
    settings: Settings,
    run_id: str,
    scopes: Sequence[Scope],
    suites: Sequence[Suite],
    verdicts: Sequence[Verdict],
    as_of: date | None,
) -> None:
    """Writes all that a gate found in one transaction; its loads count as passed unless something blocks."""
    now = _now()
    with marts_untouched(settings), duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("begin")
        _insert(connection, "gate_results", [_result_row(run_id, now, verdict) for verdict in verdicts])
        for scope in scopes:
            marked = _marked_days(scope, verdicts)
            if as_of is not None and as_of not in marked and _is_unjudged(connection, scope.system, as_of):
                marked[as_of] = []
            rows = [
                (run_id, now, scope.system, day, len(reasons), "; ".join(sorted(reasons)) or None)
                for day, reasons in sorted(marked.items())
            ]
            _insert(connection, "gate_days", rows)
        if not any(verdict.blocks for verdict in verdicts):
            _pass(connection, run_id, now, scopes, suites)
        connection.execute("commit")


def record_unlanded(settings: Settings, run_id: str, system: str, drop_date: date, reason: str) -> None:
    """Marks the day of a system whose files did not land; the gate clears it once they have."""
    with marts_untouched(settings), duckdb.connect(str(settings.warehouse)) as connection:
        ensure_ops(connection)
        _insert(connection, "gate_days", [(run_id, _now(), system, drop_date, 1, _UNLANDED + reason)])


def is_unlanded(connection: duckdb.DuckDBPyConnection, system: str, day: date) -> bool:
    """Whether the newest thing known of that day is that its files did not land."""
    return (_newest_reasons(connection, system, day) or "").startswith(_UNLANDED)


def _is_unjudged(connection: duckdb.DuckDBPyConnection, system: str, day: date) -> bool:
    return _newest_reasons(connection, system, day) is None or is_unlanded(connection, system, day)


def _result_row(run_id: str, now: datetime, verdict: Verdict) -> tuple[object, ...]:
    said = verdict.expectation
    return (
        *(run_id, now, said.system, said.id, said.table, said.severity, verdict.holds),
        *(verdict.unexpected_count, verdict.message or None, verdict.accepted_reason),
    )


def _marked_days(scope: Scope, verdicts: Iterable[Verdict]) -> dict[date, list[str]]:
    marked: dict[date, list[str]] = {day: [] for day in scope.days}
    for verdict in verdicts:
        if verdict.expectation.system == scope.system:
            for day, reason in verdict.reasons():
                marked[day].append(reason)
    return marked


def _newest_reasons(connection: duckdb.DuckDBPyConnection, system: str, day: date) -> str | None:
    """Empty where nothing failed, None where the day was never looked at."""
    row = connection.execute(
        "select coalesce(reasons, '') from ops.gate_days where system = ? and drop_date = ?"
        " order by checked_at desc limit 1",
        [system, day],
    ).fetchone()
    return str(row[0]) if row else None


def _pass(
    connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime, scopes: Iterable[Scope], suites: Iterable[Suite]
) -> None:
    tables = {suite.system: [table for table in suite.tables if table.remembers] for suite in suites}
    for scope in scopes:
        _insert(connection, "gated_loads", [(scope.system, load, run_id, now) for load in scope.waiting])
        for table in tables[scope.system]:
            days = scope.rows.get(table.name)
            if days:
                connection.execute(
                    f"insert into ops.known_keys {key_rows(scope, table, days)} on conflict do update"
                    " set first_drop_date = least(first_drop_date, excluded.first_drop_date)"
                )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        connection.executemany(f"insert into ops.{table} values ({', '.join('?' * len(rows[0]))})", rows)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
