"""Draws one day's product events from the planned levels.

A day's events depend on the seed and the day alone, so a day can be drawn again without the days before it.
Planned credits are spread over the day's metered events: more events at a higher density make the same
consumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.delivery import DAY_MS, Delivery, Times, deliver
from pipelines.sample.draws import Purpose, draw
from pipelines.sample.features import Features
from pipelines.sample.model import World
from pipelines.sample.roster import Floats, Ints, Roster
from pipelines.sample.stories import EXPANSION_RAMP_DAYS

_EVENTS_A_USER = 1.25  # of an active user's day, at density 1
_HOLIDAYS = {(12, 24): 0.6, (12, 25): 0.35, (12, 26): 0.5, (12, 31): 0.6, (1, 1): 0.35}
_SIGN_IN_SHARE = 0.45
_INVITE_SHARE = 0.006
_LINK_VIEW_SHARE = 0.004
_LEAST_CREDITS = 0.02  # a use case that is to burn less in a day runs no job


@dataclass(frozen=True, slots=True)
class DayEvents:
    """One day's events by timestamp. `user` is -1 for scheduled jobs; `anonymous` rows hide their user."""

    day: int
    feature: Ints
    user: Ints
    workspace: Ints
    account: Ints
    anonymous: NDArray[np.bool_]
    quantity_milli: Ints  # 0 for what is not metered
    timestamp: Times
    delivery: Delivery

    def credits_micro(self, features: Features) -> Ints:
        micro: Ints = self.quantity_milli * features.rate_milli[self.feature]
        return micro


def workday_factor(world: World, day: int) -> Floats:
    """By account: 1 on workdays, less at weekends and on holidays."""
    today: date = world.settings.start + timedelta(days=day)
    factor = world.weekend.copy() if today.weekday() >= 5 else np.ones(len(world.accounts))
    return factor * _HOLIDAYS.get((today.month, today.day), 1.0)


@dataclass(frozen=True, slots=True)
class _Day:
    """What a day's draws share."""

    day: int
    rng: np.random.Generator
    level: Floats  # [accounts]
    calm: Floats  # [accounts] workday factor
    credits: Floats  # [accounts] planned credits
    slots: Ints  # numbers of the slots that are in use
    slot_credits: Floats
    cumulative: Floats  # over `slots`: 1 for each workspace before, then the place within the own workspace
    rank: Ints  # [workspaces] how many workspaces with slots come before; -1 without slots


def _prepare(roster: Roster, day: int) -> _Day:
    world = roster.world
    rng = draw(world.settings.seed, Purpose.USAGE, day)
    level = world.level[:, day]
    calm = workday_factor(world, day)
    noise = np.exp(rng.normal(-0.02, 0.2, len(level))) * (1.0 + 0.025 * rng.standard_normal())
    planned = world.base_credits * level * calm * noise
    live = (roster.slot_first <= day) & (day <= roster.slot_last) & (level[roster.slot_account] > 0)
    slots = np.flatnonzero(live)
    age = day - roster.slot_first[slots]
    weight = roster.slot_weight[slots] * (1.0 - np.exp(-(age + 1.0) / EXPANSION_RAMP_DAYS))
    account, workspace = roster.slot_account[slots], roster.slot_workspace[slots]
    by_account = np.bincount(account, weights=weight, minlength=len(level))
    by_workspace = np.bincount(workspace, weights=weight, minlength=len(world.workspaces))
    rank = np.where(by_workspace > 0, np.cumsum(by_workspace > 0) - 1, -1)
    return _Day(
        day=day,
        rng=rng,
        level=level,
        calm=calm,
        credits=planned,
        slots=slots,
        slot_credits=planned[account] * weight / by_account[account],
        cumulative=np.cumsum(weight / by_workspace[workspace]),
        rank=rank,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Events before they are metered and delivered; `place` points into the day's slots, -1 for none."""

    place: Ints
    feature: Ints
    user: Ints
    workspace: Ints
    anonymous: NDArray[np.bool_]
    clock: Times  # millisecond of the day


def _people(roster: Roster, today: _Day) -> _Rows:
    """What people do: the active ones of the day, each with a handful of events."""
    rng, day, features = today.rng, today.day, roster.features
    here = (roster.user_first <= day) & (day <= roster.user_last) & (today.level[roster.user_account] > 0)
    here &= today.rank[roster.user_workspace] >= 0
    users = np.flatnonzero(here)
    account = roster.user_account[users]
    keen = np.minimum(today.level[account], 1.0) ** 0.7
    chance = np.minimum(roster.user_activity[users] * today.calm[account] * keen, 0.95)
    is_first = roster.user_first[users] == day
    active = (rng.random(len(users)) < chance) | is_first
    users, account, is_first = users[active], account[active], is_first[active]
    busy = np.clip(today.level[account], 0.1, 4.0) ** 0.35
    number = np.maximum(rng.poisson(_EVENTS_A_USER * roster.world.settings.density * busy), 1)
    opening = np.concatenate(([0], np.cumsum(number)[:-1])).astype(np.int64)
    user = np.repeat(users, number)
    rows = len(user)

    focus = np.where(rng.random(rows) < 0.7, roster.user_focus[user], rng.random(rows))
    aim = today.rank[roster.user_workspace[user]] + focus
    place = np.minimum(np.searchsorted(today.cumulative, aim, side="right"), len(today.slots) - 1)
    use_case = roster.slot_use_case[today.slots[place]]
    choice = (rng.random(rows)[:, None] >= features.cumulative[use_case]).sum(axis=1)
    feature = features.chosen[use_case, np.minimum(choice, features.chosen.shape[1] - 1)]

    begins = roster.user_start[users] + np.where(is_first, 0, rng.normal(0.0, 4_800_000.0, len(users))).astype(np.int64)
    clock = np.repeat(begins, number) + 30_000 + rng.exponential(7_000_000.0, rows).astype(np.int64)
    signs_in = is_first | ((number > 1) & (rng.random(len(users)) < _SIGN_IN_SHARE))
    invites = rng.random(rows) < _INVITE_SHARE
    feature[invites] = features.number("member_invited")
    feature[opening[signs_in]] = features.number("signed_in")
    clock[opening[signs_in]] = begins[signs_in]
    place[invites] = -1
    place[opening[signs_in]] = -1

    viewed = features.number("dashboard_viewed")
    anonymous = (feature == viewed) & (rng.random(rows) < _LINK_VIEW_SHARE)  # by a shared link, not signed in
    place[anonymous] = -1
    looked = np.flatnonzero(is_first & (rng.random(len(users)) < 0.4))  # followed a link, then signed up
    before = begins[looked] - rng.integers(60_000, 1_500_000, len(looked))
    return _Rows(
        place=np.concatenate((place, np.full(len(looked), -1))),
        feature=np.concatenate((feature, np.full(len(looked), viewed))),
        user=np.concatenate((user, users[looked])),
        workspace=roster.user_workspace[np.concatenate((user, users[looked]))],
        anonymous=np.concatenate((anonymous, np.ones(len(looked), dtype=np.bool_))),
        clock=np.concatenate((clock, before)) % DAY_MS,
    )


def _jobs(roster: Roster, today: _Day, people: _Rows) -> _Rows:
    """What runs by schedule: a use case that is to burn credits has at least one metered event."""
    features, density = roster.features, roster.world.settings.density
    metered = (people.place >= 0) & (features.rate_milli[people.feature] > 0)
    already = np.bincount(people.place[metered], minlength=len(today.slots))
    account = roster.slot_account[today.slots]
    wanted = today.rng.poisson(0.1 * density * np.minimum(today.level[account] * today.calm[account], 2.0))
    wanted = np.maximum(wanted, (already == 0).astype(np.int64))
    place = np.repeat(np.arange(len(today.slots)), np.where(today.slot_credits > _LEAST_CREDITS, wanted, 0))
    return _Rows(
        place=place,
        feature=features.scheduled[roster.slot_use_case[today.slots[place]]],
        user=np.full(len(place), -1),
        workspace=roster.slot_workspace[today.slots[place]],
        anonymous=np.zeros(len(place), dtype=np.bool_),
        clock=today.rng.integers(0, DAY_MS, len(place)),
    )


def _meter(roster: Roster, today: _Day, place: Ints, feature: Ints) -> Ints:
    """Spreads each slot's planned credits over its metered events; quantities in thousandths of the unit."""
    rate = roster.features.rate_milli[feature]
    metered = np.flatnonzero((place >= 0) & (rate > 0))
    weight = np.exp(today.rng.normal(0.0, 0.6, len(metered)))
    at = place[metered]
    total = np.bincount(at, weights=weight, minlength=len(today.slots))
    milli = today.slot_credits[at] * weight / total[at] * 1e6 / rate[metered]
    step = roster.features.step_milli[feature[metered]]
    quantity = np.zeros(len(place), dtype=np.int64)
    quantity[metered] = np.maximum(np.rint(milli / step), 1).astype(np.int64) * step
    return quantity


def draw_day(roster: Roster, day: int) -> DayEvents:
    """All events whose timestamp lies on `day`."""
    today = _prepare(roster, day)
    people = _people(roster, today)
    jobs = _jobs(roster, today, people)
    place = np.concatenate((people.place, jobs.place))
    feature = np.concatenate((people.feature, jobs.feature))
    user = np.concatenate((people.user, jobs.user))
    workspace = np.concatenate((people.workspace, jobs.workspace))
    quantity = _meter(roster, today, place, feature)
    timestamp = np.concatenate((people.clock, jobs.clock)) + day * DAY_MS
    skew = np.where(user >= 0, roster.user_skew[user] if len(roster.user_skew) else 0, 0)
    return DayEvents(
        day=day,
        feature=feature,
        user=user,
        workspace=workspace,
        account=roster.workspace_account[workspace],
        anonymous=np.concatenate((people.anonymous, jobs.anonymous)),
        quantity_milli=quantity,
        timestamp=timestamp,
        delivery=deliver(today.rng, timestamp, skew),
    )
