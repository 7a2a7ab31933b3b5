"""Runs the SQL of the health models, as dbt compiles it, on tables that a test fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from tests.warehouse.conftest import Dbt

# Inputs that are models, with the columns that the health models read; seeds say their types themselves.
MODEL_INPUTS = {
    "int_account_days": {"account_id": "varchar", "as_of_date": "date", "account_age_days": "bigint"},
    "int_account_segment_days": {"account_id": "varchar", "as_of_date": "date", "segment": "varchar"},
    "int_score_days": {"as_of_date": "date", "measured_on_date": "date", "health_score_version": "varchar"},
}
PREFIX = "model.account_health_warehouse."


@dataclass(frozen=True)
class HealthSql:
    """Compiled models by name, and the columns of the seeds that they read."""

    models: Mapping[str, Mapping[str, Any]]
    seeds: Mapping[str, Mapping[str, str]]
    database: str

    @classmethod
    def compile(cls, dbt: Dbt) -> HealthSql:
        """Have dbt compile the models; nothing is built and nothing is read."""
        outcome = dbt.run("--quiet", "compile", "--select", "models/intermediate/health")
        assert outcome.returncode == 0, outcome.stdout
        nodes = dbt.artifact("manifest.json")["nodes"].values()
        return cls(
            {node["name"]: node for node in nodes if node["resource_type"] == "model" and node.get("compiled_code")},
            {
                node["name"]: node["config"]["column_types"]
                for node in nodes
                if node["resource_type"] == "seed" and node["name"].startswith(("health_", "segments"))
            },
            dbt.settings.warehouse.stem,
        )

    def fresh(self) -> duckdb.DuckDBPyConnection:
        """An empty warehouse in memory, under the name that the compiled SQL knows."""
        connection = duckdb.connect(config={"threads": 1})
        connection.execute(f"attach ':memory:' as {self.database}")
        connection.execute(f"use {self.database}")
        for schema in ("reference", "intermediate"):
            connection.execute(f"create schema {schema}")
        return connection

    def fill(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        types: Mapping[str, str] | None = None,
    ) -> None:
        """Create the table of a seed or model and fill it; columns that no row gives are null."""
        types = types or MODEL_INPUTS.get(table) or self.seeds[table]
        path = f"{'reference' if table in self.seeds else 'intermediate'}.{table}"
        connection.execute(f"create table {path} ({', '.join(f'{name} {kind}' for name, kind in types.items())})")
        unknown = {name for row in rows for name in row} - set(types)
        assert not unknown, f"{table} has no {unknown}"
        # As text, by Arrow: thousands of rows one by one, or as one statement, would take longer than all models.
        texts = {name: pa.array([text(row.get(name)) for row in rows], pa.string()) for name in types}
        connection.register("texts", pa.table(texts))
        casts = ", ".join(f"cast({name} as {kind})" for name, kind in types.items())
        connection.execute(f"insert into {path} select {casts} from texts")
        connection.unregister("texts")

    def run(self, connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
        """Build these models in an order in which each finds its inputs."""
        left = set(names)
        while left:
            ready = {name for name in left if not left & self.inputs(name)}
            assert ready, f"{left} wait for each other"
            for name in sorted(ready):
                connection.execute(f"create table intermediate.{name} as {self.models[name]['compiled_code']}")
            left -= ready

    def inputs(self, name: str) -> set[str]:
        """Models that a model reads."""
        return {node.removeprefix(PREFIX) for node in self.models[name]["depends_on"]["nodes"]}


def text(value: object) -> str | None:
    """A value as DuckDB reads it."""
    return None if value is None else str(value)
