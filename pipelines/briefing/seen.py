"""Since when a list of the briefing has shown what it shows.

Commits, opportunities and disagreements are in the marts as they stand; what is new among them, the briefings tell each
other: each leaves `<day>.json` with the keys of its lists and the day on which each was first seen. Keys are ids, no
names. A day that is briefed again compares with the day before as it did at first.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

_DAY = "????-??-??.json"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a briefing has shown.

    Attributes:
        day: its day.
        first: day of the first of the briefings that follow on each other.
        lists: per list its keys and since when each is there; null where it was there at the first.
    """

    day: date
    first: date
    lists: Mapping[str, Mapping[str, date | None]]

    def to_json(self) -> str:
        """The record as text."""
        return json.dumps({"day": self.day, "first": self.first, "lists": self.lists}, default=str)


def read_before(folder: Path, day: date) -> Seen | None:
    """What the newest briefing before `day` has shown; null where there is none that can be read."""
    for path in sorted(folder.glob(_DAY), reverse=True):
        if path.stem < day.isoformat():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                return _parse(json.loads(path.read_text(encoding="utf-8")))
    return None


def follow(before: Seen | None, day: date, now: Mapping[str, Iterable[str]]) -> Seen:
    """What the briefing of `day` shows, after that of an earlier day."""
    lists: dict[str, dict[str, date | None]] = {}
    for name, keys in now.items():
        known = before.lists.get(name) if before else None
        lists[name] = {key: None if known is None else known.get(key, day) for key in keys}
    return Seen(day, before.first if before else day, lists)


def new_from(before: Seen, day: date, days: int) -> date:
    """The day that new ones are told against: so many days before, or the first briefing if that is younger."""
    return min(max(day - timedelta(days=days), before.first), before.day)


def _parse(record: dict[str, object]) -> Seen:
    lists = record["lists"]
    if not isinstance(lists, dict):
        raise TypeError("no lists")
    return Seen(
        date.fromisoformat(str(record["day"])),
        date.fromisoformat(str(record["first"])),
        {
            name: {key: None if since is None else date.fromisoformat(since) for key, since in keys.items()}
            for name, keys in lists.items()
        },
    )
