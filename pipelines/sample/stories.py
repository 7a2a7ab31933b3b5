"""Life stories as curves: how an account's usage level runs from sign-up to the end of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.draws import between
from pipelines.sample.model import Plan, Story

Curve = NDArray[np.float64]

WEIGHTS: dict[Story, float] = {
    Story.LAND_SMALL: 0.08,
    Story.GROW_FAST: 0.07,
    Story.STEADY: 0.15,
    Story.PLATEAU: 0.06,
    Story.EXPAND_USE_CASE: 0.07,
    Story.CONTRACT: 0.07,
    Story.CHURN: 0.08,
    Story.CHURN_SILENT: 0.03,
    Story.DORMANT: 0.05,
    Story.SEASONAL: 0.05,
    Story.SELF_SERVE: 0.13,
    Story.COMMIT_FAST: 0.03,
    Story.COMMIT_SLOW: 0.03,
    Story.ANGRY_HEALTHY: 0.03,
    Story.QUIET_DYING: 0.04,
    Story.SICK_BUT_STAYS: 0.03,
}

TURNING = frozenset(
    {
        Story.PLATEAU,
        Story.EXPAND_USE_CASE,
        Story.CONTRACT,
        Story.CHURN,
        Story.DORMANT,
        Story.QUIET_DYING,
        Story.SICK_BUT_STAYS,
    }
)
LEAVING = frozenset({Story.CHURN, Story.CHURN_SILENT})
FADING = frozenset({Story.CONTRACT, Story.CHURN, Story.DORMANT, Story.QUIET_DYING, Story.SICK_BUT_STAYS})
EXPANSION_WEIGHT = 0.6  # what a new use case adds to the old ones' credits at full strength
EXPANSION_RAMP_DAYS = 20.0
TERM_DAYS = 365


def plan_of(story: Story, rng: np.random.Generator) -> Plan:
    """The plan on which an account with this story lives."""
    draw = float(rng.random())
    if story is Story.SELF_SERVE:
        return Plan.STARTER
    if story in (Story.COMMIT_FAST, Story.COMMIT_SLOW):
        return Plan.ENTERPRISE
    if story is Story.LAND_SMALL:
        return Plan.STARTER if draw < 0.75 else Plan.GROWTH
    if story is Story.ANGRY_HEALTHY:
        return Plan.GROWTH if draw < 0.6 else Plan.ENTERPRISE
    if draw < 0.32:
        return Plan.STARTER
    return Plan.GROWTH if draw < 0.8 else Plan.ENTERPRISE


def margin(days: int) -> int:
    """How long before a turn and after it the window must run: 60 days where the window allows."""
    return min(60, days // 4)


def signup_day(story: Story, plan: Plan, days: int, rng: np.random.Generator) -> int:
    """Nearly half sign up in the first weeks; stories that turn do so early enough for the turn to show."""
    early = max(1, min(45, days // 3))
    is_early = bool(rng.random() < 0.45)
    last = _last_signup(story, plan, days)
    return between(rng, 0, min(early, last) - 1) if is_early else between(rng, min(early, last), last)


def _last_signup(story: Story, plan: Plan, days: int) -> int:
    if story in LEAVING and plan is Plan.ENTERPRISE:
        return days - TERM_DAYS - 5
    if story in (Story.COMMIT_FAST, Story.COMMIT_SLOW):
        return max(min(45, days // 3), days - 300)
    if story is Story.QUIET_DYING:
        return days - 2 * margin(days) - margin(days) // 2
    if story in TURNING or story in LEAVING:
        return days - 2 * margin(days)
    return days - 1 - min(20, days // 6)


def turn_days(
    story: Story, plan: Plan, signup: int, days: int, rng: np.random.Generator
) -> tuple[int | None, int | None]:
    """The onset and the churn day of a story; None where it has none."""
    low = signup + margin(days)
    high = max(low, days - margin(days))
    if story in LEAVING and plan is Plan.ENTERPRISE:  # a yearly contract ends with its term
        churn = signup + TERM_DAYS
        return (churn - between(rng, 60, 110) if story is Story.CHURN else None), churn
    if story is Story.CHURN:
        onset = between(rng, low, high)
        return onset, min(onset + between(rng, min(45, days // 5), min(90, days // 3)), days - 2)
    if story is Story.CHURN_SILENT:
        return None, between(rng, low + margin(days) // 2, days - 1 - margin(days) // 3)
    if story is Story.SELF_SERVE:
        leaves = bool(rng.random() < 0.3) and signup + 30 < days - 5
        return None, between(rng, signup + 25, days - 5) if leaves else None
    if story is Story.QUIET_DYING:
        return between(rng, low, max(low, high - margin(days) // 2)), None
    return (between(rng, low, high) if story in TURNING else None), None


def _ease(x: Curve, length: float) -> Curve:
    """0 before the turn, 1 after `length` days, smooth between."""
    share: Curve = np.clip(x / length, 0.0, 1.0)
    eased: Curve = share * share * (3.0 - 2.0 * share)
    return eased


@dataclass(frozen=True, slots=True)
class Life:
    """What the curve of one account depends on."""

    story: Story
    strength: float
    signup: int
    onset: int | None
    churn: int | None
    days: int


@dataclass(frozen=True, slots=True)
class _Clock:
    age: Curve  # days since sign-up, 0 before it
    turned: Curve  # days since the turn, negative before it
    scaled: float  # 0 for the faintest story, 1 for the clearest
    luck: float  # 0-1, one draw an account


def trajectory(life: Life, rng: np.random.Generator) -> Curve:
    """The planned usage level of each day; 1.0 is the account's normal, 0 lies outside its life."""
    day = np.arange(life.days, dtype=np.float64)
    age = np.maximum(day - life.signup, 0.0)
    turned = day - (life.onset if life.onset is not None else life.days)
    phase, amplitude = rng.random(2) * 2.0 * np.pi, 0.02 + 0.04 * rng.random(2)
    drift = 1.0 + amplitude[0] * np.sin(day / 9.0 + phase[0]) + amplitude[1] * np.sin(day / 31.0 + phase[1])
    adoption = 0.25 + 0.75 * (1.0 - np.exp(-age / 12.0))
    clock = _Clock(age, turned, (life.strength - 0.4) / 0.6, float(rng.random()))
    shape = _SHAPES[life.story](life, clock) if life.story in _SHAPES else np.ones(life.days)
    level: Curve = np.maximum(shape, 0.0) * adoption * drift
    level[: life.signup] = 0.0
    if life.churn is not None:
        level[life.churn :] = 0.0
    return level


def _grow_fast(_: Life, clock: _Clock) -> Curve:
    """Doubles about every 90 days until it nears nine times its start."""
    grown: Curve = np.exp2(clock.age / (100.0 - 25.0 * clock.scaled))
    return 9.0 * grown / (8.0 + grown)


def _plateau(life: Life, clock: _Clock) -> Curve:
    until = float(life.onset if life.onset is not None else life.days) - life.signup
    curve: Curve = np.exp2(np.minimum(clock.age, until) / (150.0 - 50.0 * clock.scaled))
    return curve


def _expand(life: Life, clock: _Clock) -> Curve:
    added: Curve = 1.0 - np.exp(-np.maximum(clock.turned, 0.0) / EXPANSION_RAMP_DAYS)
    return 1.0 + EXPANSION_WEIGHT * life.strength * added


def _contract(_: Life, clock: _Clock) -> Curve:
    return 1.0 - (0.4 + 0.2 * clock.scaled) * _ease(clock.turned, 35.0)


def _churn(life: Life, clock: _Clock) -> Curve:
    length = float((life.churn or life.days) - (life.onset or 0))
    return 1.0 - (0.75 + 0.2 * clock.scaled) * _ease(clock.turned, max(length, 1.0))


def _dormant(_: Life, clock: _Clock) -> Curve:
    return np.where(clock.turned < 0, 1.0, np.maximum(np.exp(-np.maximum(clock.turned, 0.0) / 7.0), 0.01))


def _seasonal(life: Life, clock: _Clock) -> Curve:
    period = 91.0 if life.days < 300 or clock.luck < 0.5 else 365.0
    wave: Curve = np.sin(2.0 * np.pi * (clock.age / period + 7.0 * clock.luck))
    return 1.0 + 0.7 * life.strength * wave


def _angry_healthy(life: Life, clock: _Clock) -> Curve:
    return 1.0 + 0.8 * life.strength * _ease(clock.age, 240.0)


def _commit_fast(life: Life, clock: _Clock) -> Curve:
    return 1.0 + 0.3 * life.strength * _ease(clock.age, 180.0)


def _quiet_dying(_: Life, clock: _Clock) -> Curve:
    return 1.0 - (0.6 + 0.12 * clock.scaled) * _ease(clock.turned, 90.0)


def _sick_but_stays(_: Life, clock: _Clock) -> Curve:
    depth = 0.4 + 0.2 * clock.scaled
    return 1.0 - depth * _ease(clock.turned, 20.0) + 0.6 * depth * _ease(clock.turned - 75.0, 45.0)


_SHAPES: dict[Story, Callable[[Life, _Clock], Curve]] = {
    Story.GROW_FAST: _grow_fast,
    Story.PLATEAU: _plateau,
    Story.EXPAND_USE_CASE: _expand,
    Story.CONTRACT: _contract,
    Story.CHURN: _churn,
    Story.DORMANT: _dormant,
    Story.SEASONAL: _seasonal,
    Story.ANGRY_HEALTHY: _angry_healthy,
    Story.COMMIT_FAST: _commit_fast,
    Story.QUIET_DYING: _quiet_dying,
    Story.SICK_BUT_STAYS: _sick_but_stays,
}
