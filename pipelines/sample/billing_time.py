"""Days, epoch seconds and ids of the billing system."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

DAY = 86_400
HOUR = 3_600
_EPOCH = date(1970, 1, 1)
NEW_GENERATION = date(2026, 3, 1)
"""Drops from this day on hold the newer API generation."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Translates day numbers of the window; all times are UTC."""

    start: date
    days: int

    def date_of(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def day_of(self, epoch: int) -> int:
        return epoch // DAY - (self.start - _EPOCH).days

    def epoch(self, day: int, second: int = 0) -> int:
        return ((self.start - _EPOCH).days + day) * DAY + second

    def month_start(self, day: int) -> int:
        """The day number of the first of the month that holds `day`; may lie before the window."""
        return day - self.date_of(day).day + 1

    def next_month(self, day: int) -> int:
        """The first of the month after the one that holds `day`."""
        return self.month_start(self.month_start(day) + 31)

    def year_after(self, day: int) -> int:
        """The same calendar day one year later; 28 February stands in for the 29th."""
        today = self.date_of(day)
        last = 28 if (today.month, today.day) == (2, 29) else today.day
        return day + (date(today.year + 1, today.month, last) - today).days

    def is_new_generation(self, day: int) -> bool:
        return self.date_of(day) >= NEW_GENERATION


def object_id(prefix: str, rng: np.random.Generator, length: int = 23) -> str:
    """A random id in the vendor's alphabet of letters and digits."""
    text = base64.b64encode(rng.bytes(18), altchars=b"Qx").decode()
    return prefix + text[:length]
