"""Records as the four systems drop them, whole enough to keep the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from pipelines.config import Settings
from pipelines.landing import LandingResult, land

DAY, NEXT_DAY = "2026-01-01", "2026-01-02"

USER_HEADER = "Id,Name,Email,ManagerId,UserRoleId,Title,IsActive,LastLoginDate,CreatedDate,LastModifiedDate,"
USER_HEADER += "SystemModstamp\n"
STAMP = "2026-01-01T09:30:00.000Z"


def track(number: int | str, **other: Any) -> dict[str, Any]:
    """A track call as Segment drops it."""
    return {
        "messageId": f"m{number}",
        "type": "track",
        "userId": "usr_1",
        "anonymousId": None,
        "event": "Query Run",
        "context": {"groupId": "org_1"},
        "properties": {"workspace_id": "wks_1", "quantity": 1.25, "unit": "second"},
        "originalTimestamp": "2026-01-01T10:00:00.000Z",
        "sentAt": "2026-01-01T10:00:01.000Z",
        "receivedAt": "2026-01-01T10:00:02.000Z",
        "timestamp": "2026-01-01T10:00:00.500Z",
        **other,
    }


def identify(number: int | str, **other: Any) -> dict[str, Any]:
    """An identify call."""
    return track(number, type="identify", traits={"name": "Ada"}, **other)


def group(number: int | str, **other: Any) -> dict[str, Any]:
    """A group call."""
    return track(number, type="group", groupId="org_1", traits={"name": "Acme"}, **other)


def customer(number: int, **other: Any) -> dict[str, Any]:
    """A Stripe customer."""
    return {"id": f"cus_{number}", "object": "customer", "balance": 0, "created": 1767225600, **other}


def ticket(number: int, **other: Any) -> dict[str, Any]:
    """A Zendesk ticket."""
    return {"id": number, "status": "open", "created_at": STAMP, "updated_at": STAMP, **other}


def user(number: int, name: str = "Ada", title: str = "") -> str:
    """A line of User.csv."""
    return f"{number:018},{name},ada@example.com,,,{title},true,,{STAMP},{STAMP},{STAMP}\n"


def users(count: int) -> str:
    """Lines of User.csv, each fine."""
    return "".join(user(number) for number in range(1, count + 1))


def line(record: Mapping[str, Any]) -> str:
    """A record as a line of JSON."""
    return json.dumps(record) + "\n"


def fine(count: int, first: int = 1) -> str:
    """Track calls as lines of JSON, each fine."""
    return "".join(line(track(number)) for number in range(first, first + count))


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Ask the warehouse."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()


def land_one(settings: Settings, system: str, **options: Any) -> LandingResult:
    """Land one system."""
    (result,) = land([system], settings, **options)
    return result


def rejects(settings: Settings, system: str) -> list[tuple[Any, ...]]:
    """(file name, line, reason, detail) of what was rejected."""
    return query(
        settings,
        f"select split_part(file, '/', 3), line_number, reason, detail from raw_{system}.rejected_rows order by 1, 2",
    )
