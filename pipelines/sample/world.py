"""Decides, before any file is written, who the customers are: stories, days, sizes, people, ids."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.contracts import plan_contracts
from pipelines.sample.draws import Purpose, between, draw, pick, salesforce_id, token
from pipelines.sample.model import (
    Plan,
    SampleAccount,
    SampleSettings,
    SampleStaff,
    SampleUser,
    SampleWorkspace,
    Story,
    World,
)
from pipelines.sample.names import AWKWARD, BY_CODE, COUNTRIES, INDUSTRIES, company, person
from pipelines.sample.relations import link_identities, plan_commit, plan_parents
from pipelines.sample.stories import (
    LEAVING,
    TERM_DAYS,
    WEIGHTS,
    Life,
    plan_of,
    signup_day,
    trajectory,
    turn_days,
)
from pipelines.sample.teams import plan_seats, plan_users, plan_workspaces

PROSPECT_SHARE = 0.08
MINIMUM_DAYS = 30
_BASE_CREDITS = {Plan.STARTER: 5.0, Plan.GROWTH: 45.0, Plan.ENTERPRISE: 320.0}
_EMPLOYEES = {Plan.STARTER: 45, Plan.GROWTH: 320, Plan.ENTERPRISE: 3800}


def build_world(settings: SampleSettings) -> World:
    """Plans the whole company; equal settings give an equal world."""
    if settings.days < MINIMUM_DAYS or settings.accounts < 1:
        raise ValueError(f"a sample company needs an account and {MINIMUM_DAYS} days at least")
    staff = _hire(settings)
    prospects, stories = _deal(settings)
    accounts: list[SampleAccount] = []
    level = np.zeros((settings.accounts, settings.days))
    base = np.zeros(settings.accounts)
    weekend = np.zeros(settings.accounts)
    for index in range(settings.accounts):
        account = _account(settings, index, stories[index], index in prospects, staff)
        accounts.append(account)
        rng = draw(settings.seed, Purpose.ACCOUNT, index, 1)
        size = float(np.exp(rng.normal(0.0, 0.55)))
        weekend[index] = float(np.clip(rng.normal(0.3, 0.06), 0.15, 0.55))
        if not account.is_prospect:
            small = {Story.GROW_FAST: 0.4, Story.PLATEAU: 0.5, Story.LAND_SMALL: 0.45}.get(account.story, 1.0)
            base[index] = _BASE_CREDITS[account.plan] * size * small
            life = Life(
                account.story,
                account.strength,
                account.signup_day,
                account.onset_day,
                account.churn_day,
                settings.days,
            )
            level[index] = trajectory(life, rng)
    plan_parents(accounts, settings)
    link_identities(accounts, settings)
    workspaces, users = _populate(accounts, level, settings)
    for account in accounts:
        plan_commit(account, level[account.index], float(base[account.index]), float(weekend[account.index]), settings)
    plan_contracts(accounts, settings)
    return World(settings, accounts, users, workspaces, staff, level, base, weekend)


def _deal(settings: SampleSettings) -> tuple[frozenset[int], list[Story]]:
    """Which accounts are prospects, and each one's story: every story once, then by weight."""
    rng = draw(settings.seed, Purpose.COMPANY, 0)
    number = round(settings.accounts * PROSPECT_SHARE)
    order = [int(i) for i in rng.permutation(settings.accounts)]
    prospects = frozenset(order[:number])
    shuffled = [list(Story)[int(i)] for i in rng.permutation(len(Story))]
    stories = [Story.STEADY] * settings.accounts
    for place, index in enumerate(order[number:]):
        own = draw(settings.seed, Purpose.ACCOUNT, index, 2)
        stories[index] = shuffled[place] if place < len(shuffled) else pick(own, list(WEIGHTS), list(WEIGHTS.values()))
    return prospects, stories


def _account(
    settings: SampleSettings, index: int, story: Story, is_prospect: bool, staff: list[SampleStaff]
) -> SampleAccount:
    rng = draw(settings.seed, Purpose.ACCOUNT, index, 0)
    country = pick(rng, COUNTRIES, [country.weight for country in COUNTRIES])
    name, domain = company(index, country, rng)
    if index % 37 == 11 and index // 37 < len(AWKWARD):
        name, domain, code = AWKWARD[index // 37]
        country = BY_CODE[code]
    plan = plan_of(story, rng)
    if plan is Plan.ENTERPRISE and story in LEAVING and settings.days < TERM_DAYS + 30:
        plan = Plan.GROWTH  # a yearly contract could not end within the window
    signup = signup_day(story, plan, settings.days, rng)
    onset, churn = (None, None) if is_prospect else turn_days(story, plan, signup, settings.days, rng)
    managers = [person.index for person in staff if person.role == "csm"]
    return SampleAccount(
        index=index,
        name=name,
        domain=domain,
        industry=pick(rng, INDUSTRIES),
        country=country.code,
        employees=max(3, round(_EMPLOYEES[plan] * float(np.exp(rng.normal(0.0, 0.9))))),
        currency=country.currency,
        plan=plan,
        story=story,
        strength=round(float(rng.uniform(0.4, 1.0)), 3),
        onset_day=onset,
        signup_day=signup,
        churn_day=churn,
        is_prospect=is_prospect,
        parent_index=None,
        owner_index=pick(rng, managers),
        org_id=None if is_prospect else "org_" + token(rng, 16),
        crm_id=None if story is Story.SELF_SERVE else salesforce_id("001", index),
        stripe_customer_id=None if is_prospect else "cus_" + token(rng, 14),
        zendesk_organization_id=_zendesk_id(story, is_prospect, index, rng),
    )


def _zendesk_id(story: Story, is_prospect: bool, index: int, rng: np.random.Generator) -> int | None:
    missing = 0.6 if story is Story.SELF_SERVE else 0.08
    is_missing = bool(rng.random() < missing)
    return None if is_prospect or is_missing else 360_000_000_000 + index * 7_919 + between(rng, 0, 7_900)


def _populate(
    accounts: list[SampleAccount], level: NDArray[np.float64], settings: SampleSettings
) -> tuple[list[SampleWorkspace], list[SampleUser]]:
    workspaces: list[SampleWorkspace] = []
    users: list[SampleUser] = []
    next_workspace: Iterator[int] = count()
    next_user: Iterator[int] = count()
    for account in accounts:
        if account.is_prospect:
            account.seats = np.zeros(settings.days, dtype=np.int64)
            continue
        teams = plan_workspaces(account, settings, next_workspace)
        people = plan_users(account, teams, level[account.index], settings, next_user)
        account.seats = plan_seats(account, people, settings)
        workspaces.extend(teams)
        users.extend(people)
    return workspaces, users


def _hire(settings: SampleSettings) -> list[SampleStaff]:
    """The own people: about one CSM for 40 accounts, one seller for 60, one support agent for 50."""
    rng = draw(settings.seed, Purpose.STAFF)
    roles = (
        ["csm"] * max(4, settings.accounts // 40)
        + ["sales"] * max(3, settings.accounts // 60)
        + ["support"] * max(6, settings.accounts // 50)
    )
    staff = []
    for index, role in enumerate(roles):
        name = person(rng)
        staff.append(
            SampleStaff(
                index=index,
                crm_user_id=salesforce_id("005", index),
                zendesk_user_id=370_000_000_000 + index * 104_729 + between(rng, 0, 100_000),
                name=name,
                email=f"{role}{index + 1}@lakeworks.example",
                role=role,
            )
        )
    return staff
