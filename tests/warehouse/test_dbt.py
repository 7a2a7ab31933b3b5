"""The dbt project parses cleanly, builds on an empty warehouse, says what its columns are, and passes unit tests."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from tests.warehouse.conftest import Dbt

pytestmark = pytest.mark.slow

Outcome = tuple[Dbt, subprocess.CompletedProcess[str]]


def test_parses_without_a_warning(parsed: Outcome) -> None:
    """Deprecations, unused configuration and properties of nothing are all reported while parsing."""
    _, outcome = parsed
    assert outcome.returncode == 0, outcome.stdout
    assert "deprecat" not in outcome.stdout.lower(), outcome.stdout
    assert "WARNING" not in outcome.stdout, outcome.stdout


def test_builds_on_empty_raw_tables(built: Outcome) -> None:
    """A company that has not landed a row yet gets every table, empty, and contracts hold."""
    dbt, outcome = built
    assert outcome.returncode == 0, outcome.stdout[-8000:]
    # Exposures have nothing to run.
    assert {result["status"] for result in dbt.artifact("run_results.json")["results"]} <= {"success", "no-op"}
    assert "deprecat" not in outcome.stdout.lower(), outcome.stdout[-8000:]


def test_documented_columns_are_the_columns(built: Outcome, manifest: dict[str, Any]) -> None:
    """Each model's YAML lists exactly the columns that its SQL gives: no drift in either direction."""
    dbt, _ = built
    actual: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in dbt.query("select schema_name, table_name, column_name from duckdb_columns()"):
        actual.setdefault((schema, table), set()).add(column)
    drift = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["config"]["materialized"] == "ephemeral":
            continue
        emitted = actual.get((node["schema"], node["alias"]), set())
        documented = set(node["columns"])
        drift += [f"{node['name']}.{column} is documented and not there" for column in documented - emitted]
        drift += [f"{node['name']}.{column} is not documented" for column in emitted - documented]
    assert not drift, "\n".join(sorted(drift))


def test_unit_tests_pass(built: Outcome) -> None:
    """Every dbt unit test passes on the empty warehouse, from which dbt reads the columns of the inputs."""
    dbt, _ = built
    outcome = dbt.run("test", "--select", "test_type:unit")
    assert outcome.returncode == 0, outcome.stdout[-12000:]
    assert dbt.artifact("run_results.json")["results"], "no unit test was found"
