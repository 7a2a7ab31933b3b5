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


def _table(columns: str, key: str = "id", name: str = "users", ignored: str = "") -> str:
    meta = f"{{meta: {{files: 'User[._-]*', format: csv, key: [{key}], ignored: [{ignored}]}}}}"
    return f"      - name: {name}\n        config: {meta}\n        columns: [{columns}]\n"


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
        ("      - {columns: [", "not a usable source contract"),
    ],
    ids=["type", "twice", "key", "name", "ignored", "yaml"],
)
def test_a_wrong_contract_is_refused(tmp_path: Path, tables: str, reason: str) -> None:
    with pytest.raises(ContractError, match=reason) as error:
        load_contract("crm", _contract(tmp_path, tables))
    assert "crm.yml" in str(error.value)


def test_a_missing_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"crm\.yml"):
        load_contract("crm", tmp_path)
