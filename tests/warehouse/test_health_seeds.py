"""Every slip of the pen in the seeds of the health score is refused, with a message that says what to do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import duckdb
import pytest

from tests.warehouse.conftest import Dbt
from tests.warehouse.health_slips import SLIPS, SOUND

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def checks(parsed: tuple[Dbt, subprocess.CompletedProcess[str]]) -> dict[str, str]:
    """The SQL of every check, as dbt compiles it."""
    dbt, _ = parsed
    outcome = dbt.run("compile", "--select", "path:tests/singular/health")
    assert outcome.returncode == 0, outcome.stdout
    nodes = dbt.artifact("manifest.json")["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes if "assert_health_" in node["name"]}


@pytest.fixture(scope="module")
def seeds(parsed: tuple[Dbt, subprocess.CompletedProcess[str]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Sound seeds in memory, under the names that the compiled checks use, known on 2026-04-10."""
    dbt, _ = parsed
    with duckdb.connect() as connection:
        connection.execute("""
            attach ':memory:' as warehouse;
            create schema warehouse.reference; create schema warehouse.intermediate; create schema warehouse.marts;
            create table warehouse.intermediate.util_as_of as select date '2026-04-10' as as_of_date;
            create table warehouse.marts.accounts as select 'a1' as account_id;
            use warehouse.reference;
        """)
        for node in dbt.artifact("manifest.json")["nodes"].values():
            if node["resource_type"] == "seed" and node["config"]["column_types"]:
                columns = ", ".join(f"{name} {kind}" for name, kind in node["config"]["column_types"].items())
                connection.execute(f"create table {node['relation_name']} ({columns})")
        connection.execute(SOUND)
        yield connection


def problems(seeds: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [problem for (problem,) in seeds.execute(sql).fetchall()]


def test_sound_seeds_pass(seeds: duckdb.DuckDBPyConnection, checks: dict[str, str]) -> None:
    assert set(checks) == {f"assert_health_{check}" for check in SLIPS}, "a check without a slip proves nothing"
    assert {name: problems(seeds, sql) for name, sql in checks.items()} == {name: [] for name in checks}


@pytest.mark.parametrize(
    ("check", "slip", "message"),
    [(check, slip, message) for check, slips in SLIPS.items() for slip, message in slips.items()],
)
def test_slip_is_refused(
    seeds: duckdb.DuckDBPyConnection, checks: dict[str, str], check: str, slip: str, message: str
) -> None:
    seeds.execute("begin")
    try:
        seeds.execute(slip)
        assert problems(seeds, checks[f"assert_health_{check}"]) == [message]
    finally:
        seeds.execute("rollback")
