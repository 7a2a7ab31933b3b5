"""The input contract is readable, typed, and says where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config import PROJECT_ROOT
from pipelines.landing.contract import PROVENANCE, SYSTEMS, load_contract
from pipelines.landing.errors import ContractError

SOURCES = PROJECT_ROOT / "sources"


def _contract(tmp_path: Path, tables: str) -> Path:
    text = f"version: 2\nsources:\n  - name: raw_crm\n    tables:\n{tables}"
    (tmp_path / "crm.yml").write_text(text, encoding="utf-8")
    return tmp_path


def _table(columns: str, key: str = "id", name: str = "users", ignored: str = "", more: str = "") -> str:
    meta = f"{{meta: {{files: 'User[._-]*', format: csv, key: [{key}], ignored: [{ignored}]{more}}}}}"
    return f"      - name: {name}\n        config: {meta}\n        columns: [{columns}]\n"


def _column(meta: str) -> str:
    return _table(f"{{name: id, data_type: varchar, config: {{meta: {{{meta}}}}}}}")


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_has_a_contract(system: str) -> None:
    contract = load_contract(system, SOURCES)
    assert contract.schema == f"raw_{system}"
    assert contract.tables
    for table in contract.tables:
        assert not {column.name for column in table.columns} & set(PROVENANCE)


def test_fields_default_to_the_column_name() -> None:
    (accounts, *_) = load_contract("crm", SOURCES).tables
    assert accounts.fields["Product_Org_Id__c"].name == "product_org_id__c"
    (customers, *_) = load_contract("billing", SOURCES).tables
    assert customers.fields["delinquent"].name == "delinquent"


def test_a_table_without_files_is_not_landed() -> None:
    assert "_dlt_loads" not in {table.name for table in load_contract("product", SOURCES).tables}


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (_table("{name: id, data_type: money}"), "unknown type money"),
        (_table("{name: id, data_type: date}, {name: id, data_type: date}"), "column twice"),
        (_table("{name: id, data_type: date}", key="other"), "key"),
        (_table("{name: id, data_type: date}", name="'users; drop table x'"), "plain lower-case name"),
        (_table("{name: id, data_type: date}", ignored="id"), "both lands and ignores id"),
        (_table("{name: id, data_type: date}, {name: Id, data_type: date}"), "plain lower-case name"),
        (_table("{name: id, data_type: date}", more=", extract: some"), "extract is neither changes nor full"),
        (_table("{name: id, data_type: date}", more=", extrakt: full"), "table users: unknown extrakt"),
        (_column("required: true, reqired: true"), "column id: unknown reqired"),
        (_column("happened: true"), "is no time"),
        (_column("epoch: seconds"), "epoch is not `seconds` of a bigint"),
        (_column("pii: true, kept: [role]"), "keeps fields, but is no personal JSON column"),
        (_column("person: perhaps"), "person is neither true nor asked"),
        ("      - {columns: [", "not a usable source contract"),
    ],
    ids=[
        *("type", "twice", "key", "name", "ignored", "case", "extract"),
        *("table-key", "column-key", "happened", "epoch", "kept", "person", "yaml"),
    ],
)
def test_a_wrong_contract_is_refused(tmp_path: Path, tables: str, reason: str) -> None:
    with pytest.raises(ContractError, match=reason) as error:
        load_contract("crm", _contract(tmp_path, tables))
    assert "crm.yml" in str(error.value)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [("rejected_share: 1.5", "between 0 and 1"), ("skew_days: a", "whole number"), ("rejectd_share: 0", "unknown rej")],
)
def test_wrong_limits_are_refused(tmp_path: Path, limits: str, reason: str) -> None:
    path = _contract(tmp_path, _table("{name: id, data_type: date}")) / "crm.yml"
    path.write_text(path.read_text() + f"    config: {{meta: {{limits: {{{limits}}}}}}}\n")
    with pytest.raises(ContractError, match=reason):
        load_contract("crm", tmp_path)


def test_the_rules_of_a_column_are_read() -> None:
    tracks = load_contract("product", SOURCES).tables[0].fields
    assert (tracks["timestamp"].is_required, tracks["timestamp"].is_past) == (True, True)
    assert tracks["sentAt"].is_client_clock
    assert load_contract("billing", SOURCES).tables[0].fields["created"].is_epoch
    assert [table.name for table in load_contract("crm", SOURCES).tables if table.is_full_extract] == ["users"]


def test_a_missing_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"crm\.yml"):
        load_contract("crm", tmp_path)
