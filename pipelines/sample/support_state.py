"""What the support simulation keeps for a ticket, and the steps that move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

TARGET_MINUTES = {"urgent": 60, "high": 240, "normal": 480, "low": 1440}
"""Promised minutes to the first reply by priority; none where the priority is unset."""

UNSOLVED = ("new", "open", "pending", "hold")


class Step(StrEnum):
    """What can happen to a ticket."""

    CREATE = "create"
    ASSIGN = "assign"
    REPLY_PENDING = "reply_pending"  # agent answers and waits for the requester
    REPLY_HOLD = "reply_hold"  # agent answers and waits for a third party
    REPLY_SOLVE = "reply_solve"
    RESUME = "resume"  # the third party delivered
    ANSWER = "answer"  # requester writes; reopens a solved ticket
    RAISE = "raise"  # priority goes up to urgent
    OFFER = "offer"  # rating asked for
    RATE = "rate"
    BREACH = "breach"  # the target of the first reply is missed; nobody touched the ticket
    CLOSE = "close"
    MERGE = "merge"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Move:
    """One step at a time in epoch seconds; `value` is the agent or the score where the step has one."""

    at: int
    step: Step
    value: str | int | None = None


@dataclass(slots=True)
class Requester:
    """An end user; `is_mailbox` is a stranger known by an e-mail address alone."""

    id: int
    external_id: str | None
    organization_id: int | None
    name: str
    email: str
    time_zone: str
    is_mailbox: bool
    created: int = 0
    left_day: int | None = None  # day on which support deletes the user


@dataclass(slots=True)
class Plot:
    """A ticket as planned: who asks for what, and every step of its life in the order of time."""

    account_index: int
    requester: Requester
    organization_id: int | None
    created: int
    subject: str
    description: str
    type: str | None
    priority: str | None
    channel: str
    tags: tuple[str, ...]
    moves: list[Move]
    ticket_id: int = 0


@dataclass(slots=True)
class Clock:
    """One metric of a ticket: runs, pauses, is fulfilled, starts again as a further instance."""

    metric: str
    instance: int = 0
    seconds: int = 0  # of the current instance, up to the last pause
    since: int | None = None  # running since
    is_open: bool = False  # activated and not fulfilled


@dataclass(slots=True)
class Rating:
    """A satisfaction rating, from the offer to the last answer."""

    id: int
    score: str
    comment: str | None
    reason: str | None
    created: int
    updated: int


@dataclass(slots=True)
class Ticket:
    """The state of a ticket at one moment, as its exports show it."""

    plot: Plot
    status: str = "new"
    priority: str | None = None
    assignee_id: int | None = None
    group_id: int = 0
    tags: list[str] = field(default_factory=list)
    updated: int = 0  # last change by a person or a rule
    generated: int = 0  # last change of any kind
    status_since: int = 0
    spent: dict[str, int] = field(default_factory=dict)  # seconds by status, solved time left out
    first_reply: int | None = None
    first_solve: int | None = None
    last_solve: int | None = None
    replies: int = 0
    reopens: int = 0
    assignees: int = 0
    first_assigned: int | None = None
    assigned: int | None = None
    last_comment: int = 0
    requester_updated: int = 0
    agent_updated: int | None = None
    rating: Rating | None = None

    @property
    def is_solved(self) -> bool:
        return self.status in ("solved", "closed")
