"""CRM contracts: drafted before the term, activated around its start, one more at every renewal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from pipelines.sample.billing_time import Calendar
from pipelines.sample.crm_accounts import Ownership
from pipelines.sample.crm_records import CrmLog, Value, account_reference, iso_day, office_second, stamp
from pipelines.sample.draws import Purpose, between, draw, pick
from pipelines.sample.model import ContractTerms, SampleAccount
from pipelines.sample.names import ZERO_DECIMAL

_TERM_MONTHS = 12
_NOTICE_DAYS = ("30", "60", "90")
_NOTICE_GIVEN_DAYS = 45


def write_contracts(account: SampleAccount, created: int, ownership: Ownership, log: CrmLog) -> None:
    """Notes every contract of one account and what was signed, the slips of the CRM's copy included."""
    terms = account.contract
    if terms is None or terms.discrepancy == "missing":
        return
    rng = draw(log.settings.seed, Purpose.CONTRACT, account.index, 1)
    told: list[dict[str, object]] = []
    for number, (start, end) in enumerate(_terms(account, log)):
        row = _signed(account, terms, start, end, log)
        if number == 0:
            row |= _slip(account, terms, start, end, log)
        drafted = max(created, start - between(rng, 15, 45))
        owner = log.world.staff[ownership.at(drafted)].crm_user_id
        told.append(_write(account, row, drafted, start, end, owner, rng, log))
    account.facts["contracts"] = told


def _terms(account: SampleAccount, log: CrmLog) -> Iterator[tuple[int, int]]:
    """First day of each yearly term and first day after it, as long as the customer renews."""
    calendar = Calendar(log.settings.start, log.settings.days)
    start = account.signup_day
    while start < log.settings.days and (account.churn_day is None or start < account.churn_day):
        end = calendar.year_after(start)
        yield start, end
        start = end


def _signed(account: SampleAccount, terms: ContractTerms, start: int, end: int, log: CrmLog) -> dict[str, Value]:
    return {
        "StartDate": iso_day(log.settings, start),
        "EndDate": iso_day(log.settings, end - 1),  # the last day of the term, not the first after it
        "ContractTerm": _TERM_MONTHS,
        "Commit_Amount__c": _major(terms.commit_minor, account.currency) if terms.commit_minor else None,
        "Commit_Currency__c": account.currency.upper() if terms.commit_minor else None,
        "Rollover_Percent__c": terms.rollover_percent if terms.commit_minor else None,
        "Rollover_Cap__c": None
        if terms.rollover_cap_minor is None
        else _major(terms.rollover_cap_minor, account.currency),
        "Overage_Terms__c": terms.overage,
        "Auto_Renew__c": terms.is_auto_renewed,
    }


def _major(minor: int, currency: str) -> float:
    return float(minor) if currency in ZERO_DECIMAL else minor / 100.0


def _slip(account: SampleAccount, terms: ContractTerms, start: int, end: int, log: CrmLog) -> dict[str, Value]:
    """What somebody typed wrongly into the first contract."""
    if terms.discrepancy == "amount":
        return {"Commit_Amount__c": _major(terms.commit_minor + terms.commit_minor // 10, account.currency)}
    if terms.discrepancy == "currency":
        return {"Commit_Currency__c": "USD"}
    if terms.discrepancy == "start":
        return {"StartDate": iso_day(log.settings, start + 31), "EndDate": iso_day(log.settings, end + 30)}
    return {}


def _write(
    account: SampleAccount,
    signed: dict[str, Value],
    drafted: int,
    start: int,
    end: int,
    owner: str,
    rng: np.random.Generator,
    log: CrmLog,
) -> dict[str, object]:
    """Notes the versions of one contract. Its status stays Activated when it has ended: the CRM has no other."""
    reference = account_reference(account, drafted, rng)
    activated = (
        min(start + between(rng, 1, 10), end) if rng.random() < 0.1 else max(drafted, start - between(rng, 0, 5))
    )
    changes: list[tuple[int, dict[str, Value]]] = [(activated, {"Status": "Activated"})]
    if activated - drafted > 4:
        changes.insert(0, (activated - between(rng, 1, 3), {"Status": "In Approval Process"}))
    churn = account.churn_day
    if churn is not None and churn < end:
        changes.append((churn, {"Termination_Date__c": iso_day(log.settings, churn), "Auto_Renew__c": False}))
    elif churn == end:
        changes.append((end - _NOTICE_GIVEN_DAYS, {"Auto_Renew__c": False}))
    contract_id, second = log.new_id("Contract"), office_second(rng)
    row: dict[str, Value] = {
        "Id": contract_id,
        "AccountId": reference,
        "ContractNumber": f"{log.serials['Contract']:08d}",
        "Status": "Draft",
        **signed,
        "OwnerExpirationNotice": pick(rng, _NOTICE_DAYS),
        "OwnerId": owner,
        "IsDeleted": False,
        "CreatedDate": stamp(log.settings, drafted, second),
    }
    log.add("Contract", drafted, second, row)
    if rng.random() < 0.08:  # drafted twice; the other one goes
        twin = {**row, "Id": log.new_id("Contract"), "ContractNumber": f"{log.serials['Contract']:08d}"}
        log.add("Contract", drafted, second, twin)
        log.add("Contract", drafted + between(rng, 1, 9), office_second(rng), {**twin, "IsDeleted": True})
    before = drafted
    for day, change in changes:
        second = max(office_second(rng), second + 1 if day == before else 0)
        before = day
        row |= change
        if change.get("Status") == "Activated":
            row["ActivatedDate"] = stamp(log.settings, day, second)
        log.add("Contract", day, second, row)
    return {
        "crm_contract_id": contract_id,
        "start_date": (log.settings.start + timedelta(days=start)).isoformat(),
        "end_date": (log.settings.start + timedelta(days=end - 1)).isoformat(),
        "is_activated": activated < log.settings.days,
    }
