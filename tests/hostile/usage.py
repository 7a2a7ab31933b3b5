"""Traps of usage: shapes that divide by zero, look ill and are not, or are ill and do not look it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.hostile.company import CANARY_MAIL, CANARY_NAME, FIRST, LAST, Drops, at, iso

# Events of an organization on the n-th day, given the weekday. The CRM names all but the last two.
SHAPES: dict[str, Callable[[int, int], int]] = {
    "org_plain": lambda n, weekday: 6,
    "org_weekdays": lambda n, weekday: 8 if weekday < 5 else 0,
    "org_spike": lambda n, weekday: 400 if n == 60 else 3,
    "org_step_down": lambda n, weekday: 12 if n < 60 else 2,
    "org_silent": lambda n, weekday: 1 if n == 0 else 0,
    "org_newborn": lambda n, weekday: 9 if n == (LAST - FIRST).days else 0,
}


def add_usage_traps(drops: Drops) -> None:
    days = (LAST - FIRST).days + 1
    for organization, events in SHAPES.items():
        first = next(n for n in range(days) if events(n, (FIRST + timedelta(days=n)).weekday()))
        _introduce(drops, FIRST + timedelta(days=first), organization)
        for number in range(days):
            day = FIRST + timedelta(days=number)
            for event in range(events(number, day.weekday())):
                _track(drops, day, organization, f"{organization}-{number}-{event}", 1 + event / 60)
    # One call at the last instant of a day, one at the first of the next, one resent on the day after.
    _track(drops, FIRST, "org_plain", "edge-of-day", 23.9999)
    _track(drops, FIRST + timedelta(days=1), "org_plain", "start-of-day", 0.0)
    _track(drops, FIRST, "org_plain", "resent", 20.0)
    _track(drops, FIRST, "org_plain", "resent", 20.0, drop=FIRST + timedelta(days=1))


def _introduce(drops: Drops, day: date, organization: str) -> None:
    moment = iso(at(day, 0.5))
    times = dict.fromkeys(("originalTimestamp", "sentAt", "receivedAt", "timestamp"), moment)
    user = f"usr_{organization}"
    traits = {"group_type": "organization", "name": organization, "plan": "growth", "seats": 0, "createdAt": moment}
    drops.add(
        "product", "groups", day,
        {"messageId": f"g-{organization}", "type": "group", "userId": user, "anonymousId": None,
         "groupId": organization, "context": {}, "traits": traits, **times},
    )  # fmt: skip
    drops.add(
        "product", "identifies", day,
        {"messageId": f"i-{organization}", "type": "identify", "userId": user, "anonymousId": None,
         "context": {"groupId": organization, "ip": "203.0.113.7"},
         "traits": {"name": CANARY_NAME, "email": CANARY_MAIL, "role": "admin", "createdAt": moment}, **times},
    )  # fmt: skip


def _track(drops: Drops, day: date, organization: str, message: str, hour: float, drop: date | None = None) -> None:
    moment = at(day, hour)
    received = moment if drop is None else at(drop, 1.0)
    drops.add(
        "product", "tracks", drop or day,
        {"messageId": message, "type": "track", "userId": f"usr_{organization}", "anonymousId": None,
         "context": {"groupId": organization, "ip": "203.0.113.7"}, "event": "Query Executed",
         "properties": {"workspace_id": f"wks_{organization}", "quantity": 10, "unit": "gb_scanned"},
         "originalTimestamp": iso(moment), "sentAt": iso(moment), "receivedAt": iso(received),
         "timestamp": iso(moment)},
    )  # fmt: skip
