"""The sample company's CRM exports: columns as declared, versions by day, references, stages, merges, deals."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from pipelines.landing.contract import load_contract
from pipelines.sample.contracts import DISCREPANCIES
from pipelines.sample.crm import write_crm
from pipelines.sample.crm_records import COLUMNS, FULL_EXTRACTS
from pipelines.sample.draws import salesforce_suffix
from pipelines.sample.model import Plan, SampleSettings, Story, World
from pipelines.sample.world import build_world

Row = dict[str, str]
Log = dict[str, list[tuple[str, Row]]]
UNTIL = date(2026, 10, 31)
SOURCES = Path(__file__).resolve().parents[2] / "sources" / "crm.yml"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build_world(SampleSettings(150, 450, 7, UNTIL, tmp_path_factory.mktemp("crm")))


@pytest.fixture(scope="module")
def log(world: World) -> Log:
    """Every exported version by object, in order of drop day."""
    written = write_crm(world)
    found: Log = defaultdict(list)
    for path in sorted((world.settings.exports / "crm").glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] += [(path.parent.name, row) for row in csv.DictReader(file)]
    assert {name: len(rows) for name, rows in found.items()} == written
    return found


def latest(log: Log, name: str) -> dict[str, Row]:
    return {row["Id"]: row for _, row in log[name]}


def full_id(short_or_full: str) -> str:
    return short_or_full[:15] + salesforce_suffix(short_or_full[:15])


def test_salesforce_ids_carry_their_checksum() -> None:
    assert "0015500000Xyy06" + salesforce_suffix("0015500000Xyy06") == "0015500000Xyy06AAB"
    assert "0051G000007Ez4X" + salesforce_suffix("0051G000007Ez4X") == "0051G000007Ez4XQAS"


def test_columns_are_those_that_the_contract_declares() -> None:
    tables = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"][0]["tables"]
    declared = {
        table["config"]["meta"]["files"].split("[")[0]: {
            column["config"]["meta"]["field"] for column in table["columns"] if not column["name"].startswith("_")
        }
        for table in tables
        if "meta" in table.get("config", {})
    }
    assert {name: set(columns) for name, columns in COLUMNS.items()} == declared


def test_a_full_extract_never_loses_a_record(log: Log) -> None:
    contract = load_contract("crm", SOURCES.parent)
    assert {table.files.split("[")[0] for table in contract.tables if table.is_full_extract} == set(FULL_EXTRACTS)
    for name in FULL_EXTRACTS:
        days: dict[str, set[str]] = defaultdict(set)
        for day, row in log[name]:
            days[day].add(row["Id"])
        assert len(days) > 1
        assert all(before <= after for before, after in pairwise(days[day] for day in sorted(days)))


def test_versions_lie_in_the_drop_of_their_modstamp(log: Log) -> None:
    for name, rows in log.items():
        stamps: dict[str, list[str]] = defaultdict(list)
        for day, row in rows:
            known = row["SystemModstamp"][:10]
            assert known <= day if name in FULL_EXTRACTS else known == day, name
            assert row["SystemModstamp"].endswith(".000Z")
            assert row["CreatedDate"] <= row["SystemModstamp"]
            assert row.get("LastModifiedDate", row["SystemModstamp"]) <= row["SystemModstamp"]
            if known == day:
                stamps[row["Id"]].append(row["SystemModstamp"])
            assert len(row["Id"]) == 18
            assert full_id(row["Id"]) == row["Id"]
        assert all(times == sorted(set(times)) for times in stamps.values()), name


def test_references_name_records_that_exist_by_then(log: Log) -> None:
    first_seen: dict[str, str] = {}
    for rows in log.values():
        for day, row in rows:
            first_seen[row["Id"]] = min(first_seen.get(row["Id"], day), day)
    short = 0
    for name, rows in log.items():
        for day, row in rows:
            for column in ("AccountId", "WhoId", "WhatId", "OwnerId", "ParentId", "OpportunityId", "MasterRecordId"):
                target = row.get(column)
                if target:
                    short += len(target) == 15
                    assert first_seen[full_id(target)] <= day, (name, column)
    assert short > 0


def test_customers_are_those_of_the_world(log: Log, world: World) -> None:
    accounts = latest(log, "Account")
    for account in world.accounts:
        if account.crm_id is None:
            assert account.story is Story.SELF_SERVE
            continue
        row = accounts[account.crm_id]
        if account.is_prospect:
            assert row["Type"] == "Prospect"
        elif account.churn_day is not None and account.churn_day < world.settings.days - 10:
            assert (row["Type"], row["Customer_Stage__c"]) == ("Former Customer", "Churned")
        else:
            assert row["Plan__c"] == account.plan.value
    filled = [row for row in accounts.values() if row["Product_Org_Id__c"]]
    assert 0.5 < len(filled) / len(accounts) < 0.8


def test_merged_accounts_are_deleted_and_keep_some_children(log: Log, world: World) -> None:
    accounts = latest(log, "Account")
    losers = {loser for account in world.accounts if (loser := account.identity_links.get("merged_crm_id"))}
    assert losers
    for account in world.accounts:
        loser = account.identity_links.get("merged_crm_id")
        if loser is not None:
            assert accounts[loser]["IsDeleted"] == "true"
            assert accounts[loser]["MasterRecordId"] == account.crm_id
    children = [*latest(log, "Contact").values(), *latest(log, "Task").values()]
    assert any(full_id(row["AccountId"]) in losers for row in children)


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_even_a_small_company_has_a_hierarchy_of_three_levels(tmp_path: Path, seed: int) -> None:
    by_index = {
        account.index: account for account in build_world(SampleSettings(30, 120, seed, UNTIL, tmp_path)).accounts
    }
    levels = []
    for account in by_index.values():
        above, level = account.parent_index, 0
        while above is not None:
            above, level = by_index[above].parent_index, level + 1
        assert account.facts.get("hierarchy_level", 0) == level
        levels.append(level)
    assert max(levels) == 2


def test_one_pair_of_ids_differs_by_case_alone(log: Log) -> None:
    ids = [record_id[:15] for record_id in latest(log, "Account")]
    assert len(ids) - len({record_id.lower() for record_id in ids}) == 1


def test_awkward_text_survives(log: Log) -> None:
    names = {row["Name"] for _, row in log["Account"]}
    assert "株式会社みどりデータ" in names
    assert "Müller & Söhne, GmbH" in names
    assert any("\n" in row["Subject"] for _, row in log["Task"])
    websites = {row["Website"] for _, row in log["Account"]}
    assert any(site.startswith("https://www.") for site in websites)
    assert any("/en" in site for site in websites)


def test_opportunity_histories_tell_the_opportunity(log: Log) -> None:
    steps: dict[str, list[Row]] = defaultdict(list)
    for _, row in log["OpportunityHistory"]:
        steps[full_id(row["OpportunityId"])].append(row)
    for opportunity_id, row in latest(log, "Opportunity").items():
        history = steps[opportunity_id]
        assert history[-1]["StageName"] == row["StageName"]
        assert float(history[-1]["Amount"]) == float(row["Amount"])
        assert history[0]["PrevAmount"] == ""
        assert all(after["PrevCloseDate"] == before["CloseDate"] for before, after in pairwise(history))
        assert (row["IsWon"] == "true") == (row["StageName"] == "Closed Won")
        assert float(row["ExpectedRevenue"]) == pytest.approx(float(row["Amount"]) * float(row["Probability"]) / 100)


def test_yearly_contracts_have_a_renewal_90_days_before_their_end(log: Log, world: World) -> None:
    renewals: dict[str, Row] = {}
    for row in latest(log, "Opportunity").values():
        if row["Type"] == "Renewal":
            renewals[full_id(row["AccountId"])] = row
    for account in world.accounts:
        opens = account.signup_day + 275
        if account.plan is not Plan.ENTERPRISE or account.is_prospect or opens >= world.settings.days:
            continue
        assert account.crm_id is not None
        row = renewals.pop(account.crm_id)
        assert row["CreatedDate"][:10] == (world.settings.start + timedelta(days=opens)).isoformat()
        closes = account.signup_day + 365 + 15
        if closes < world.settings.days:
            assert row["IsClosed"] == "true"
            assert (row["IsWon"] == "true") == (account.churn_day is None)
    assert not renewals


def test_leaving_staff_hand_their_accounts_over(log: Log, world: World) -> None:
    users = latest(log, "User")
    gone = {user_id for user_id, row in users.items() if row["IsActive"] == "false"}
    assert len(gone) == 1
    assert not any(row["OwnerId"] in gone for row in latest(log, "Account").values())
    assert any("owner_change_days" in account.facts for account in world.accounts)


def test_equal_settings_give_equal_bytes(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        folder = tmp_path / name
        write_crm(build_world(SampleSettings(20, 120, 3, UNTIL, folder)))
        digests.append(
            {
                str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.rglob("*.csv"))
            }
        )
    assert digests[0] == digests[1]


@pytest.mark.parametrize(("accounts", "days"), [(1, 30), (3, 60), (40, 60)])
def test_small_and_short_companies_work(tmp_path: Path, accounts: int, days: int) -> None:
    written = write_crm(build_world(SampleSettings(accounts, days, 7, UNTIL, tmp_path)))
    assert written["User"] > 0


def test_contracts_say_what_billing_grants(log: Log, world: World) -> None:
    contracts: dict[str, list[Row]] = defaultdict(list)
    merged = {row["Id"]: row["MasterRecordId"] for row in latest(log, "Account").values() if row["MasterRecordId"]}
    for row in latest(log, "Contract").values():
        account_id = full_id(row["AccountId"])
        if row["IsDeleted"] == "false":
            contracts[merged.get(account_id, account_id)].append(row)
    found: dict[str | None, int] = defaultdict(int)
    for account in world.accounts:
        terms = account.contract
        held = sorted(contracts.get(account.crm_id or "", []), key=lambda row: row["StartDate"])
        assert bool(held) == (terms is not None and terms.discrepancy != "missing")
        if terms is None or not held:
            continue
        start = (world.settings.start + timedelta(days=account.signup_day)).isoformat()
        scale = 1 if account.currency == "jpy" else 100
        slips = [
            float(held[0]["Commit_Amount__c"] or 0) * scale != terms.commit_minor,
            held[0]["StartDate"] != start,
            bool(terms.commit_minor) and held[0]["Commit_Currency__c"] != account.currency.upper(),
        ]
        assert slips == [terms.discrepancy == kind for kind in ("amount", "start", "currency")]
        found[terms.discrepancy] += 1
        for before, after in pairwise(held):
            assert terms.discrepancy == "start" or date.fromisoformat(after["StartDate"]) == date.fromisoformat(
                before["EndDate"]
            ) + timedelta(days=1)
            assert before["Status"] == "Activated"
        for row in held:
            assert row["EndDate"] > row["StartDate"]
            assert (row["Status"] == "Activated") == bool(row["ActivatedDate"])
    assert all(found[kind] == 1 for kind in DISCREPANCIES if kind != "missing")
    assert found[None] > 10
    assert any(row["IsDeleted"] == "true" for row in latest(log, "Contract").values())
