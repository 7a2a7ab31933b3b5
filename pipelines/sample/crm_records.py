"""The CRM's objects: their columns, ids, versions by drop day, and the CSV files."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from pipelines.sample.draws import salesforce_id
from pipelines.sample.model import SampleAccount, SampleSettings, World
from pipelines.sample.output import drop_folder, iso_time

Value = str | int | float | bool | None

_AUDIT = ("IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp")
COLUMNS: dict[str, tuple[str, ...]] = {
    "Account": (
        "Id", "Name", "ParentId", "MasterRecordId", "Type", "Industry", "NumberOfEmployees", "AnnualRevenue",
        "OwnerId", "AccountSource", "Website", "BillingCountry", "BillingState", "LastActivityDate",
        "Product_Org_Id__c", "Stripe_Customer_Id__c", "Customer_Stage__c", "Plan__c", *_AUDIT,
    ),
    "Contact": (
        "Id", "AccountId", "Name", "Email", "Title", "Department", "ReportsToId", "OwnerId", "LastActivityDate",
        "Role__c", "No_Longer_At_Company__c", *_AUDIT,
    ),
    "Opportunity": (
        "Id", "AccountId", "Name", "Type", "StageName", "Amount", "ExpectedRevenue", "Probability",
        "ForecastCategoryName", "CloseDate", "IsWon", "IsClosed", "LeadSource", "NextStep", "OwnerId",
        "LastActivityDate", *_AUDIT,
    ),
    "OpportunityHistory": (
        "Id", "OpportunityId", "StageName", "Amount", "PrevAmount", "CloseDate", "PrevCloseDate", "Probability",
        "ExpectedRevenue", "ForecastCategory", "CreatedById", "IsDeleted", "CreatedDate", "SystemModstamp",
    ),
    "Contract": (
        "Id", "AccountId", "ContractNumber", "Status", "StartDate", "EndDate", "ContractTerm",
        "OwnerExpirationNotice", "OwnerId", "ActivatedDate", "Commit_Amount__c", "Commit_Currency__c",
        "Rollover_Percent__c", "Rollover_Cap__c", "Overage_Terms__c", "Auto_Renew__c", "Termination_Date__c", *_AUDIT,
    ),
    "Task": (
        "Id", "AccountId", "WhoId", "WhatId", "OwnerId", "Subject", "Type", "TaskSubtype", "Status", "Priority",
        "ActivityDate", "CompletedDateTime", "CallDurationInSeconds", "IsClosed", *_AUDIT,
    ),
    "Event": (
        "Id", "AccountId", "WhoId", "WhatId", "OwnerId", "Subject", "Type", "EventSubtype", "StartDateTime",
        "EndDateTime", *_AUDIT,
    ),
    "User": (
        "Id", "Name", "Email", "ManagerId", "UserRoleId", "Title", "IsActive", "LastLoginDate", "CreatedDate",
        "LastModifiedDate", "SystemModstamp",
    ),
}  # fmt: skip
FULL_EXTRACTS = ("User",)
"""Objects that are few: a day on which any record changed drops them all, the others only what changed."""

_PREFIX = {
    "Contact": "003",
    "Opportunity": "006",
    "OpportunityHistory": "008",
    "Contract": "800",
    "Task": "00T",
    "Event": "00U",
}
_SHORT_REFERENCE_SHARE = 0.2


@dataclass(slots=True)
class CrmLog:
    """Record versions by object and drop day; a day's file holds the last version of each record."""

    world: World
    rows: dict[tuple[str, int], dict[str, dict[str, Value]]] = field(default_factory=lambda: defaultdict(dict))
    serials: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def settings(self) -> SampleSettings:
        return self.world.settings

    def new_id(self, name: str) -> str:
        """The next record id of an object."""
        self.serials[name] += 1
        return salesforce_id(_PREFIX[name], self.serials[name])

    def add(self, name: str, day: int, second: int, row: Mapping[str, Value], is_system: bool = False) -> None:
        """Notes a version that is made on `day`; the system's own changes leave LastModifiedDate alone."""
        if not 0 <= day < self.settings.days:
            return
        version = dict(row)
        version["SystemModstamp"] = stamp(self.settings, day, second)
        if "LastModifiedDate" in COLUMNS[name] and not (is_system and version.get("LastModifiedDate")):
            version["LastModifiedDate"] = version["SystemModstamp"]
        self.rows[name, day][str(row["Id"])] = version

    def write(self) -> dict[str, int]:
        """Writes every file; returns how many rows each object has."""
        written = dict.fromkeys(COLUMNS, 0)
        current: dict[str, dict[str, dict[str, Value]]] = {name: {} for name in FULL_EXTRACTS}
        for name, day in sorted(self.rows):
            versions = self.rows[name, day]
            if name in current:
                current[name].update(versions)
                versions = current[name]
            path = drop_folder(self.settings, "crm", day) / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(COLUMNS[name])
                for version in versions.values():
                    writer.writerow([_text(version.get(column)) for column in COLUMNS[name]])
            written[name] += len(versions)
        return written


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def stamp(settings: SampleSettings, day: int, second: int) -> str:
    """A time as the CRM exports it: whole seconds."""
    return iso_time(settings, (day * 86_400 + second) * 1000)


def iso_day(settings: SampleSettings, day: int) -> str:
    """A date as the CRM exports it."""
    return (settings.start + timedelta(days=day)).isoformat()


def office_second(rng: np.random.Generator) -> int:
    """A second of the day within office hours."""
    return int(rng.integers(8 * 3600, 18 * 3600))


def reference(record_id: str, rng: np.random.Generator) -> str:
    """How another record points at this one: mostly 18 characters, sometimes the bare 15."""
    return record_id[:15] if rng.random() < _SHORT_REFERENCE_SHARE else record_id


def account_reference(account: SampleAccount, day: int, rng: np.random.Generator) -> str:
    """As `reference`; before a merge half of the records hang on the account that is merged away later."""
    merge_day = account.facts.get("merge_day")
    loser = account.identity_links.get("merged_crm_id")
    dice = rng.random()
    if loser is not None and isinstance(merge_day, int) and day < merge_day and dice < 0.5:
        return reference(loser, rng)
    return reference(account.crm_id or "", rng)
