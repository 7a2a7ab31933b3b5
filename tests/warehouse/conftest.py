"""Runs dbt in a subprocess against a throw-away warehouse, apart from whatever data/ and target/ hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.warehouse.lints import PROJECT


@dataclass(frozen=True)
class Dbt:
    """dbt with its own warehouse, artifacts and logs in one folder."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """Return the path of the throw-away warehouse file."""
        return self.folder / "warehouse.duckdb"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one dbt command; the output of a failed one belongs into the assertion's message."""
        environment = {
            **os.environ,
            "ACCOUNT_HEALTH_TARGET": "ci",
            "ACCOUNT_HEALTH_WAREHOUSE": str(self.warehouse),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    def artifact(self, name: str) -> dict[str, Any]:
        """Read a JSON artifact of the last command."""
        content: dict[str, Any] = json.loads((self.folder / "target" / name).read_text())
        return content

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the throw-away warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql(sql).fetchall()


def create_empty_raw(warehouse: Path) -> None:
    """Create every raw table of the input contract, without rows."""
    with duckdb.connect(str(warehouse)) as connection:
        for path in sorted((PROJECT / "sources").glob("*.yml")):
            for source in yaml.safe_load(path.read_text())["sources"]:
                schema = source.get("schema", source["name"])
                connection.execute(f'create schema if not exists "{schema}"')
                for table in source["tables"]:
                    columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in table["columns"])
                    connection.execute(f'create table "{schema}"."{table["name"]}" ({columns})')


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dbt, subprocess.CompletedProcess[str]]:
    """Parse the project from nothing, with every deprecation listed."""
    dbt = Dbt(tmp_path_factory.mktemp("dbt"))
    return dbt, dbt.run("--show-all-deprecations", "parse", "--no-partial-parse")


@pytest.fixture(scope="session")
def manifest(parsed: tuple[Dbt, subprocess.CompletedProcess[str]]) -> dict[str, Any]:
    """Return the manifest of the project as it stands in the files."""
    dbt, outcome = parsed
    assert outcome.returncode == 0, outcome.stdout
    return dbt.artifact("manifest.json")


@pytest.fixture(scope="session")
def built(parsed: tuple[Dbt, subprocess.CompletedProcess[str]]) -> tuple[Dbt, subprocess.CompletedProcess[str]]:
    """Build seeds, models and snapshots on raw tables without a row."""
    dbt, _ = parsed
    create_empty_raw(dbt.warehouse)
    return dbt, dbt.run("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
