"""Traps of the CRM and of support."""

from __future__ import annotations

from datetime import timedelta

from pipelines.sample.draws import salesforce_id
from tests.hostile.company import (
    AWKWARD_NAMES,
    CANARY_MAIL,
    CANARY_NAME,
    CANARY_SECRET,
    FIRST,
    LAST,
    Drops,
    at,
    crm_id,
    iso,
)

OWNER = salesforce_id("005", 1)
# Serials of CRM accounts. Those below 100 are customers with money or usage, from 200 on the awkward names stand.
PLAIN, EURO, YEN, DROPPED, TWIN_A, TWIN_B = 1, 2, 3, 4, 5, 6
CYCLE_A, CYCLE_B, ORPHAN_CHILD, MERGED_1, MERGED_2, SURVIVOR, DELETED = 101, 102, 103, 104, 105, 106, 107
NAMES_FROM = 200
AGENT, GMAIL_REQUESTER, REQUESTER = 9001, 9002, 9003
ORGANIZATION = 7001


def add_crm_traps(drops: Drops) -> None:
    drops.add_crm("User", "users", FIRST, Id=OWNER, Name="Owner One", Email="owner@vendor.example", IsActive="true")

    def account(serial: int, name: str, **values: str) -> None:
        drops.add_crm(
            "Account", "accounts", FIRST, Id=crm_id(serial), Name=name, OwnerId=OWNER, Customer_Stage__c="Customer",
            Plan__c="growth", **values,
        )  # fmt: skip

    account(PLAIN, "Plain", Website="https://www.plain.example", Product_Org_Id__c="org_plain")
    account(EURO, "Euro", Website="https://euro.example", Product_Org_Id__c="org_weekdays")
    account(YEN, "Yen", Website="https://yen.example", Product_Org_Id__c="org_spike")
    account(DROPPED, "Dropped", Website="https://dropped.example", Product_Org_Id__c="org_step_down")
    # Two records of one web site: no usage or ticket may be counted for both.
    account(TWIN_A, "Twin A", Website="http://twin.example")
    account(TWIN_B, "Twin B", Website="https://twin.example/")
    account(CYCLE_A, "Cycle A", ParentId=crm_id(CYCLE_B))
    account(CYCLE_B, "Cycle B", ParentId=crm_id(CYCLE_A))
    account(ORPHAN_CHILD, "Child of nobody", ParentId=crm_id(999))
    account(MERGED_1, "Merged once", MasterRecordId=crm_id(MERGED_2), IsDeleted="true")
    account(MERGED_2, "Merged twice", MasterRecordId=crm_id(SURVIVOR), IsDeleted="true")
    account(SURVIVOR, "Survivor")
    account(DELETED, "Deleted", IsDeleted="true")
    for number, name in enumerate(AWKWARD_NAMES):
        account(NAMES_FROM + number, name)
    contact = salesforce_id("003", 1)
    drops.add_crm(
        "Contact", "contacts", FIRST, Id=contact, AccountId=crm_id(PLAIN)[:15], Name=CANARY_NAME, Email=CANARY_MAIL,
        Title="Champion", Role__c="Champion", No_Longer_At_Company__c="false",
    )  # fmt: skip
    drops.add_crm(
        "Task", "tasks", LAST, Id=salesforce_id("00T", 1), AccountId=crm_id(PLAIN), WhoId=contact, OwnerId=OWNER,
        Subject=f"Call {CANARY_NAME}, password {CANARY_SECRET}", Type="Call", Status="Completed", IsClosed="true",
        ActivityDate=str(LAST), CompletedDateTime=iso(at(LAST)),
    )  # fmt: skip


def add_ticket_traps(drops: Drops) -> None:
    """One ticket of every fate, all of the plain account but for the last two."""
    stamp = iso(at(FIRST))
    drops.add(
        "zendesk", "organizations", FIRST,
        {"id": ORGANIZATION, "external_id": crm_id(PLAIN)[:15], "name": "Plain", "domain_names": ["plain.example"],
         "organization_fields": {}, "tags": [], "created_at": stamp, "updated_at": stamp, "deleted_at": None},
    )  # fmt: skip
    for number, role, email, organization in (
        (AGENT, "agent", "agent@vendor.example", None),
        (GMAIL_REQUESTER, "end-user", "someone@gmail.com", None),
        (REQUESTER, "end-user", CANARY_MAIL, ORGANIZATION),
    ):
        drops.add(
            "zendesk", "users", FIRST,
            {"id": number, "external_id": None, "name": CANARY_NAME, "email": email, "role": role, "active": True,
             "organization_id": organization, "suspended": False, "verified": True, "tags": [], "user_fields": {},
             "created_at": stamp, "updated_at": stamp},
        )  # fmt: skip
    fates = [
        (1, "solved", REQUESTER, ORGANIZATION, 0, ["closed_by_merge"]),
        (2, "deleted", REQUESTER, ORGANIZATION, 0, []),
        (3, "open", REQUESTER, ORGANIZATION, 0, []),
        (4, "closed", REQUESTER, ORGANIZATION, 5, []),
        (5, "closed", REQUESTER, ORGANIZATION, 0, ["never_solved"]),
        (6, "open", GMAIL_REQUESTER, None, 0, []),  # nobody knows whose it is
        (7, "new", REQUESTER, 4242, 0, []),  # an organization that was never exported
    ]
    for ticket, status, requester, organization, reopens, tags in fates:
        created, changed = at(FIRST + timedelta(days=ticket)), at(FIRST + timedelta(days=30 + ticket))
        solved = status in ("solved", "closed") and "never_solved" not in tags
        common = {"created_at": iso(created), "updated_at": iso(changed)}
        drops.add(
            "zendesk", "tickets", changed.date(),
            {"id": ticket, "external_id": None, "subject": f"Help {CANARY_NAME}", "raw_subject": CANARY_SECRET,
             "description": f"Call me at {CANARY_MAIL}, my key is {CANARY_SECRET}", "priority": "urgent",
             "status": status, "type": "problem", "requester_id": requester, "submitter_id": requester,
             "assignee_id": AGENT, "organization_id": organization, "group_id": 1, "brand_id": 1, "tags": tags,
             "custom_fields": [], "collaborator_ids": [], "follower_ids": [], "is_public": True,
             "has_incidents": False, "via": {"channel": "email", "source": {"from": {"address": CANARY_MAIL}}},
             "satisfaction_rating": {"score": "unoffered"}, "generated_timestamp": int(changed.timestamp()), **common},
        )  # fmt: skip
        minutes = {"calendar": 60, "business": 60}
        none = {"calendar": None, "business": None}
        drops.add(
            "zendesk", "ticket_metrics", changed.date(),
            {"id": 400 + ticket, "ticket_id": ticket, "reopens": reopens, "replies": 1, "group_stations": 1,
             "assignee_stations": 1, "solved_at": iso(changed) if solved else None,
             "status_updated_at": iso(changed), "latest_comment_added_at": iso(changed),
             "reply_time_in_minutes": minutes, "first_resolution_time_in_minutes": none,
             "full_resolution_time_in_minutes": none, "agent_wait_time_in_minutes": none,
             "requester_wait_time_in_minutes": none, "on_hold_time_in_minutes": none, **common},
        )  # fmt: skip
    # A mind that changed, twice in the same second: one rating counts.
    for rating, score in ((61, "good"), (61, "bad")):
        moment = at(FIRST + timedelta(days=40), 10 if score == "good" else 11)
        drops.add(
            "zendesk", "satisfaction_ratings", moment.date(),
            {"id": rating, "ticket_id": 4, "requester_id": REQUESTER, "assignee_id": AGENT, "group_id": 1,
             "score": score, "reason": None, "comment": f"Thanks, {CANARY_NAME}", "created_at": iso(moment),
             "updated_at": iso(moment)},
        )  # fmt: skip
