"""The product's usage as a whole: the stream of events and the credits that they burn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sample.delivery import DAY_MS
from pipelines.sample.events import DayEvents, draw_day
from pipelines.sample.features import load_features
from pipelines.sample.model import World
from pipelines.sample.roster import build_roster
from pipelines.sample.teams import USE_CASES


def event_days(world: World) -> Iterator[DayEvents]:
    """The events of every day, first to last; holds one day at a time."""
    roster = build_roster(world)
    for day in range(world.settings.days):
        yield draw_day(roster, day)


class CreditLedger:
    """Adds up credits while events stream by; counts an event once and only if it arrived within the window."""

    def __init__(self, world: World) -> None:
        self._days = world.settings.days
        self._features = load_features()
        self._parts: list[NDArray[np.int64]] = []

    def add(self, events: DayEvents) -> None:
        """Sums one day's events by account, use case and day of receipt."""
        arrived = events.delivery.received // DAY_MS
        rows = np.flatnonzero((events.quantity_milli > 0) & (arrived < self._days))
        if not len(rows):
            return
        use_case = self._features.use_case[events.feature[rows]]
        key = (events.account[rows] * len(USE_CASES) + use_case) * self._days + arrived[rows]
        keys, group = np.unique(key, return_inverse=True)
        micro = np.zeros(len(keys), dtype=np.int64)
        np.add.at(micro, group, events.credits_micro(self._features)[rows])
        arrival, owner = keys % self._days, keys // self._days
        day = np.full(len(keys), events.day, dtype=np.int64)
        self._parts.append(np.stack((owner // len(USE_CASES), owner % len(USE_CASES), day, arrival, micro)))

    def received(self) -> pa.Table:
        """Credits by account, use case, day of the event and day of its receipt, in that order."""
        found = np.concatenate(self._parts, axis=1) if self._parts else np.zeros((5, 0), dtype=np.int64)
        found = found[:, np.lexsort(found[3::-1])]
        return _table(found, {"day": found[2], "received_day": found[3]})

    def daily(self) -> pa.Table:
        """Credits by account, use case and day of the event, in that order."""
        found = np.concatenate(self._parts, axis=1) if self._parts else np.zeros((5, 0), dtype=np.int64)
        found = found[:, np.lexsort(found[2::-1])]
        fresh = np.ones(found.shape[1], dtype=np.bool_)
        fresh[1:] = (found[:3, 1:] != found[:3, :-1]).any(axis=0)
        opening = np.flatnonzero(fresh)
        micro = np.add.reduceat(found[4], opening) if len(opening) else found[4]
        merged = np.concatenate((found[:4, opening], micro[None, :]))
        return _table(merged, {"day": merged[2]})


def _table(found: NDArray[np.int64], days: dict[str, NDArray[np.int64]]) -> pa.Table:
    names = pa.array(USE_CASES, pa.string())
    micro = pa.array(found[4], pa.int64()).cast(pa.decimal128(19, 0))
    raw = pa.Array.from_buffers(pa.decimal128(18, 6), len(micro), micro.buffers(), offset=micro.offset)
    columns = {
        "account_index": pa.array(found[0], pa.int32()),
        "use_case_id": names.take(pa.array(found[1])),
        **{name: pa.array(values, pa.int32()) for name, values in days.items()},
        "credits": raw,
    }
    return pa.table(columns)


def daily_credits(world: World) -> pa.Table:
    """Credits by account, use case and day of the event: exactly what the delivered events say, copies once."""
    ledger = CreditLedger(world)
    for events in event_days(world):
        ledger.add(events)
    return ledger.daily()


def received_credits(world: World) -> pa.Table:
    """As `daily_credits`, apart by the day on which the events were received."""
    ledger = CreditLedger(world)
    for events in event_days(world):
        ledger.add(events)
    return ledger.received()
