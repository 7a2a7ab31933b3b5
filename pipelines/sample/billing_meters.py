"""Metered usage as the billing system knows it: daily meter summaries, and the same numbers for rating."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sample.billing_catalog import Catalog
from pipelines.sample.billing_files import DropFiles
from pipelines.sample.billing_time import DAY, Calendar
from pipelines.sample.model import World
from pipelines.sample.rating import MICRO

_DAYS_AT_ONCE = 30

_SUMMARIES = """
create temp table summaries as
with arrivals as (
    select account_index, use_case_id, day, greatest(day, {received}) as drop_day, sum(credits) as credits
    from daily
    where credits > 0
    group by account_index, use_case_id, day, drop_day
),

running as (
    select
        *,
        sum(credits) over (partition by account_index, use_case_id, day order by drop_day) as value_so_far
    from arrivals
)

select
    running.drop_day,
    running.day,
    running.account_index,
    meters.place,
    meters.meter_id,
    customers.customer_id,
    rtrim(rtrim(running.value_so_far::decimal(24, 6)::varchar, '0'), '.') as aggregated_value
from running
inner join customers on running.account_index = customers.account_index
inner join meters on running.use_case_id = meters.use_case_id
"""

_LINES = """
select
    drop_day,
    '{"id":"mtrusg_' || substr(md5(customer_id || meter_id || day), 1, 24)
    || '","object":"billing.meter_event_summary","aggregated_value":' || aggregated_value
    || ',"customer":"' || customer_id || '","end_time":' || ($origin + (day + 1) * $day_seconds)
    || ',"livemode":true,"meter":"' || meter_id || '","start_time":' || ($origin + day * $day_seconds)
    || '}' as line
from summaries
where drop_day >= $first and drop_day < $last
order by drop_day, day, account_index, place
"""


def usage_by_account(
    daily_credits: pa.Table, calendar: Calendar, catalog: Catalog
) -> Iterator[tuple[int, dict[str, NDArray[np.int64]]]]:
    """Each account's micro-credits a day by use case, in the order of account indexes.

    Raises ValueError when the usage names a use case without a meter.
    """
    place = {use_case: number for number, use_case in enumerate(catalog.meters)}
    encoded = daily_credits.column("use_case_id").combine_chunks().dictionary_encode()
    names = [str(name) for name in encoded.dictionary.to_pylist()]
    unknown = sorted(name for name in names if name not in place)
    if unknown:
        raise ValueError(f"no meter for use cases {', '.join(unknown)}: see seeds/use_cases.csv")
    use_case = np.array([place[name] for name in names], dtype=np.int64)[encoded.indices.to_numpy()]
    account = daily_credits.column("account_index").to_numpy().astype(np.int64)
    day = daily_credits.column("day").to_numpy().astype(np.int64)
    micro = _micro(daily_credits)
    order = np.lexsort((day, use_case, account))
    account, use_case, day, micro = account[order], use_case[order], day[order], micro[order]
    starts = np.flatnonzero(np.r_[True, account[1:] != account[:-1]]) if len(account) else np.array([], dtype=np.int64)
    meters = list(catalog.meters)
    for start, end in zip(starts, [*starts[1:], len(account)], strict=True):
        usage: dict[str, NDArray[np.int64]] = {}
        for number in np.unique(use_case[start:end]):
            chosen = slice(start, end)
            own = use_case[chosen] == number
            daily = np.zeros(calendar.days, dtype=np.int64)
            np.add.at(daily, day[chosen][own], micro[chosen][own])
            if daily.any():
                usage[meters[int(number)]] = daily
        yield int(account[start]), usage


def _micro(daily_credits: pa.Table) -> NDArray[np.int64]:
    with duckdb.connect() as connection:
        connection.register("daily", daily_credits)
        query = f"select (credits * {MICRO})::bigint as micro from daily"
        column = _fetch(connection, query, {}).column("micro")
    numbers: NDArray[np.int64] = column.to_numpy().astype(np.int64)
    return numbers


def _fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, int]) -> pa.Table:
    table: pa.Table = connection.sql(query, params=parameters).to_arrow_table()
    return table


def write_summaries(
    world: World, daily_credits: pa.Table, calendar: Calendar, catalog: Catalog, files: DropFiles
) -> None:
    """Writes one summary a meter, customer and day with usage, dropped on the day of the usage.

    Where `daily_credits` tells days of receipt, a summary holds what was received by its drop and is dropped
    again when more comes in; else the number is final at once.
    """
    customers = [(a.index, a.stripe_customer_id) for a in world.accounts if a.stripe_customer_id is not None]
    tables = {
        "daily": daily_credits,
        "customers": pa.table(
            {
                "account_index": pa.array([index for index, _ in customers], pa.int32()),
                "customer_id": pa.array([customer for _, customer in customers], pa.string()),
            }
        ),
        "meters": pa.table(
            {
                "use_case_id": pa.array(list(catalog.meters), pa.string()),
                "meter_id": pa.array([meter.id for meter in catalog.meters.values()], pa.string()),
                "place": pa.array(range(len(catalog.meters)), pa.int32()),
            }
        ),
    }
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        received = "received_day" if "received_day" in daily_credits.column_names else "day"
        connection.execute(_SUMMARIES.format(received=received))
        for first in range(0, calendar.days, _DAYS_AT_ONCE):
            parameters = {
                "origin": calendar.epoch(0),
                "day_seconds": DAY,
                "first": first,
                "last": first + _DAYS_AT_ONCE,
            }
            chunk = _fetch(connection, _LINES, parameters)
            days = chunk.column("drop_day").to_numpy()
            lines = chunk.column("line").to_pylist()
            for day in np.unique(days):
                begin, end = np.searchsorted(days, [day, day + 1])
                files.add_text("meter_event_summaries", int(day), "\n".join(lines[begin:end]))
