"""How often the customers of an account write to support, in what mood, and what becomes of each ticket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.billing_time import DAY, HOUR, Calendar
from pipelines.sample.draws import between, pick
from pipelines.sample.model import Plan, SampleAccount, Story
from pipelines.sample.support_state import TARGET_MINUTES, Move, Step

_MONTHLY = {Plan.STARTER: 0.25, Plan.GROWTH: 0.8, Plan.ENTERPRISE: 1.8}
_FIRST_REPLY_MINUTES = {"urgent": 30.0, "high": 80.0, "normal": 220.0, "low": 500.0, None: 300.0}
_MAX_REOPENS = 5
MERGE_SHARE, DELETE_SHARE, NEVER_SOLVED_SHARE = 0.03, 0.015, 0.03


@dataclass(frozen=True, slots=True)
class Mood:
    """How tickets of an account go at a time of its life."""

    urgent: float  # share of urgent tickets
    high: float
    reopen: float
    good: float  # share of good ratings
    change: float  # share of good ratings that turn bad
    slowness: float


_CALM = Mood(0.05, 0.15, 0.06, 0.93, 0.02, 1.0)
_ANGRY = Mood(0.38, 0.34, 0.4, 0.3, 0.15, 2.2)
_UNEASY = Mood(0.14, 0.28, 0.16, 0.62, 0.05, 1.3)


def mood_of(account: SampleAccount, day: int) -> Mood:
    """The mood of an account's tickets on a day."""
    if account.story is Story.ANGRY_HEALTHY:
        return _ANGRY
    is_turned = account.onset_day is not None and day >= account.onset_day
    troubled = (Story.CHURN, Story.SICK_BUT_STAYS, Story.CONTRACT)
    return _UNEASY if is_turned and account.story in troubled else _CALM


def daily_rate(account: SampleAccount, calendar: Calendar) -> NDArray[np.float64]:
    """Expected tickets a day: 0.2 to 3 a month by size and story, few on weekends, none outside the account's life."""
    seats = account.seats if account.seats is not None else np.zeros(calendar.days, dtype=np.int64)
    typical = {Plan.STARTER: 4.0, Plan.GROWTH: 12.0, Plan.ENTERPRISE: 45.0}[account.plan]
    monthly = _MONTHLY[account.plan] * np.clip(np.sqrt(seats / typical), 0.6, 1.6)
    monthly = np.clip(monthly * (2.5 if account.story is Story.ANGRY_HEALTHY else 1.0), 0.2, 3.0)
    if account.story is Story.ANGRY_HEALTHY:
        monthly = np.maximum(monthly, 1.6)
    day = np.arange(calendar.days)
    age = day - account.signup_day
    monthly = monthly * np.where(age < 30, 1.5, 1.0)  # new customers ask more
    onset = account.onset_day
    if account.story is Story.QUIET_DYING:
        monthly = monthly * 0.25
    if onset is not None:
        after = {
            Story.QUIET_DYING: 0.0,
            Story.DORMANT: 0.05,
            Story.CHURN: 1.4,
            Story.SICK_BUT_STAYS: 1.6,
            Story.CONTRACT: 1.1,
            Story.EXPAND_USE_CASE: 1.4,
        }.get(account.story, 1.0)
        monthly = np.where(day >= onset, monthly * after, monthly)
    end = account.churn_day if account.churn_day is not None else calendar.days
    weekday = (calendar.start.weekday() + day) % 7
    rate: NDArray[np.float64] = monthly / 30.4 * np.where(weekday >= 5, 0.3, 1.28)
    return np.where((day >= account.signup_day) & (day < end), rate, 0.0)


def draw_priority(mood: Mood, rng: np.random.Generator) -> str | None:
    """A priority; some tickets never get one."""
    rest = 1.0 - mood.urgent - mood.high
    weights = (mood.urgent, mood.high, rest * 0.6, rest * 0.22, rest * 0.18)
    return pick(rng, ("urgent", "high", "normal", "low", None), weights)


def _spread(rng: np.random.Generator, median_minutes: float, sigma: float = 0.7) -> int:
    """Seconds, log-normal about a median; never less than a minute."""
    return max(60, int(median_minutes * 60 * float(np.exp(rng.normal(0.0, sigma)))))


def draw_moves(
    created: int, priority: str | None, mood: Mood, agents: list[int], rng: np.random.Generator
) -> list[Move]:
    """The life of a ticket: answers, waiting, solves, reopens, rating, closing; days may lie after the window."""
    agent = pick(rng, agents)
    moves = [Move(created, Step.CREATE)]
    dice = rng.random(4)
    if dice[0] < DELETE_SHARE:
        return in_order([*moves, Move(created + _spread(rng, 300), Step.DELETE)], created, priority)
    now = created + _spread(rng, 6)
    moves.append(Move(now, Step.ASSIGN, agent))
    now += _spread(rng, _FIRST_REPLY_MINUTES[priority] * mood.slowness)
    if priority != "urgent" and dice[1] < mood.urgent / 2:
        moves.append(Move(created + (now - created) // 2, Step.RAISE))
    if dice[2] < 0.06 and len(agents) > 1:
        moves.append(Move(now - 30, Step.ASSIGN, pick(rng, agents)))
    now = _exchange(moves, now, dice[3] < NEVER_SOLVED_SHARE, mood, rng)
    if priority != "urgent" and dice[1] > 1 - mood.urgent:  # it takes too long, somebody pushes
        moves.insert(1, Move(created + (now - created) * 2 // 3, Step.RAISE))
    if moves[-1].step is not Step.REPLY_SOLVE:
        return in_order(moves, created, priority)
    reopens = 0
    while reopens < _MAX_REOPENS and float(rng.random()) < mood.reopen * (0.9**reopens):
        reopens += 1
        now += _spread(rng, 18 * 60, 0.5)
        moves.append(Move(now, Step.ANSWER))
        now += _spread(rng, 240 * mood.slowness)
        moves.append(Move(now, Step.REPLY_SOLVE))
    _rate(moves, now, mood, rng)
    moves.append(Move(max(now + 4 * DAY, moves[-1].at + HOUR), Step.CLOSE))
    return in_order(moves, created, priority)


def in_order(moves: list[Move], created: int, priority: str | None) -> list[Move]:
    """Sorts the steps and puts in the breach of the first reply's target, where it comes too late or never."""
    moves = sorted(moves, key=lambda move: move.at)
    target = TARGET_MINUTES.get(priority or "")
    ends = (Step.REPLY_PENDING, Step.REPLY_HOLD, Step.REPLY_SOLVE, Step.MERGE, Step.DELETE)
    first = next((move.at for move in moves if move.step in ends), None)
    if target is not None and (first is None or first > created + target * 60):
        moves = sorted([*moves, Move(created + target * 60, Step.BREACH)], key=lambda move: move.at)
    return moves


def _exchange(moves: list[Move], now: int, is_never: bool, mood: Mood, rng: np.random.Generator) -> int:
    """The conversation up to the first solve; returns its time."""
    for _ in range(8):
        draw = float(rng.random())
        if draw < 0.38 and not is_never:
            break
        if draw < 0.48:
            moves.append(Move(now, Step.REPLY_HOLD))
            now += _spread(rng, 2_200)
            moves.append(Move(now, Step.RESUME))
        else:
            moves.append(Move(now, Step.REPLY_PENDING))
            if is_never and draw > 0.7:
                return now
            now += _spread(rng, 420)
            moves.append(Move(now, Step.ANSWER))
        now += _spread(rng, 150 * mood.slowness)
    if not is_never:
        moves.append(Move(now, Step.REPLY_SOLVE))
    return now


def _rate(moves: list[Move], solved: int, mood: Mood, rng: np.random.Generator) -> None:
    """Offers a rating a day after the last solve; some answer, a few change their mind."""
    dice = rng.random(4)
    if dice[0] > 0.65:
        return
    now = solved + DAY
    moves.append(Move(now, Step.OFFER))
    if dice[1] > 0.45:
        return
    now += _spread(rng, 300)
    is_good = bool(dice[2] < mood.good)
    moves.append(Move(now, Step.RATE, "good" if is_good else "bad"))
    if is_good and dice[3] < mood.change:
        moves.append(Move(now + between(rng, 6 * HOUR, 40 * HOUR), Step.RATE, "bad"))
