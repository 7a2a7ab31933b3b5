"""Writes the product's exports: every day's track calls as they were received, and the identify and group calls.

Lines are put together column by column from ready-made fragments, without a loop over events: one day of events is
all that is in memory, besides the late ones that a later drop will hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.sample.delivery import DAY_MS, Times
from pipelines.sample.draws import Purpose, draw, hex_bytes, uuid4
from pipelines.sample.events import DayEvents, draw_day
from pipelines.sample.model import SampleSettings, World
from pipelines.sample.output import drop_folder, json_line, write_gzip
from pipelines.sample.roster import Ints, Roster, build_roster
from pipelines.sample.traits import LIBRARY, write_traits
from pipelines.sample.usage import CreditLedger

_ROWS_A_FILE = 200_000
_FILES_IN_FLIGHT = 4
_TIMES = ("originalTimestamp", "sentAt", "receivedAt", "timestamp")
# What a client that is cut off, has no clock or forgets its key sends: a handful of lines in a large drop, twice.
_BROKEN_LINES = (
    b'{"messageId":"cut-off","type":"track","event":"Query Executed","properties":{"workspace_id":"wks_\n',
    b'{"messageId":"no-clock","type":"track","event":"Signed In","timestamp":"Invalid Date"}\n',
    b'{"type":"track","event":"Signed In","context":{},"properties":{}}\n',
)
_BROKEN_DAYS = (2, 32)  # before the last
_BROKEN_FROM_ROWS = 500  # in a smaller drop they would be more than a hundredth, and the day in doubt
_REACH_BACK_DAYS = 2  # client clocks may lie before the window's first midnight

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ProductSummary:
    """What was written, `broken` lines apart, and the credits of it (see `usage.received_credits`)."""

    tracks: int
    identifies: int
    groups: int
    broken: int
    received_credits: pa.Table


@dataclass(frozen=True, slots=True)
class _Fragments:
    """Pieces of lines, by user, workspace or feature."""

    sender: pa.Array  # users, then users before sign-in, then workspaces' job runners
    event: pa.Array
    workspace: pa.Array
    unit: pa.Array
    thousandths: pa.Array
    dates: NDArray[np.uint8]
    clocks: NDArray[np.uint8]  # [seconds of a day, 8]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Received calls of one drop day, ready to be written."""

    message: NDArray[np.uint8]  # [rows, 36]
    sender: Ints
    feature: Ints
    workspace: Ints
    quantity: Ints
    times: Times  # [rows, 4] in the order of `_TIMES`

    def take(self, rows: NDArray[np.int64]) -> _Batch:
        return _Batch(
            self.message[rows],
            self.sender[rows],
            self.feature[rows],
            self.workspace[rows],
            self.quantity[rows],
            self.times[rows],
        )


def write_product(world: World, progress: Progress | None = None, has_broken: bool = True) -> ProductSummary:
    """Writes `product/<day>/` for every day of the window; without broken lines for readers that stop at one."""
    settings = world.settings
    roster = build_roster(world)
    fragments = _fragments(roster)
    ledger = CreditLedger(world)
    pending: dict[int, list[_Batch]] = {}
    tracks = broken = 0
    flying: deque[Future[None]] = deque()
    with ThreadPoolExecutor(max_workers=2) as pool:
        for day in range(settings.days):
            events = draw_day(roster, day)
            ledger.add(events)
            drawn = _batch(roster, events)
            _file(drawn, pending, settings.days)
            batch = _merge(pending.pop(day, [drawn.take(np.arange(0))]))
            tracks += len(batch.sender)
            is_large = len(batch.sender) >= _BROKEN_FROM_ROWS
            is_broken = has_broken and is_large and settings.days - 1 - day in _BROKEN_DAYS
            broken += len(_BROKEN_LINES) * is_broken
            for number, opening in enumerate(range(0, max(len(batch.sender), 1), _ROWS_A_FILE)):
                part = batch.take(np.arange(opening, min(opening + _ROWS_A_FILE, len(batch.sender))))
                path = drop_folder(settings, "product", day) / f"tracks-{number:03d}.jsonl.gz"
                while len(flying) >= _FILES_IN_FLIGHT:
                    flying.popleft().result()
                lines = [_lines(part, fragments, settings), *(_BROKEN_LINES if is_broken and not opening else ())]
                flying.append(pool.submit(write_gzip, path, lines))
            if progress is not None:
                progress("product", (day + 1) / settings.days)
        for future in flying:
            future.result()
    traits = write_traits(roster)
    return ProductSummary(tracks, traits["identifies"], traits["groups"], broken, ledger.received())


def _batch(roster: Roster, events: DayEvents) -> _Batch:
    """One day's events with their second copies."""
    way = events.delivery
    rows = len(events.feature)
    message = hex_bytes(draw(roster.world.settings.seed, Purpose.USAGE, events.day, 1), rows)
    users = len(roster.world.users)
    sender = np.where(events.user < 0, 2 * users + events.workspace, events.user)
    sender = np.where(events.anonymous, sender + users, sender)
    once = np.stack((way.original, way.sent, way.received, events.timestamp), axis=1)
    twice = np.flatnonzero(way.again >= 0)
    delay = way.again[twice]
    copies = once[twice] + np.stack((0 * delay, delay, delay, 0 * delay), axis=1)
    source = np.concatenate((np.arange(rows), twice))
    return _Batch(
        message=message[source],
        sender=sender[source],
        feature=events.feature[source],
        workspace=events.workspace[source],
        quantity=events.quantity_milli[source],
        times=np.concatenate((once, copies)),
    )


def _file(batch: _Batch, pending: dict[int, list[_Batch]], days: int) -> None:
    """Puts each call under the day of its receipt; what the window does not reach is left out."""
    drop = batch.times[:, 2] // DAY_MS
    for day in np.unique(drop):
        if day < days:
            pending.setdefault(int(day), []).append(batch.take(np.flatnonzero(drop == day)))


def _merge(batches: list[_Batch]) -> _Batch:
    """All calls of a drop in order of receipt."""
    whole = _Batch(
        np.concatenate([batch.message for batch in batches]),
        np.concatenate([batch.sender for batch in batches]),
        np.concatenate([batch.feature for batch in batches]),
        np.concatenate([batch.workspace for batch in batches]),
        np.concatenate([batch.quantity for batch in batches]),
        np.concatenate([batch.times for batch in batches]),
    )
    return whole.take(np.argsort(whole.times[:, 2], kind="stable"))


def _fragments(roster: Roster) -> _Fragments:
    world = roster.world
    rng = draw(world.settings.seed, Purpose.TRAITS)
    octets = rng.integers(1, 255, (len(world.users), 3))
    signed, unsigned = [], []
    for user, (second, third, fourth) in zip(world.users, octets.tolist(), strict=True):
        where = {
            "ip": f"{[62, 81, 93, 104, 157, 203][second % 6]}.{second}.{third}.{fourth}",
            "library": LIBRARY,
        }
        group = {"groupId": world.accounts[user.account_index].org_id}
        signed.append(_open({"userId": user.user_id, "anonymousId": user.anonymous_id, "context": group | where}))
        unsigned.append(_open({"userId": None, "anonymousId": user.anonymous_id, "context": where}))
    runners = []
    for team in world.workspaces:
        group = {"groupId": world.accounts[team.account_index].org_id}
        library = {"library": {"name": "analytics-python", "version": "2.3.2"}}
        runners.append(_open({"userId": None, "anonymousId": uuid4(rng), "context": group | library}))
    features = roster.features
    seconds = np.arange(86_400)
    clocks = np.stack((seconds // 3600, seconds // 60 % 60, seconds % 60), axis=1)
    texts = np.full((86_400, 8), ord(":"), dtype=np.uint8)
    for place in range(3):
        texts[:, 3 * place] = 48 + clocks[:, place] // 10
        texts[:, 3 * place + 1] = 48 + clocks[:, place] % 10
    first = world.settings.start - timedelta(days=_REACH_BACK_DAYS)
    days = [(first + timedelta(days=day)).isoformat() for day in range(world.settings.days + 2 * _REACH_BACK_DAYS)]
    fractions = [""] + [f".{value:03d}".rstrip("0") for value in range(1, 1000)]
    return _Fragments(
        sender=pa.array(signed + unsigned + runners, pa.string()),
        event=pa.array([f'"event":"{event}","properties":{{"workspace_id":"' for event in features.events]),
        workspace=pa.array([f'{team.workspace_id}"' for team in world.workspaces], pa.string()),
        unit=pa.array([f',"unit":"{unit}"' for unit in features.units]),
        thousandths=pa.array(fractions),
        dates=np.frombuffer("".join(days).encode(), dtype=np.uint8).reshape(len(days), 10),
        clocks=texts,
    )


def _open(record: dict[str, object]) -> str:
    """The inside of a JSON object, with a comma behind."""
    return json_line(record)[1:-2] + ","


def _lines(batch: _Batch, fragments: _Fragments, settings: SampleSettings) -> memoryview:
    """The batch as JSON lines."""
    rows = len(batch.sender)
    if not rows:
        return memoryview(b"")
    metered = batch.quantity > 0
    quantity = pc.binary_join_element_wise(
        ',"quantity":',
        pa.array(batch.quantity // 1000).cast(pa.string()),
        fragments.thousandths.take(pa.array(batch.quantity % 1000)),
        fragments.unit.take(pa.array(batch.feature)),
        "",
    )
    lines = pc.binary_join_element_wise(
        _fixed(_heads(batch.message)),
        fragments.sender.take(pa.array(batch.sender)),
        fragments.event.take(pa.array(batch.feature)),
        fragments.workspace.take(pa.array(batch.workspace)),
        pc.if_else(pa.array(metered), quantity, ""),
        _fixed(_tails(batch.times, fragments)),
        "",
    )
    return memoryview(lines.buffers()[2])


def _heads(message: NDArray[np.uint8]) -> NDArray[np.uint8]:
    before, after = b'{"messageId":"', b'","type":"track",'
    return _between(before, message, after)


def _tails(times: Times, fragments: _Fragments) -> NDArray[np.uint8]:
    pieces = []
    for place, name in enumerate(_TIMES):
        opening = b"}," if place == 0 else b","
        pieces.append(_between(opening + f'"{name}":"'.encode(), _stamps(times[:, place], fragments), b'Z"'))
    pieces.append(np.broadcast_to(np.frombuffer(b"}\n", dtype=np.uint8), (len(times), 2)))
    return np.concatenate(pieces, axis=1)


def _stamps(moment: Times, fragments: _Fragments) -> NDArray[np.uint8]:
    """ISO times as ASCII, down to milliseconds."""
    out = np.empty((len(moment), 23), dtype=np.uint8)
    out[:, :10] = fragments.dates[moment // DAY_MS + _REACH_BACK_DAYS]
    out[:, 10] = ord("T")
    out[:, 11:19] = fragments.clocks[moment // 1000 % 86_400]
    out[:, 19] = ord(".")
    thousandths = moment % 1000
    out[:, 20], out[:, 21], out[:, 22] = (
        48 + thousandths // 100,
        48 + thousandths // 10 % 10,
        48 + thousandths % 10,
    )
    return out


def _between(before: bytes, middle: NDArray[np.uint8], after: bytes) -> NDArray[np.uint8]:
    rows, width = middle.shape
    out = np.empty((rows, len(before) + width + len(after)), dtype=np.uint8)
    out[:, : len(before)] = np.frombuffer(before, dtype=np.uint8)
    out[:, len(before) : len(before) + width] = middle
    out[:, len(before) + width :] = np.frombuffer(after, dtype=np.uint8)
    return out


def _fixed(text: NDArray[np.uint8]) -> pa.Array:
    """Strings of one width, without copying their bytes."""
    rows, width = text.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text)))
