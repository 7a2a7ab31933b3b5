"""Versions of CRM accounts: stages, owners, merges, deletions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from pipelines.sample.crm_records import CrmLog, Value, iso_day, office_second, reference, stamp
from pipelines.sample.draws import Purpose, between, draw, pick
from pipelines.sample.model import SampleAccount, Story
from pipelines.sample.names import BY_CODE, US_STATES, typed_website

_SOURCES = ("Inbound", "Outbound", "Partner Referral", "Event", "Web", "Product Signup")
# The share of accounts whose manager sees the trouble, and after how many days at most.
_NOTICED = {
    Story.CHURN: (0.7, 45),
    Story.CONTRACT: (0.5, 45),
    Story.DORMANT: (0.45, 60),
    Story.QUIET_DYING: (0.2, 80),
    Story.SICK_BUT_STAYS: (0.9, 25),
}


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns an account from which day on; the first entry is the seller."""

    days: tuple[int, ...]
    owners: tuple[int, ...]

    def at(self, day: int) -> int:
        """The owner on a day, as an index into the staff."""
        return self.owners[max(bisect_right(self.days, day) - 1, 0)]


@dataclass(frozen=True, slots=True)
class StaffChange:
    """The account manager who leaves the company, when, and who takes over."""

    day: int
    leaver: int
    heir: int


def created_day(account: SampleAccount, seed: int) -> int:
    """Sales opens the account some weeks before the sign-up; nothing lies before the window."""
    rng = draw(seed, Purpose.CRM_ACCOUNT, account.index, 1)
    ahead = between(rng, 20, 75)
    return account.signup_day if account.is_prospect else max(0, account.signup_day - ahead)


def plan_merge(account: SampleAccount, created: int, log: CrmLog) -> None:
    """Sets the day on which a duplicate of this account is merged into it."""
    if "merged_crm_id" not in account.identity_links:
        return
    rng = draw(log.settings.seed, Purpose.CRM_ACCOUNT, account.index, 2)
    latest = log.settings.days - 2
    account.facts["merge_day"] = min(max(created, account.signup_day) + between(rng, 15, 90), latest)


def plan_ownership(account: SampleAccount, created: int, log: CrmLog, change: StaffChange | None) -> Ownership:
    """Seller, then account manager; sometimes the manager changes."""
    rng = draw(log.settings.seed, Purpose.CRM_ACCOUNT, account.index, 3)
    staff = log.world.staff
    seller = pick(rng, [person.index for person in staff if person.role == "sales"])
    managers = [person.index for person in staff if person.role == "csm"]
    days, owners = [created], [seller]
    hands_over = bool(rng.random() < 0.08)
    later, heir = between(rng, account.signup_day + 40, account.signup_day + 300), pick(rng, managers)
    if not account.is_prospect:
        days.append(min(account.signup_day + between(rng, 0, 4), log.settings.days - 1))
        owners.append(account.owner_index)
        if hands_over and heir != account.owner_index:
            days.append(later)
            owners.append(heir)
        if change is not None:
            _replace_leaver(days, owners, change)
    if len(owners) > 2:
        account.facts["owner_change_days"] = [day for day in days[2:] if day < log.settings.days]
    return Ownership(tuple(days), tuple(owners))


def _replace_leaver(days: list[int], owners: list[int], change: StaffChange) -> None:
    for place, (day, owner) in enumerate(zip(tuple(days), tuple(owners), strict=True)):
        if owner == change.leaver and day >= change.day:
            owners[place] = change.heir
    at = bisect_right(days, change.day)
    if at and owners[at - 1] == change.leaver:
        days.insert(at, change.day)
        owners.insert(at, change.heir)


def stage_days(account: SampleAccount, rng: np.random.Generator) -> list[tuple[int, str]]:
    """The customer stages that the account manager sets, in order of day."""
    signup, onset, churn = account.signup_day, account.onset_day, account.churn_day
    stages = [(signup, "Onboarding"), (signup + between(rng, 25, 60), "Adopting")]
    if account.story in (Story.GROW_FAST, Story.COMMIT_FAST, Story.ANGRY_HEALTHY):
        stages.append((signup + between(rng, 90, 150), "Expanding"))
    if account.story is Story.EXPAND_USE_CASE and onset is not None:
        stages.append((onset + between(rng, 5, 30), "Expanding"))
    share, slowest = _NOTICED.get(account.story, (0.0, 10))
    notices, lag = bool(rng.random() < share), between(rng, 8, slowest)
    if notices and onset is not None:
        stages.append((onset + lag, "At Risk"))
        if account.story is Story.SICK_BUT_STAYS:
            stages.append((onset + between(rng, 110, 150), "Adopting"))
    if account.story is Story.ANGRY_HEALTHY and rng.random() < 0.4:
        stages.append((signup + between(rng, 155, 220), "At Risk"))
    stages.sort()
    gone = churn + between(rng, 0, 6) if churn is not None else None
    if gone is not None:
        stages = [*(entry for entry in stages if entry[0] < gone), (gone, "Churned")]
    return stages


def write_account(
    account: SampleAccount,
    accounts: list[SampleAccount],
    created: int,
    ownership: Ownership,
    touch_days: list[int],
    log: CrmLog,
) -> None:
    """Notes all versions of one account, in order of time."""
    rng = draw(log.settings.seed, Purpose.CRM_ACCOUNT, account.index, 4)
    changes: list[tuple[int, dict[str, Value]]] = []
    for day, owner in zip(ownership.days[1:], ownership.owners[1:], strict=True):
        changes.append((day, {"OwnerId": log.world.staff[owner].crm_user_id}))
    if not account.is_prospect:
        changes += _as_customer(account, created, rng)
    if rng.random() < 0.15:
        heads = round(account.employees * float(rng.uniform(0.8, 1.5)))
        changes.append((created + between(rng, 60, 300), {"NumberOfEmployees": heads}))
    if account.is_prospect and rng.random() < 0.15:
        deleted = created + between(rng, 60, 200)
        changes.append((deleted, {"IsDeleted": True}))
        if deleted < log.settings.days:
            account.facts["crm_deleted_day"] = deleted
    parent = accounts[account.parent_index] if account.parent_index is not None else None
    if parent is not None and parent.crm_id is not None:  # known once both records are there
        linked = max(created, created_day(parent, log.settings.seed))
        changes.append((linked, {"ParentId": reference(parent.crm_id, rng)}))
    changes += [(day, {}) for day in range(created + between(rng, 20, 40), log.settings.days, 35)]  # roll-ups
    _replay(
        account,
        created,
        ownership,
        touch_days,
        sorted(changes, key=lambda entry: entry[0]),
        rng,
        log,
    )


def _as_customer(account: SampleAccount, created: int, rng: np.random.Generator) -> list[tuple[int, dict[str, Value]]]:
    """The sale, the stages, and the ids of the other systems that somebody fills in sooner or later."""
    changes: list[tuple[int, dict[str, Value]]] = []
    links = account.identity_links
    changes.append((account.signup_day, {"Type": "Customer", "Plan__c": account.plan.value}))
    for day, stage in stage_days(account, rng):
        gone: dict[str, Value] = {"Type": "Former Customer"} if stage == "Churned" else {}
        changes.append((day, {"Customer_Stage__c": stage, **gone}))
    if "crm_product_org_id" in links:
        day = account.signup_day + between(rng, 0, 20)
        changes.append((day, {"Product_Org_Id__c": links["crm_product_org_id"]}))
    if "crm_stripe_customer_id" in links:
        day = account.signup_day + between(rng, 0, 40)
        changes.append((day, {"Stripe_Customer_Id__c": links["crm_stripe_customer_id"]}))
    if account.plan.value == "growth" and rng.random() < 0.12:  # sold as starter, moved up at the sale
        changes.append((created, {"Plan__c": "starter"}))
    return changes


def _replay(
    account: SampleAccount,
    created: int,
    ownership: Ownership,
    touch_days: list[int],
    changes: list[tuple[int, dict[str, Value]]],
    rng: np.random.Generator,
    log: CrmLog,
) -> None:
    second = office_second(rng)
    row: dict[str, Value] = {
        "Id": account.crm_id,
        "Name": account.name,
        "Type": "Prospect",
        "Industry": account.industry,
        "NumberOfEmployees": account.employees,
        "AnnualRevenue": round(account.employees * float(rng.uniform(90, 260))) * 1000,
        "OwnerId": log.world.staff[ownership.owners[0]].crm_user_id,
        "AccountSource": pick(rng, _SOURCES),
        "Website": account.identity_links.get("website") if rng.random() < 0.93 else None,
        "BillingCountry": BY_CODE[account.country].name if rng.random() < 0.7 else account.country,
        "BillingState": pick(rng, US_STATES) if account.country == "US" else None,
        "IsDeleted": False,
        "CreatedDate": stamp(log.settings, created, second),
        "LastModifiedDate": stamp(log.settings, created, second),
    }
    log.add("Account", created, second, row)
    before = created
    for day, change in changes:
        if day >= log.settings.days or row["IsDeleted"]:
            continue
        row.update(change)
        touched = bisect_right(touch_days, day)
        row["LastActivityDate"] = iso_day(log.settings, touch_days[touched - 1]) if touched else None
        second = max(office_second(rng), second + 1 if day == before else 0)
        before = day
        if change:
            row["LastModifiedDate"] = stamp(log.settings, day, second)
        log.add("Account", day, second, row, is_system=not change)


def write_duplicate(account: SampleAccount, created: int, ownership: Ownership, log: CrmLog) -> None:
    """The record of the same company that somebody opened twice, until it is merged away."""
    loser, merge_day = account.identity_links.get("merged_crm_id"), account.facts.get("merge_day")
    if loser is None or not isinstance(merge_day, int):
        return
    rng = draw(log.settings.seed, Purpose.CRM_ACCOUNT, account.index, 5)
    second = office_second(rng)
    row: dict[str, Value] = {
        "Id": loser,
        "Name": account.name.split(" ")[0] + " (dup)" if rng.random() < 0.3 else account.name.upper(),
        "Type": "Prospect",
        "Industry": None,
        "OwnerId": log.world.staff[ownership.owners[0]].crm_user_id,
        "AccountSource": "Web",
        "Website": typed_website(account.domain, rng),
        "BillingCountry": account.country,
        "IsDeleted": False,
        "CreatedDate": stamp(log.settings, created, second),
    }
    log.add("Account", created, second, row)
    merged: dict[str, Value] = {**row, "IsDeleted": True, "MasterRecordId": account.crm_id}
    log.add("Account", merge_day, max(office_second(rng), second + 1), merged)
