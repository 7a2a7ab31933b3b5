"""Workspaces, use cases, people and seats of one customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.draws import Purpose, between, draw, pick, token, uuid4
from pipelines.sample.model import Plan, SampleAccount, SampleSettings, SampleUser, SampleWorkspace, Story
from pipelines.sample.names import CHAMPION_TITLES, FREE_MAIL, TITLES, WORKSPACES, mailbox, person
from pipelines.sample.stories import EXPANSION_WEIGHT, FADING

USE_CASES = ("ingestion", "transformation", "analytics", "alerting", "machine_learning", "data_sharing")
_POPULARITY = (0.28, 0.2, 0.3, 0.11, 0.06, 0.05)
_SEATS = {Plan.STARTER: (2, 6), Plan.GROWTH: (6, 20), Plan.ENTERPRISE: (20, 70)}
_WORKSPACES = {Plan.STARTER: (1, 1), Plan.GROWTH: (1, 3), Plan.ENTERPRISE: (2, 6)}
_NEVER_IDENTIFIED_SHARE = 0.015


def plan_workspaces(account: SampleAccount, settings: SampleSettings, serial: Iterator[int]) -> list[SampleWorkspace]:
    """The teams of an account and what each uses; the first starts at sign-up, others later."""
    rng = draw(settings.seed, Purpose.TEAM, account.index, 0)
    end = settings.days - 1 if account.churn_day is None else account.churn_day - 1
    low, high = _WORKSPACES[account.plan]
    teams = 1 if account.story is Story.LAND_SMALL else between(rng, low, high)
    names = rng.permutation(len(WORKSPACES))
    used: set[str] = set()
    planned: list[SampleWorkspace] = []
    life = max(1, min(end - account.signup_day, 200))
    for team in range(teams):
        first = account.signup_day if team == 0 else account.signup_day + between(rng, 0, int(life * 0.6))
        workspace = _workspace(account, rng, next(serial), WORKSPACES[names[team]], first)
        wanted = 1 if account.story is Story.LAND_SMALL else 1 + int(rng.random() < 0.6)
        for use_case in _choose(rng, wanted, used, limit=4):
            workspace.use_cases[use_case] = (first, end)
            workspace.weights[use_case] = float(0.4 + rng.random()) * (1.0 if team == 0 else 0.7)
            used.add(use_case)
        planned.append(workspace)
    if account.story is Story.EXPAND_USE_CASE and account.onset_day is not None:
        planned.append(
            _expansion(account, rng, next(serial), WORKSPACES[names[teams]], account.onset_day, end, planned, used)
        )
    return planned


def _workspace(
    account: SampleAccount, rng: np.random.Generator, index: int, name: str, first_day: int
) -> SampleWorkspace:
    return SampleWorkspace(
        index=index,
        account_index=account.index,
        workspace_id="wks_" + token(rng, 14),
        name=name,
        first_day=first_day,
        use_cases={},
    )


def _choose(rng: np.random.Generator, wanted: int, used: set[str], limit: int) -> list[str]:
    """Use cases of a team: mostly popular ones, no more than `limit` different ones in the account."""
    chosen: list[str] = []
    for _ in range(wanted):
        options = [use_case for use_case in USE_CASES if use_case not in chosen]
        if len(used | set(chosen)) >= limit:
            options = [use_case for use_case in options if use_case in used]
        if options:
            chosen.append(pick(rng, options, [_POPULARITY[USE_CASES.index(option)] for option in options]))
    return chosen


def _expansion(
    account: SampleAccount,
    rng: np.random.Generator,
    index: int,
    name: str,
    onset: int,
    end: int,
    before: list[SampleWorkspace],
    used: set[str],
) -> SampleWorkspace:
    """The new team of an expanding account, sized so that the old teams' usage stays what it was."""
    workspace = _workspace(account, rng, index, name, onset)
    fresh = [use_case for use_case in USE_CASES if use_case not in used]
    chosen = [fresh[int(i)] for i in rng.permutation(len(fresh))[: 1 + int(rng.random() < 0.3)]]
    old = sum(weight for team in before for weight in team.weights.values())
    for use_case in chosen:
        workspace.use_cases[use_case] = (onset, end)
        workspace.weights[use_case] = EXPANSION_WEIGHT * account.strength * old / len(chosen)
    account.facts["expansion_day"] = onset
    account.facts["expansion_use_cases"] = sorted(chosen)
    account.facts["expansion_workspace_id"] = workspace.workspace_id
    return workspace


def plan_users(
    account: SampleAccount,
    workspaces: list[SampleWorkspace],
    level: NDArray[np.float64],
    settings: SampleSettings,
    serial: Iterator[int],
) -> list[SampleUser]:
    """The people of an account: most come in the first month, the rest as usage grows; some leave."""
    rng = draw(settings.seed, Purpose.TEAM, account.index, 1)
    end = settings.days - 1 if account.churn_day is None else account.churn_day - 1
    low, high = _SEATS[account.plan]
    size = max(1, round(float(np.exp(rng.uniform(np.log(low), np.log(high)))) * 0.8))
    peak, now = float(level.max()), float(level[min(account.signup_day + 30, end)])
    late_share = float(np.clip(1.0 - now / peak if peak > 0 else 0.0, 0.25, 0.7))
    size = min(round(size * float(np.clip(peak, 1.0, 2.5))), 400)
    uses_free_mail = account.story is Story.SELF_SERVE and bool(rng.random() < 0.35)
    if uses_free_mail:
        account.facts["free_mail"] = True
    taken: set[str] = set()
    users = []
    for number in range(size):
        first = account.signup_day if number == 0 else _first_day(account, rng, late_share, end)
        workspace = workspaces[0] if number == 0 else _team_of(rng, workspaces, first)
        first = max(first, workspace.first_day)
        user = _user(account, rng, number, workspace.index, (first, end), taken, uses_free_mail)
        user.index = next(serial)
        users.append(user)
    _plan_leavers(account, users, level, end, rng)
    return users


def _first_day(account: SampleAccount, rng: np.random.Generator, late_share: float, end: int) -> int:
    last = account.onset_day if account.onset_day is not None and account.story in FADING else end
    if rng.random() >= late_share:
        return min(account.signup_day + int(rng.exponential(9.0)), end)
    return between(rng, account.signup_day, max(account.signup_day, last))


def _team_of(rng: np.random.Generator, workspaces: list[SampleWorkspace], day: int) -> SampleWorkspace:
    """Those who come late mostly join the newest team."""
    open_teams = [team for team in workspaces if team.first_day <= day + 30]
    weights = [1.5 if abs(day - team.first_day) < 45 else 1.0 for team in open_teams]
    return pick(rng, open_teams, weights)


def _user(
    account: SampleAccount,
    rng: np.random.Generator,
    number: int,
    workspace_index: int,
    life: tuple[int, int],
    taken: set[str],
    uses_free_mail: bool,
) -> SampleUser:
    name = person(rng)
    local = mailbox(name)
    while local in taken:
        local = f"{local}{number}"
    taken.add(local)
    champion = number == 0 or (account.plan is not Plan.STARTER and number == 1)
    title = pick(rng, CHAMPION_TITLES) if champion else pick(rng, [t for t, _ in TITLES], [w for _, w in TITLES])
    host = pick(rng, FREE_MAIL) if uses_free_mail else account.domain
    activity = 0.6 + 0.3 * float(rng.random()) if champion else float(rng.beta(1.6, 2.6))
    return SampleUser(
        index=-1,
        account_index=account.index,
        workspace_index=workspace_index,
        user_id="usr_" + token(rng, 16),
        email=f"{local}{number if uses_free_mail else ''}@{host}",
        name=name,
        title=title,
        first_day=life[0],
        last_day=life[1],
        activity=max(activity, 0.03),
        is_champion=champion,
        anonymous_id=uuid4(rng),
        is_identified=number == 0 or bool(rng.random() >= _NEVER_IDENTIFIED_SHARE),
    )


def _plan_leavers(
    account: SampleAccount,
    users: list[SampleUser],
    level: NDArray[np.float64],
    end: int,
    rng: np.random.Generator,
) -> None:
    """Ordinary turnover of about a sixth a year; in fading stories people go as usage falls."""
    onset = account.onset_day
    left = float(level[end] / max(level[max((onset or end) - 1, 0)], 1e-9))
    fading = account.story in FADING and onset is not None
    for user in users[1:]:
        leaves = user.first_day + 20 + int(rng.exponential(365 / 0.17))
        share = float(rng.random())
        days_after = between(rng, 0, 60)
        if fading and onset is not None and not user.is_champion and share > 0.35 + 0.65 * left:
            leaves = min(leaves, onset + days_after)
        user.last_day = max(user.first_day, min(end, leaves))
    champion_goes = account.story in (Story.CHURN, Story.QUIET_DYING) and onset is not None and rng.random() < 0.5
    before = between(rng, 0, 20)
    if champion_goes and onset is not None and len(users) > 1:
        users[0].last_day = max(users[0].first_day, min(end, onset - before))
        account.facts["champion_left_day"] = users[0].last_day
        account.facts["champion_user_id"] = users[0].user_id


def plan_seats(account: SampleAccount, users: list[SampleUser], settings: SampleSettings) -> NDArray[np.int64]:
    """Licensed seats by day: bought in blocks as people join, cut on the first of a month after a contraction."""
    rng = draw(settings.seed, Purpose.SEATS, account.index)
    days = settings.days
    change = np.zeros(days + 1, dtype=np.int64)
    for user in users:
        change[user.first_day] += 1
        change[user.last_day + 1] -= 1
    present = np.cumsum(change[:days])
    block = {Plan.STARTER: 1, Plan.GROWTH: 3, Plan.ENTERPRISE: 10}[account.plan]
    spare = float(rng.uniform(1.05, 1.35))
    end = days if account.churn_day is None else account.churn_day
    soon = int(present[account.signup_day : min(account.signup_day + 14, end)].max(initial=1))
    licensed = max(2, -(-round(soon * spare) // block) * block)
    cut_day = _cut_day(account, settings, rng)
    seats = np.zeros(days, dtype=np.int64)
    for day in range(account.signup_day, end):
        if present[day] > licensed:
            licensed += -(-int(present[day] - licensed) // block) * block
        if day == cut_day:
            licensed = max(2, int(present[day]), round(licensed * float(rng.uniform(0.5, 0.7))))
            account.facts["seat_cut_day"] = day
        seats[day] = licensed
    return seats


def _cut_day(account: SampleAccount, settings: SampleSettings, rng: np.random.Generator) -> int | None:
    if account.onset_day is None:
        return None
    if account.story is not Story.CONTRACT and not (account.story is Story.SICK_BUT_STAYS and rng.random() < 0.5):
        return None
    start = account.onset_day + between(rng, 12, 25)
    for day in count(start):
        if (settings.start + timedelta(days=day)).day == 1:
            return day if day < settings.days else None
    return None
