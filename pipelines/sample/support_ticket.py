"""Replays a planned ticket: its state at the end of every day with a change, and its metric events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipelines.sample.support_shapes import JsonObject, timestamp
from pipelines.sample.support_state import TARGET_MINUTES, Clock, Move, Plot, Rating, Step, Ticket

POLICY_ID = 360_001_100_101
_STATUS = {
    Step.REPLY_PENDING: "pending",
    Step.REPLY_HOLD: "hold",
    Step.REPLY_SOLVE: "solved",
    Step.RESUME: "open",
    Step.CLOSE: "closed",
    Step.DELETE: "deleted",
}
_RUNS_IN = {
    "agent_work_time": ("new", "open"),
    "requester_wait_time": ("new", "open", "hold"),
    "resolution_time": ("new", "open", "pending", "hold"),
}


class Replay:
    """Moves one ticket from step to step and collects the metric events of the day."""

    def __init__(
        self, plot: Plot, group_id: int, next_event: Callable[[], int], next_rating: Callable[[], int]
    ) -> None:
        self.ticket = Ticket(plot, priority=plot.priority, group_id=group_id, tags=list(plot.tags))
        self.events: list[JsonObject] = []
        self._next_event = next_event
        self._next_rating = next_rating
        self._clocks = {metric: Clock(metric) for metric in _RUNS_IN}
        self._reply = Clock("reply_time")

    def days(self, last_second: int) -> Iterator[tuple[int, Ticket, bool]]:
        """Each day (in days since 1970) with a change, the ticket at its end and whether its rating changed."""
        moves = [move for move in self.ticket.plot.moves if move.at <= last_second]
        is_rated = False
        for number, move in enumerate(moves):
            is_rated |= self._step(move)
            day = move.at // 86_400
            if number + 1 == len(moves) or moves[number + 1].at // 86_400 != day:
                yield day, self.ticket, is_rated
                is_rated = False
                self.events = []

    def _step(self, move: Move) -> bool:
        ticket, now = self.ticket, move.at
        ticket.generated = now
        if move.step is Step.BREACH:
            self._event(now, self._reply, "breach")
            return False
        ticket.updated = now
        if move.step is Step.CREATE:
            self._create(now)
        elif move.step is Step.ASSIGN:
            self._assign(now, int(move.value or 0))
        elif move.step in (Step.REPLY_PENDING, Step.REPLY_HOLD, Step.REPLY_SOLVE):
            self._reply_to(now, _STATUS[move.step])
        elif move.step is Step.ANSWER:
            self._answer(now)
        elif move.step is Step.RAISE:
            ticket.priority = "urgent"
            ticket.agent_updated = now
        elif move.step is Step.MERGE:
            ticket.tags.append("closed_by_merge")
            ticket.agent_updated = ticket.last_comment = now
            self._solved(now)
            self._turn(now, "closed")
        elif move.step in (Step.OFFER, Step.RATE):
            self._rated(now, str(move.value or "offered"))
            return True
        else:
            if move.step is Step.RESUME:
                ticket.agent_updated = now
            self._turn(now, _STATUS[move.step])
        return False

    def _create(self, now: int) -> None:
        ticket = self.ticket
        ticket.status_since = ticket.last_comment = ticket.requester_updated = now
        self._activate(self._reply, now)
        for clock in self._clocks.values():
            self._activate(clock, now)
        target = TARGET_MINUTES.get(ticket.priority or "")
        if target is not None:
            policy = {"id": POLICY_ID, "title": "Standard", "description": None}
            self._event(
                now, self._reply, "apply_sla", sla={"target": target, "business_hours": False, "policy": policy}
            )

    def _assign(self, now: int, agent: int) -> None:
        ticket = self.ticket
        ticket.assignee_id = agent
        ticket.assignees += 1
        ticket.assigned = ticket.agent_updated = now
        ticket.first_assigned = ticket.first_assigned or now
        if ticket.status == "new":
            self._turn(now, "open")

    def _reply_to(self, now: int, status: str) -> None:
        ticket = self.ticket
        ticket.replies += 1
        ticket.last_comment = ticket.agent_updated = now
        ticket.first_reply = ticket.first_reply or now
        if self._reply.is_open:
            self._fulfill(self._reply, now)
        if status == "solved":
            self._solved(now)
        self._turn(now, status)

    def _answer(self, now: int) -> None:
        ticket = self.ticket
        ticket.last_comment = ticket.requester_updated = now
        if not self._reply.is_open:
            self._activate(self._reply, now)
        if ticket.status == "solved":
            ticket.reopens += 1
        if ticket.status != "new":
            self._turn(now, "open")

    def _solved(self, now: int) -> None:
        self.ticket.last_solve = now
        self.ticket.first_solve = self.ticket.first_solve or now

    def _rated(self, now: int, score: str) -> None:
        ticket = self.ticket
        if ticket.rating is None:
            ticket.rating = Rating(self._next_rating(), score, None, None, now, now)
            return
        rating = ticket.rating
        rating.score, rating.updated = score, now
        rating.reason = "The issue took too long to resolve" if score == "bad" else None
        rating.comment = {"good": "Thanks, solved.", "bad": "Still not what we need."}[score] if now % 3 else None

    def _turn(self, now: int, status: str) -> None:
        """Changes the status and lets every clock run or stand by it."""
        ticket = self.ticket
        if status == ticket.status:
            return
        if ticket.status in _RUNS_IN["resolution_time"]:
            spent = ticket.spent.get(ticket.status, 0)
            ticket.spent[ticket.status] = spent + now - ticket.status_since
        ticket.status, ticket.status_since = status, now
        if status == "closed" and not self._clocks["resolution_time"].is_open:
            return
        for metric, clock in self._clocks.items():
            if status in ("solved", "closed", "deleted"):
                if clock.is_open and status != "deleted":
                    self._fulfill(clock, now)
            elif status in _RUNS_IN[metric] and clock.since is None:
                self._activate(clock, now)
            elif status not in _RUNS_IN[metric] and clock.since is not None:
                self._pause(clock, now)

    def _activate(self, clock: Clock, now: int) -> None:
        if not clock.is_open:
            clock.instance += 1
            clock.seconds = 0
            clock.is_open = True
        clock.since = now
        self._event(now, clock, "activate")

    def _pause(self, clock: Clock, now: int) -> None:
        clock.seconds += now - (clock.since if clock.since is not None else now)
        clock.since = None
        self._event(now, clock, "pause")
        self._update(clock, now)

    def _fulfill(self, clock: Clock, now: int) -> None:
        clock.seconds += now - (clock.since if clock.since is not None else now)
        clock.since = None
        clock.is_open = False
        self._event(now, clock, "fulfill")
        self._update(clock, now)

    def _update(self, clock: Clock, now: int) -> None:
        minutes = clock.seconds // 60
        self._event(now, clock, "update_status", status={"calendar": minutes, "business": minutes})

    def _event(
        self, at: int, clock: Clock, kind: str, status: JsonObject | None = None, sla: JsonObject | None = None
    ) -> None:
        event: JsonObject = {
            "id": self._next_event(),
            "ticket_id": self.ticket.plot.ticket_id,
            "metric": clock.metric,
            "instance_id": clock.instance,
            "type": kind,
            "time": timestamp(at),
            "deleted": False,
        }
        if status is not None:
            event["status"] = status
        if sla is not None:
            event["sla"] = sla
        self.events.append(event)
