"""What ties accounts together: company hierarchies, traces from one system to another, commits."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.draws import Purpose, draw, salesforce_id, salesforce_suffix
from pipelines.sample.model import Plan, SampleAccount, SampleSettings, Story
from pipelines.sample.names import PER_USD, ZERO_DECIMAL, typed_website
from pipelines.sample.stories import FADING, TERM_DAYS

_CHILD_SHARE = 0.1
_MERGED_SHARE = 0.02


def plan_parents(accounts: list[SampleAccount], settings: SampleSettings) -> None:
    """About a tenth of the CRM accounts belong to a parent; hierarchies are two or three levels deep."""
    rng = draw(settings.seed, Purpose.COMPANY, 1)
    known = [account for account in accounts if account.crm_id is not None]
    depth: dict[int, int] = {}
    for position, account in enumerate(known):
        is_child = bool(rng.random() < _CHILD_SHARE) or position == 2
        back, shares = int(rng.integers(1, 30)), bool(rng.random() < 0.25)
        if position == 0 or not is_child:
            continue
        parent = known[max(0, position - min(back, position))]
        level = depth.get(parent.index, 0) + 1
        if level > 2:
            continue
        depth[account.index] = level
        account.parent_index = parent.index
        account.facts["hierarchy_level"] = level
        if shares and account.country == parent.country:  # a subsidiary under its parent's domain
            account.domain = parent.domain
            account.facts["shares_domain_with"] = parent.index
    _plant_third_level(known, depth)


def _plant_third_level(known: list[SampleAccount], depth: dict[int, int]) -> None:
    """Where chance made no hierarchy of three levels: a customer that belongs to nobody joins the first subsidiary."""
    if 2 in depth.values():
        return
    parents = {account.parent_index for account in known}
    middle = next((account for account in known if account.index in depth and not account.is_prospect), None)
    free = (account for account in known if account.index not in depth and account.index not in parents)
    bottom = next((account for account in free if not account.is_prospect), None)
    if middle is not None and bottom is not None:
        bottom.parent_index = middle.index
        bottom.facts["hierarchy_level"] = 2


def link_identities(accounts: list[SampleAccount], settings: SampleSettings) -> None:
    """Draws which traces of an account lead from one system to another; what is missing has to be matched."""
    merged = 0
    known = [account for account in accounts if account.crm_id is not None]
    wanted = max(1, round(len(known) * _MERGED_SHARE)) if len(known) >= 5 else 0
    order = draw(settings.seed, Purpose.IDENTITY).permutation(len(known))
    losers = {known[int(i)].index for i in order[:wanted]}
    _plant_case_twin(known)
    for account in accounts:
        rng = draw(settings.seed, Purpose.IDENTITY, account.index)
        dice = rng.random(8)
        links = account.identity_links
        links["website"] = typed_website(account.domain, rng)
        if account.crm_id is not None:
            if account.index in losers:
                merged += 1
                links["merged_crm_id"] = salesforce_id("001", settings.accounts + merged)
                account.facts["merged_crm_ids"] = [links["merged_crm_id"]]
            _link_crm(account, account.crm_id, [float(die) for die in dice])
        if account.stripe_customer_id and account.org_id and dice[5] < 0.6:
            links["stripe_metadata_org_id"] = account.org_id
        if account.zendesk_organization_id and dice[6] < 0.85:
            links["zendesk_domain"] = account.domain
        if account.org_id and dice[7] < 0.8:
            links["product_website"] = f"https://{account.domain}"


def _plant_case_twin(known: list[SampleAccount]) -> None:
    """Gives one prospect an id that differs from a customer's in the case of one letter alone."""
    twin = next((account for account in reversed(known) if account.is_prospect), None)
    taken = {account.crm_id for account in known}
    for other in known:
        short = (other.crm_id or "")[:15]
        swapped = short[:14] + short[14].swapcase()
        if twin is None or other.is_prospect or swapped == short or swapped + salesforce_suffix(swapped) in taken:
            continue
        twin.crm_id = swapped + salesforce_suffix(swapped)
        twin.facts["case_twin_of"] = other.index
        return


def _link_crm(account: SampleAccount, crm_id: str, dice: list[float]) -> None:
    """What the CRM says of the other systems, and they of it."""
    links = account.identity_links
    if account.org_id and dice[0] < 0.7:
        links["crm_product_org_id"] = account.org_id
    if account.stripe_customer_id and dice[1] < 0.4:
        links["crm_stripe_customer_id"] = account.stripe_customer_id
    if account.zendesk_organization_id and dice[2] < 0.7:
        target = links.get("merged_crm_id", crm_id) if dice[3] < 0.5 else crm_id
        links["zendesk_external_id"] = target[:15]
    if account.stripe_customer_id and dice[4] < 0.3:
        links["stripe_metadata_crm_account_id"] = crm_id


def plan_commit(
    account: SampleAccount, level: NDArray[np.float64], base: float, weekend: float, settings: SampleSettings
) -> None:
    """Sizes the yearly commit of an enterprise account from the usage that its story plans.

    Usage beyond the window is taken to stay at the mean of the last 30 days. A credit costs one US dollar.
    """
    if account.plan is not Plan.ENTERPRISE or account.is_prospect:
        return
    rng = draw(settings.seed, Purpose.COMPANY, 2, account.index)
    burnt = _burn(level, base, weekend, account.signup_day, settings)
    hoped = _burn(_before_turn(account, level), base, weekend, account.signup_day, settings)
    share = float(rng.uniform(0.0, 1.0))
    if account.story is Story.COMMIT_FAST:
        used_after = 0.5 + 0.2 * share  # of the term
        dollars = float(burnt[int(used_after * TERM_DAYS)])
    elif account.story is Story.COMMIT_SLOW:
        dollars = float(burnt[-1]) / (0.3 + 0.15 * share)
    else:
        dollars = float(hoped[-1]) / (0.85 + 0.25 * share)
    dollars = max(1_000.0, round(dollars / 500.0) * 500.0)
    scale = 1 if account.currency in ZERO_DECIMAL else 100
    account.commit_cents = round(dollars * PER_USD[account.currency]) * scale
    over = np.flatnonzero(burnt >= dollars)
    account.facts["commit_usd"] = dollars
    account.facts["commit_term_start"] = (settings.start + timedelta(days=account.signup_day)).isoformat()
    account.facts["commit_term_days"] = TERM_DAYS
    account.facts["commit_expected_use"] = round(float(burnt[-1]) / dollars, 4)
    account.facts["commit_expected_exhaustion_share"] = round(float(over[0] + 1) / TERM_DAYS, 4) if len(over) else None


def _before_turn(account: SampleAccount, level: NDArray[np.float64]) -> NDArray[np.float64]:
    """What both sides could expect when they signed: that usage goes on as before the story's turn."""
    turn = account.onset_day if account.onset_day is not None and account.story in FADING else None
    if turn is None:
        return level
    hoped = level.copy()
    hoped[turn:] = float(level[max(account.signup_day, turn - 30) : turn].mean())
    return hoped


def _burn(
    level: NDArray[np.float64], base: float, weekend: float, signup: int, settings: SampleSettings
) -> NDArray[np.float64]:
    """Planned credits from the term's start to the end of each of its days."""
    plan = np.empty(TERM_DAYS)
    inside = level[signup : signup + TERM_DAYS]
    plan[: len(inside)] = inside
    plan[len(inside) :] = float(level[-30:].mean()) if len(inside) < TERM_DAYS else 0.0
    weekday = (settings.start.weekday() + signup + np.arange(TERM_DAYS)) % 7
    burnt: NDArray[np.float64] = np.cumsum(plan * base * np.where(weekday >= 5, weekend, 1.0))
    return burnt
