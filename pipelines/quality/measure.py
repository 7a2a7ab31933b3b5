"""How the landed rows in scope are measured: one row a table, expectation and drop day, in one scan a table.

Only statements are made here; they run where the warehouse is attached read-only as `warehouse`. What they leave are
counts and days, so that nothing that is made of them can hold a value of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipelines.landing.contract import DROP_DATE, LOAD_ID
from pipelines.landing.ledger import LEDGER
from pipelines.quality.scope import Scope
from pipelines.quality.suites import Reference, Suite, TableSuite, Volume

_KEYS = "known_keys"

Statement = tuple[str, str]
"""What is being looked at, and the SQL."""


def day_table(system: str) -> str:
    """Name of the table that takes a system's measures."""
    return f"{system}_days"


def statements(scopes: Sequence[Scope], suites: Sequence[Suite]) -> Iterator[Statement]:
    """Fills one day table a system."""
    by_system = {suite.system: suite for suite in suites}
    yield from _collect_keys(scopes, by_system)
    for scope in scopes:
        yield (
            scope.schema,
            f"create table {day_table(scope.system)}"
            " (expectation varchar, drop_date date, measured double, compared_with double)",
        )
        for table in by_system[scope.system].tables:
            for days in scope.chunks(table.name):
                for query in _measures(scope, table, days):
                    yield f"{scope.schema}.{table.name}", f"insert into {day_table(scope.system)} {query}"


def key_rows(scope: Scope, table: TableSuite, days: Iterable[str], catalog: str = "") -> str:
    """Query of the keys that a table brought on `days`, with the first day of each."""
    return f"""
        select
            '{scope.system}.{table.name}' as reference,
            {table.remembers} as key_text,
            min({DROP_DATE}) as first_drop_date
        from {catalog}{scope.schema}.{table.name}
        where {scope.condition(days)} and {table.remembers} is not null
        group by all
    """


def _collect_keys(scopes: Iterable[Scope], suites: dict[str, Suite]) -> Iterator[Statement]:
    """Keys that references look for: those of nights that passed the gate, and those that landed with this one."""
    yield _KEYS, f"create table {_KEYS} as select reference, key_text, first_drop_date from warehouse.ops.known_keys"
    for scope in scopes:
        for table in suites[scope.system].tables:
            days = scope.rows.get(table.name)
            if table.remembers and days:
                yield (
                    f"{scope.schema}.{table.name}",
                    f"insert into {_KEYS} {key_rows(scope, table, days, 'warehouse.')}",
                )
    yield (
        _KEYS,
        f"create or replace table {_KEYS} as"
        f" select reference, key_text, min(first_drop_date) as first_drop_date from {_KEYS} group by all",
    )


def _measures(scope: Scope, table: TableSuite, days: list[str]) -> Iterator[str]:
    source = _source(scope, table, days)
    aggregates = ", ".join(
        f"{scan.measured} as measured_{number}, {scan.compared_with} as compared_{number}"
        for number, scan in enumerate(table.scans)
    )
    numbers = range(len(table.scans))
    yield f"""
        select
            unnest([{", ".join(f"'{scan.expectation.id}'" for scan in table.scans)}]),
            {DROP_DATE},
            unnest([{", ".join(f"measured_{number}" for number in numbers)}]),
            unnest([{", ".join(f"compared_{number}" for number in numbers)}])
        from (select {DROP_DATE}, {aggregates} from {source} group by {DROP_DATE})
    """
    for reference in table.references:
        yield _reference(source, reference)
    if table.volume:
        yield _volume(scope, table.name, table.volume, days)


def _source(scope: Scope, table: TableSuite, days: list[str]) -> str:
    values = "".join(f", {expression} as {name}" for name, expression in table.values.items())
    return f"(select *{values} from warehouse.{scope.schema}.{table.name} where {scope.condition(days)})"


def _reference(source: str, reference: Reference) -> str:
    return f"""
        select
            '{reference.expectation.id}',
            landed.{DROP_DATE},
            count(*) filter (where known.key_text is null),
            count(*)
        from (select {DROP_DATE}, {reference.value} as key_text from {source}) as landed
        left join {_KEYS} as known
            on known.reference = '{reference.to}'
            and landed.key_text = known.key_text
            and known.first_drop_date <= landed.{DROP_DATE}
        where landed.key_text is not null
        group by landed.{DROP_DATE}
    """


def _volume(scope: Scope, table: str, volume: Volume, days: list[str]) -> str:
    """From the ledger alone: a file counts with its newest version, a day with an empty file as a day of no rows."""
    distances = ", ".join(str(7 * week) for week in range(1, volume.weeks + 1))
    judged = ", ".join(f"(date '{day}')" for day in days)
    return f"""
        with files as (
            select ledger.{DROP_DATE} as drop_date, ledger.rows
            from warehouse.{scope.schema}.{LEDGER} as ledger
            inner join warehouse.{scope.schema}._dlt_loads as loads on ledger.{LOAD_ID} = loads.load_id
            where loads.status = 0 and ledger.table_name = '{table}'
            qualify ledger.{LOAD_ID} = max(ledger.{LOAD_ID}) over (partition by ledger.file)
        ),

        by_day as (
            select drop_date, sum(rows) as rows_count from files group by drop_date
        )

        select '{volume.expectation.id}', judged.drop_date, landed.rows_count, median(before.rows_count)
        from (values {judged}) as judged (drop_date)
        inner join by_day as landed on judged.drop_date = landed.drop_date
        inner join by_day as before on judged.drop_date - before.drop_date in ({distances})
        group by judged.drop_date, landed.rows_count
        having count(*) >= {volume.min_weeks}
    """
