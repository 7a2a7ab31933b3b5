"""Runs dbt in a subprocess against a throw-away warehouse, apart from whatever data/ and target/ hold."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.dbt import DBT
from pipelines.landing import create_empty_raw
from tests.warehouse.lints import PROJECT


@dataclass(frozen=True)
class Dbt:
    """dbt with its own warehouse, artifacts and logs in one folder."""

    settings: Settings

    @property
    def target(self) -> Path:
        """Where dbt writes its artifacts."""
        return self.settings.home / "target"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one dbt command; the output of a failed one belongs into the assertion's message."""
        environment = {
            **self.settings.child_env(),
            "ACCOUNT_HEALTH_TARGET": "ci",
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(self.settings.home / "logs"),
        }
        command = [*DBT, "--no-use-colors", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    def artifact(self, name: str) -> dict[str, Any]:
        """Read a JSON artifact of the last command."""
        content: dict[str, Any] = json.loads((self.target / name).read_text())
        return content

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the throw-away warehouse."""
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.sql(sql).fetchall()


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dbt, subprocess.CompletedProcess[str]]:
    """Parse the project from nothing, with every deprecation listed."""
    dbt = Dbt(Settings.for_home(tmp_path_factory.mktemp("dbt")))
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
    create_empty_raw(dbt.settings)
    return dbt, dbt.run("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
