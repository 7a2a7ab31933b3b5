"""CRM contacts: the people sales and success know, some of them users of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.sample.crm_accounts import Ownership
from pipelines.sample.crm_records import (
    CrmLog,
    Value,
    account_reference,
    iso_day,
    office_second,
    reference,
    stamp,
)
from pipelines.sample.draws import Purpose, between, draw, pick
from pipelines.sample.model import SampleAccount, SampleUser
from pipelines.sample.names import mailbox, person

_BUYER_TITLES = ("CFO", "VP Finance", "Chief Data Officer", "Procurement Manager", "COO")
_DEPARTMENTS = ("Data", "Engineering", "Analytics", "Finance", "Operations", "IT")


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that activities may be with, from its first day on."""

    contact_id: str
    day: int


@dataclass(frozen=True, slots=True)
class _Sketch:
    name: str
    email: str | None
    title: str
    department: str
    role: str | None
    day: int
    left_day: int | None


def write_contacts(
    account: SampleAccount, users: Sequence[SampleUser], created: int, ownership: Ownership, log: CrmLog
) -> list[Contact]:
    """Notes the contacts of one account with their later versions."""
    rng = draw(log.settings.seed, Purpose.CRM_CONTACT, account.index)
    sketches = _sketch(account, users, created, rng)
    contacts: list[Contact] = []
    boss: str | None = None
    for sketch in sketches:
        if sketch.day >= log.settings.days:
            continue
        contact_id = log.new_id("Contact")
        second = office_second(rng)
        row: dict[str, Value] = {
            "Id": contact_id,
            "AccountId": account_reference(account, sketch.day, rng),
            "Name": sketch.name,
            "Email": sketch.email,
            "Title": sketch.title,
            "Department": sketch.department,
            "ReportsToId": reference(boss, rng) if boss is not None and rng.random() < 0.4 else None,
            "OwnerId": log.world.staff[ownership.at(sketch.day)].crm_user_id,
            "Role__c": sketch.role,
            "No_Longer_At_Company__c": False,
            "IsDeleted": False,
            "CreatedDate": stamp(log.settings, sketch.day, second),
        }
        log.add("Contact", sketch.day, second, row)
        _later(account, sketch, row, rng, log)
        contacts.append(Contact(contact_id, sketch.day))
        boss = boss or contact_id
    return contacts


def _sketch(
    account: SampleAccount, users: Sequence[SampleUser], created: int, rng: np.random.Generator
) -> list[_Sketch]:
    sketches = []
    buyer = person(rng)
    sketches.append(
        _Sketch(
            buyer,
            f"{mailbox(buyer)}@{account.domain}",
            pick(rng, _BUYER_TITLES),
            "Finance",
            "Economic Buyer",
            created,
            None,
        )
    )
    if not users:
        for _ in range(between(rng, 0, 2)):
            name = person(rng)
            email = f"{mailbox(name)}@{account.domain}" if rng.random() < 0.9 else None
            day = created + between(rng, 0, 40)
            sketches.append(_Sketch(name, email, "Data Engineer", "Data", None, day, None))
    for user in users:
        dice = rng.random(5)
        if not user.is_champion and dice[0] > 0.3:
            continue
        email = user.email.upper() if dice[1] < 0.04 else user.email
        day = created if user.is_champion and user.first_day == account.signup_day else user.first_day
        role = "Champion" if user.is_champion else ("Detractor" if dice[2] < 0.04 else "User")
        learnt = user.last_day + between(rng, 5, 45)
        has_left = account.churn_day is None or user.last_day < account.churn_day - 1
        sketches.append(
            _Sketch(
                user.name,
                email if dice[3] > 0.03 else None,
                user.title,
                pick(rng, _DEPARTMENTS),
                role if dice[4] < 0.85 else None,
                day + (0 if user.is_champion else between(rng, 0, 30)),
                learnt if has_left and dice[2] < 0.75 else None,
            )
        )
    return sketches


def _later(
    account: SampleAccount, sketch: _Sketch, row: dict[str, Value], rng: np.random.Generator, log: CrmLog
) -> None:
    changes: list[tuple[int, dict[str, Value]]] = []
    merge_day, loser = account.facts.get("merge_day"), account.identity_links.get("merged_crm_id")
    moves = rng.random() < 0.6  # the rest keep pointing at the account that is gone
    if isinstance(merge_day, int) and loser and str(row["AccountId"])[:15] == loser[:15] and moves:
        changes.append((merge_day, {"AccountId": account.crm_id}))
    if sketch.left_day is not None and sketch.left_day > sketch.day:
        changes.append((sketch.left_day, {"No_Longer_At_Company__c": True}))
    if rng.random() < 0.3:
        day = sketch.day + between(rng, 20, 200)
        changes.append((day, {"LastActivityDate": iso_day(log.settings, day)}))
    if rng.random() < 0.02:
        changes.append((sketch.day + between(rng, 30, 300), {"IsDeleted": True}))
    for day, change in sorted(changes, key=lambda entry: entry[0]):
        if row["IsDeleted"]:
            return
        row.update(change)
        log.add("Contact", day, office_second(rng) if day > sketch.day else 86_000, row)
