"""Forgetting a person: whoever has the address is gone from the private file, everybody else and every count stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.config import Settings
from pipelines.landing import land
from pipelines.landing.contract import SYSTEMS
from tests.conftest import Drop
from tests.pipelines.records import DAY, NEXT_DAY, STAMP, customer, identify, query, ticket, track

ADA, NAME = "ada.l+x@acme.example", "Ada Q. Lovelace"
OTHER, OTHER_NAME = "not-ada.l+x@acme.example", "Grace Hopper"
CONTACT = "003000000000001"


@pytest.fixture
def company(settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Exports of Ada and Grace from all four systems; Ada's address in another case, in texts, in a reject."""
    for name, value in settings.child_env({}).items():
        monkeypatch.setenv(name, value)
    traits = {"name": NAME, "email": ADA.title(), "role": "admin", "phone": "+1 555 0100"}
    device = {"groupId": "org_1", "ip": "192.0.2.77"}
    drop("product", DAY, "identifies.jsonl", [
        identify(1, userId="usr_ada") | {"traits": traits, "context": device},
        identify(2, userId="usr_grace") | {"traits": {"name": OTHER_NAME, "email": OTHER}},
    ])  # fmt: skip
    drop("product", DAY, "tracks.jsonl.gz", [
        track(1, userId="usr_ada", context=device),
        track(2, userId="usr_grace", properties={"shared_with": [ADA, f"<{ADA}>"], "quantity": 2}),
    ])  # fmt: skip
    contacts = "Id,AccountId,Name,Email,Title,Department,ReportsToId,OwnerId,Role__c,No_Longer_At_Company__c,IsDeleted,"
    contacts += "LastActivityDate,CreatedDate,LastModifiedDate,SystemModstamp\n"
    for contact, name, address in ((CONTACT, NAME, ADA), ("003000000000002", OTHER_NAME, OTHER)):
        contacts += (
            f"{contact}AAA,001000000000001AAA,{name},{address},,,,,Champion,false,false,,{STAMP},{STAMP},{STAMP}\n"
        )
    drop("crm", DAY, "Contact.csv", contacts)
    people = [
        {"id": number, "name": name, "email": address, "role": "end-user", "active": True, "created_at": STAMP,
         "updated_at": STAMP}
        for number, name, address in ((1, NAME, ADA), (2, OTHER_NAME, OTHER))
    ]  # fmt: skip
    drop("zendesk", DAY, "users.ndjson", people)
    drop("zendesk", DAY, "tickets.ndjson", [
        ticket(1, requester_id=1, subject=f"Help {NAME}", description="secret",
               via={"channel": "email", "source": {"from": {"name": NAME, "address": ADA}}}),
        ticket(2, requester_id=2, subject=f"{ADA},{ADA} cannot sign in", description="hers"),
    ])  # fmt: skip
    fine = "".join(json.dumps(ticket(number, requester_id=2)) + "\n" for number in range(3, 30))
    drop("zendesk", NEXT_DAY, "tickets.ndjson", f'{{"id": "{ADA}"\n{fine}')
    address = {"line1": "1 Analytical Row"}
    drop("billing", DAY, "customers.jsonl", [
        customer(1, email=ADA, name="Acme Inc", address=address),
        customer(2, email=OTHER, name=OTHER_NAME, address=address),
    ])  # fmt: skip
    return settings


def forget(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["forget", *arguments], terminal_width=200)


def raw(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all raw tables."""
    tables = query(
        settings, "select schema_name || '.' || table_name from duckdb_tables() where schema_name like 'raw%'"
    )
    return {table: query(settings, f"select * from {table}") for (table,) in tables}


def test_a_person_is_gone_and_all_else_stays(company: Settings) -> None:
    results = {result.system: result for result in land(SYSTEMS, company)}
    assert {system: result.error for system, result in results.items()} == dict.fromkeys(results)
    before = raw(company)
    text = str(before).lower()
    assert text.count(ADA) > 10
    done = forget(ADA.upper(), "--customer", "cus_1")
    assert done.exit_code == 0, done.output
    after = raw(company)
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    said = str(after).lower().replace(OTHER, "")
    for gone in (ADA, NAME.lower(), "192.0.2.77", "555 0100", "secret", "acme inc"):
        assert gone in text, gone
        assert gone not in said, gone
    ((pseudonym,),) = query(company, "select name from raw_crm.contacts where id like '%1AAA'")
    assert pseudonym.startswith("forgotten-")
    assert query(company, "select email, count(*) from raw_zendesk.users group by email order by email") == [
        (f"{pseudonym}@acme.example", 1),
        (OTHER, 1),
    ]
    assert query(company, "select traits, context from raw_product.identifies where user_id = 'usr_ada'") == [
        (f'{{"email":"{pseudonym}@acme.example","role":"admin"}}', '{"groupId":"org_1"}')
    ]
    assert query(company, "select subject, description from raw_zendesk.tickets where id = 2") == [
        (f"{pseudonym}@acme.example,{pseudonym}@acme.example cannot sign in", "hers")
    ]
    assert query(company, "select name, address->>'line1' from raw_billing.customers where id = 'cus_2'") == [
        (OTHER_NAME, "1 Analytical Row")
    ]
    assert query(company, "select via from raw_zendesk.tickets where id = 1") == [('{"channel":"email"}',)]
    assert query(company, "select raw_text from raw_zendesk.rejected_rows") == [(pseudonym,)]


def test_no_byte_of_the_person_stays(company: Settings, drop: Drop) -> None:
    """Deleted values stay in the blocks of a file until it is written anew; no log and no lock holds the address."""
    land(SYSTEMS, company)
    with duckdb.connect(str(company.warehouse)) as connection:
        connection.execute("create schema history")
        connection.execute("create view history.people as select name from raw_crm.contacts")
        connection.execute(f"create table history.notes as select 'of {ADA}' as note")
        connection.execute("comment on table history.notes is 'kept'")
    assert ADA.encode() in company.warehouse.read_bytes()
    killed = company.landing_dir / "sorted" / "crm" / DAY / "Contact.csv"
    killed.parent.mkdir(parents=True)
    killed.write_text(f"{NAME},{ADA}")
    assert forget(ADA).exit_code == 0
    left = [path for path in company.home.rglob("*") if path.is_file() and Path(company.exports) not in path.parents]
    assert len(left) > 3
    for path in left:
        content = path.read_bytes().lower().replace(OTHER.encode(), b"")
        assert ADA.encode() not in content, path
        assert NAME.lower().encode() not in content, path
    assert query(company, "select count(*) from history.people where name like 'forgotten-%'") == [(1,)]
    assert query(company, "select comment from duckdb_tables() where table_name = 'notes'") == [("kept",)]
    drop("product", NEXT_DAY, "tracks.jsonl", [track(9)])
    assert [result.error for result in land(SYSTEMS, company)] == [None] * 4


def test_it_says_what_is_left_to_do(company: Settings, drop: Drop) -> None:
    table = pa.table({"x": [f"by {ADA}"], "id": ["cus_3"]})
    land(SYSTEMS, company)
    pq.write_table(table, drop("billing", NEXT_DAY, "customers.parquet", b""))
    done = forget(ADA)
    assert "account-health forget ADDRESS --customer cus_1" in done.output
    assert ADA not in done.output
    mentioned = {line.strip() for line in done.output.splitlines() if line.startswith("    ")}
    expected = {"zendesk/2026-01-01/tickets.ndjson", "product/2026-01-01/tracks.jsonl.gz", "crm/2026-01-01/Contact.csv"}
    assert expected | {"billing/2026-01-02/customers.parquet"} <= mentioned
    assert "product/2026-01-01/tracks.jsonl" not in mentioned
    assert query(company, "select name from raw_billing.customers where id = 'cus_1'") == [("Acme Inc",)]
    again = forget(ADA)
    assert (again.exit_code, "rows of" in again.output) == (0, False)


@pytest.mark.parametrize(
    ("address", "message"),
    [("nobody@acme.example", "Nobody has that address."), ("Ada", "no e-mail address"), ("a b@c.example", "no e-mail")],
)
def test_a_slip_is_refused(company: Settings, address: str, message: str) -> None:
    land(SYSTEMS, company)
    done = forget(address)
    assert done.exit_code == 2
    assert message in done.output
