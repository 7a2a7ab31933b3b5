"""Takes a person out of the private file.

What is said of the person goes; that somebody acted, asked or paid stays, under a pseudonym that leads nowhere, so that
no number changes. The contract says which columns are personal (`pii`), which fields of theirs stay (`kept`) and which
columns hold the id of the person that a row is of (`person`).
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.landing.contract import UNLISTED, Column, Contract, Table
from pipelines.landing.ledger import tables_of
from pipelines.landing.rejects import REJECTS
from pipelines.sql import literal, quoted

_ID_CHARACTERS = {
    "crm": 15
}  # a Salesforce id has 15 or 18 characters; the last three only repeat the case of the others


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to forget: an e-mail address in lower case, and Stripe customers that are this person and no company."""

    address: str
    customers: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """Finds the address in lower-case text, but not within a longer one; for Python and DuckDB alike."""
        return rf"(^|[^a-z0-9._%+-]){re.escape(self.address)}($|[^a-z0-9.-]|[.-]($|[^a-z0-9]))"


@dataclass(slots=True)
class Forgotten:
    """What went.

    Attributes:
        pseudonym: stands for the person from now on.
        rows: how many rows of the person were emptied, by `schema.table`.
        mentions: in how many rows the address stood elsewhere, by `schema.table`.
        customers: Stripe customers with this address of which name and postal address stay.
    """

    pseudonym: str
    rows: dict[str, int] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)

    @property
    def is_nobody(self) -> bool:
        """Nothing of the person was there."""
        return not (self.rows or self.mentions or self.customers)


def erase(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], person: Person) -> Forgotten:
    """Replace the address and empty the person's rows, all or nothing.

    Bytes of what went stay in the file until `rewrite`.
    """
    forgotten = Forgotten(f"forgotten-{secrets.token_hex(6)}")
    connection.execute("begin")
    for contract in contracts:
        present = tables_of(connection, contract.schema)
        tables = [table for table in contract.tables if table.name in present]
        ids = set(person.customers) if contract.system == "billing" else set()
        for table in tables:
            found = _ids(connection, contract, table, person)
            if any(column.is_asked for column in table.columns):
                forgotten.customers += sorted(found - ids)
            else:
                ids |= found
        for table in tables:
            _empty_rows(connection, contract, table, ids, forgotten)
        if REJECTS in present:
            _empty_rejects(connection, contract, person, forgotten)
    _replace_address(connection, person, forgotten)
    connection.execute("commit")
    return forgotten


def rewrite(warehouse: Path) -> None:
    """Write the file anew, without the bytes of what was deleted in it. Needs as much room as it has."""
    copy = warehouse.with_name(warehouse.name + ".rewritten")
    copy.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {literal(warehouse)} as old (read_only)")
            connection.execute(f"attach {literal(copy)} as new")
            connection.execute("copy from database old to new")
            connection.execute("detach new")
        with copy.open("rb") as written:
            os.fsync(written.fileno())
        copy.replace(warehouse)
    finally:
        copy.unlink(missing_ok=True)


def _ids(connection: duckdb.DuckDBPyConnection, contract: Contract, table: Table, person: Person) -> set[str]:
    """Ids that rows give to whoever has the address."""
    addresses = [*_addresses(table)]
    holders = [column for column in table.columns if column.is_person or column.is_asked]
    if not addresses or not holders:
        return set()
    condition = " or ".join(f"lower(trim({address})) = $address" for address in addresses)
    found: set[str] = set()
    for column in holders:
        rows = connection.execute(
            f"select distinct {_id(contract, column)} from {contract.schema}.{table.name} where {condition}",
            {"address": person.address},
        ).fetchall()
        found |= {value for (value,) in rows if value is not None}
    return found


def _addresses(table: Table) -> Iterator[str]:
    for column in table.columns:
        if column.is_personal and column.data_type == "varchar" and column.field.casefold() == "email":
            yield quoted(column.name)
        elif "email" in column.kept:
            yield _kept_field(column, "email")


def _empty_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, table: Table, ids: set[str], forgotten: Forgotten
) -> None:
    holders = [column for column in table.columns if column.is_person or column.is_asked]
    personal = [column for column in table.columns if column.is_personal]
    if not ids or not holders or not personal:
        return
    values = [f"{quoted(column.name)} = {_without_person(column, forgotten.pseudonym)}" for column in personal]
    condition = " or ".join(f"list_contains($ids, {_id(contract, column)})" for column in holders)
    name = f"{contract.schema}.{table.name}"
    count = _changed(
        connection,
        f"update {name} set {', '.join([*values, f'{UNLISTED} = null'])} where {condition}",
        {"ids": sorted(ids)},
    )
    if count:
        forgotten.rows[name] = count


def _id(contract: Contract, column: Column) -> str:
    text = f"cast({quoted(column.name)} as varchar)"
    length = _ID_CHARACTERS.get(contract.system)
    return f"left({text}, {length})" if length else text


def _without_person(column: Column, pseudonym: str) -> str:
    """The value of a personal column when what it says of the person is taken out; what was empty stays so."""
    if column.data_type == "varchar":
        return _pseudonymous(quoted(column.name), pseudonym)
    fields = ", ".join(
        f"{literal(name)}, "
        + (
            _pseudonymous(_kept_field(column, name), pseudonym)
            if name == "email"
            else f"{quoted(column.name)}->'$.{name}'"
        )
        for name in column.kept
    )
    kept = (
        f"json_merge_patch('{{}}', json_object({fields}))" if column.kept else "null"
    )  # fields that are absent stay so
    return f"case when {quoted(column.name)} is not null then {kept} end"


def _pseudonymous(value: str, pseudonym: str) -> str:
    """An address keeps its domain, as that is the company's."""
    domain = f"regexp_extract(lower(trim({value})), '^[^@ ]+(@[^@ ]+)$', 1)"
    return f"case when {value} is not null then {literal(pseudonym)} || {domain} end"


def _kept_field(column: Column, name: str) -> str:
    return f"json_extract_string({quoted(column.name)}, '$.{name}')"


def _empty_rejects(
    connection: duckdb.DuckDBPyConnection, contract: Contract, person: Person, forgotten: Forgotten
) -> None:
    name = f"{contract.schema}.{REJECTS}"
    count = _changed(
        connection,
        f"update {name} set raw_text = $pseudonym where regexp_matches(lower(raw_text), $pattern)",
        {"pseudonym": forgotten.pseudonym, "pattern": person.pattern},
    )
    if count:
        forgotten.rows[name] = count


def _replace_address(connection: duckdb.DuckDBPyConnection, person: Person, forgotten: Forgotten) -> None:
    """In every text of every table: snapshots and what is built incrementally are not made anew by the next night."""
    replacement = rf"\1{forgotten.pseudonym}@{person.address.partition('@')[2]}\2"
    for name, columns in _text_columns(connection):
        mentioned = " or ".join(f"regexp_matches(lower(cast({column} as varchar)), $pattern)" for column, _ in columns)
        values = []
        for column, kind in columns:
            text = f"cast({column} as varchar)"
            for _ in range(2):  # of two that share the character between them, one pass finds the first
                text = f"regexp_replace({text}, $pattern, $replacement, 'gi')"
            values.append(f"{column} = cast({text} as {kind})")
        count = _changed(
            connection,
            f"update {name} set {', '.join(values)} where {mentioned}",
            {"pattern": person.pattern, "replacement": replacement},
        )
        if count:
            forgotten.mentions[name.replace('"', "")] = count


def _text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """(table, its (column, type) of text or JSON) of all tables."""
    rows = connection.execute(
        """
        select columns.schema_name, columns.table_name, list(columns.column_name), list(columns.data_type)
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables
            on
                columns.database_name = tables.database_name
                and columns.schema_name = tables.schema_name
                and columns.table_name = tables.table_name
        where columns.database_name = current_database() and columns.data_type in ('VARCHAR', 'JSON')
        group by all
        order by all
        """
    ).fetchall()
    return [
        (
            f"{quoted(schema)}.{quoted(table)}",
            [(quoted(column), kind) for column, kind in zip(names, kinds, strict=True)],
        )
        for schema, table, names, kinds in rows
    ]


def _changed(connection: duckdb.DuckDBPyConnection, statement: str, values: dict[str, object]) -> int:
    row = connection.execute(statement, values).fetchone()
    return int(row[0]) if row else 0
