"""When a product event reaches the server: client clocks that are wrong, late batches, calls sent twice.

All times are milliseconds since the window's first midnight. The server corrects the client's clock as
timestamp = receivedAt - (sentAt - originalTimestamp), and every event here keeps to that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_LATE_SHARE = 0.015
_AHEAD_SHARE = 0.0005
_TWICE_SHARE = 0.005
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The four times of each event, and the extra delay of its second copy (-1 when it was sent once)."""

    original: Times
    sent: Times
    received: Times
    again: Times


def draw_skew(rng: np.random.Generator, devices: int) -> Times:
    """How far each device's clock is off: mostly not at all, some by minutes, a few by hours."""
    skew = rng.normal(0.0, 250.0, devices)
    dice = rng.random(devices)
    minutes, hours = rng.uniform(-20.0, 20.0, devices), rng.uniform(-6.0, 6.0, devices)
    skew = np.where(dice < 0.04, minutes * 60_000.0, skew)
    skew = np.where(dice < 0.01, hours * _HOUR_MS, skew)
    return skew.astype(np.int64)


def deliver(rng: np.random.Generator, timestamp: Times, skew: Times) -> Delivery:
    """Draws the way of each event to the server."""
    rows = len(timestamp)
    dice = rng.random((2, rows))
    network = (60.0 + rng.exponential(180.0, rows)).astype(np.int64)
    queued = rng.exponential(2_500.0, rows).astype(np.int64)
    late = np.flatnonzero(dice[0] < _LATE_SHARE)
    hours = np.exp(rng.uniform(0.0, np.log(143.0), len(late)))
    queued[late] = (hours * _HOUR_MS).astype(np.int64)
    ahead = np.flatnonzero(dice[0] > 1.0 - _AHEAD_SHARE)
    minutes = (rng.uniform(1.0, 9.0, len(ahead)) * 60_000).astype(np.int64)
    queued[ahead] = -np.minimum(minutes, timestamp[ahead] % DAY_MS)  # the drop is never before the event's day
    received = timestamp + queued
    again = np.full(rows, -1, dtype=np.int64)
    twice = np.flatnonzero(dice[1] < _TWICE_SHARE)
    again[twice] = np.exp(rng.uniform(np.log(800.0), np.log(72.0 * _HOUR_MS), len(twice))).astype(np.int64)
    return Delivery(timestamp - network + skew, received - network + skew, received, again)
