"""Writes the CRM's exports: for every day the records that changed on it, one CSV file an object."""

from __future__ import annotations

from collections import defaultdict

from pipelines.sample.crm_accounts import (
    StaffChange,
    created_day,
    plan_merge,
    plan_ownership,
    write_account,
    write_duplicate,
)
from pipelines.sample.crm_activities import write_activities
from pipelines.sample.crm_contacts import write_contacts
from pipelines.sample.crm_contracts import write_contracts
from pipelines.sample.crm_opportunities import write_opportunities
from pipelines.sample.crm_records import CrmLog, Value, iso_day, stamp
from pipelines.sample.draws import Purpose, between, draw, salesforce_id
from pipelines.sample.model import SampleUser, World

_TITLES = {"csm": "Customer Success Manager", "sales": "Account Executive", "support": "Support Engineer"}


def write_crm(world: World) -> dict[str, int]:
    """Writes `crm/<day>/`, adds what it planted to the accounts' facts, returns rows by object."""
    log = CrmLog(world)
    change = _staff_change(world)
    _write_staff(log, change)
    people: dict[int, list[SampleUser]] = defaultdict(list)
    for user in world.users:
        people[user.account_index].append(user)
    for account in world.accounts:
        if account.crm_id is None:
            continue
        created = created_day(account, world.settings.seed)
        plan_merge(account, created, log)
        ownership = plan_ownership(account, created, log, change)
        contacts = write_contacts(account, people[account.index], created, ownership, log)
        opportunities = write_opportunities(account, created, ownership, log)
        write_contracts(account, created, ownership, log)
        touched = write_activities(account, created, ownership, contacts, opportunities, log)
        write_account(account, world.accounts, created, ownership, touched, log)
        write_duplicate(account, created, ownership, log)
        account.facts["crm_created_date"] = iso_day(world.settings, created)
    return log.write()


def _staff_change(world: World) -> StaffChange | None:
    """One account manager leaves halfway, and another takes the accounts over."""
    managers = [person.index for person in world.staff if person.role == "csm"]
    if len(managers) < 2 or world.settings.days < 90:
        return None
    return StaffChange(day=int(world.settings.days * 0.55), leaver=managers[-1], heir=managers[0])


def _write_staff(log: CrmLog, change: StaffChange | None) -> None:
    settings = log.settings
    rng = draw(settings.seed, Purpose.STAFF, 1)
    bosses: dict[str, str] = {}
    for person in log.world.staff:
        hired = -between(rng, 30, 1200)
        row: dict[str, Value] = {
            "Id": person.crm_user_id,
            "Name": person.name,
            "Email": person.email,
            "ManagerId": bosses.get(person.role),
            "UserRoleId": salesforce_id("00E", list(_TITLES).index(person.role)),
            "Title": _TITLES[person.role] if person.role in bosses else f"Head of {person.role.title()}",
            "IsActive": True,
            "CreatedDate": stamp(settings, hired, 32_400),
        }
        bosses.setdefault(person.role, person.crm_user_id)
        day = 0
        while day < settings.days:
            gone = change is not None and person.index == change.leaver and day >= change.day
            if not gone:
                row["LastLoginDate"] = stamp(settings, max(day - between(rng, 0, 3), 0), 27_000)
            row["LastModifiedDate"] = row.get("LastModifiedDate")
            log.add("User", day, 28_800, row, is_system=day > 0)
            row["LastModifiedDate"] = row["LastModifiedDate"] or stamp(settings, 0, 28_800)
            day += between(rng, 25, 35)
        if change is not None and person.index == change.leaver:
            log.add("User", change.day, 30_000, {**row, "IsActive": False})
            for later in [key for key in log.rows if key[0] == "User" and key[1] > change.day]:
                log.rows[later].pop(person.crm_user_id, None)
                if not log.rows[later]:
                    del log.rows[later]
