"""Which relations of the warehouse are published, and that nothing of them is personal data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.sql import quoted

PUBLISHED_SCHEMAS = ("marts", "metrics")
SERVED_SCHEMAS = (*PUBLISHED_SCHEMAS, "ops")
"""What readers find in the serving file: what is published, and what is told of the runs."""


class PublishError(Exception):
    """Nothing was published; readers keep what they had."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to publish.

    Attributes:
        columns: names and their comments ('' where there is none), in order.
        order: SQL expressions by which its rows lie in the serving file; none where it has no key.
    """

    schema: str
    name: str
    comment: str
    columns: dict[str, str]
    order: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Quoted schema and name."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def published_relations(
    connection: duckdb.DuckDBPyConnection, manifest: Path, database: str = "warehouse"
) -> tuple[list[Relation], tuple[str, ...]]:
    """The models of the published schemas as they stand in `database`, and the leftovers that no model makes.

    A relation that no model makes any more is not published: no test of the last build looked at it.

    Raises:
        PublishError: a column is tagged as personal data, a relation is missing, there is nothing to publish.
    """
    nodes = _nodes(manifest)
    models = _models(nodes)
    existing = _existing(connection, database, _keys(nodes))
    missing = sorted(set(models) - set(existing))
    if missing:
        raise PublishError(f"{_names(missing)} not in the warehouse: run `account-health build` first")
    if not models:
        raise PublishError(f"{manifest} has no model in the schemas {', '.join(PUBLISHED_SCHEMAS)}")
    relations = [existing[key] for key in sorted(models)]
    tagged = [
        f"{relation.schema}.{relation.name}.{column}"
        for relation in relations
        for column in relation.columns
        if column.lower() in models[relation.schema, relation.name]
    ]
    if tagged:
        raise PublishError(
            f"{', '.join(tagged)} is tagged as personal data (meta: pii): take it out of the model, nothing"
            " of the kind is published"
        )
    return relations, tuple(f"{schema}.{name}" for schema, name in sorted(set(existing) - set(models)))


def _nodes(manifest: Path) -> dict[str, dict[str, Any]]:
    try:
        nodes: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except (OSError, ValueError, KeyError) as error:
        raise PublishError(f"{manifest} is no manifest of dbt: run `account-health build` first") from error
    return nodes


def _models(nodes: dict[str, dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """(schema, relation) of every published model -> its columns, in lower case, that are tagged `pii`."""
    return {
        _place(node): {name.lower() for name, column in node.get("columns", {}).items() if _is_pii(column)}
        for node in nodes.values()
        if node["resource_type"] in ("model", "seed", "snapshot")
        and node["schema"] in PUBLISHED_SCHEMAS
        and node.get("config", {}).get("materialized") != "ephemeral"
    }


def _keys(nodes: dict[str, dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """(schema, relation) -> its key, as the test `unique_key` has it; of two the first in the alphabet."""
    keys: dict[tuple[str, str], list[str]] = {}
    for node in nodes.values():
        test, model = node.get("test_metadata") or {}, nodes.get(node.get("attached_node") or "")
        if test.get("name") == "unique_key" and model is not None:
            columns, place = test["kwargs"]["columns"], _place(model)
            keys[place] = min(keys.get(place, columns), columns)
    return keys


def _place(node: dict[str, Any]) -> tuple[str, str]:
    return node["schema"], node.get("alias") or node["name"]


def _order(key: list[str], types: dict[str, str]) -> tuple[str, ...]:
    """Month by month; within a month by key, its date last.

    A question about a day or the last weeks reads those months alone, and in them each account's days lie together.
    """
    dates = [column for column in key if types[column] == "DATE"]
    others = [column for column in key if column not in dates]
    return (*(f"date_trunc('month', {quoted(column)})" for column in dates), *map(quoted, [*others, *dates]))


def _is_pii(column: dict[str, Any]) -> bool:
    metas = (column.get("meta"), column.get("config", {}).get("meta"))
    return any(bool(meta and meta.get("pii")) for meta in metas)


def _existing(
    connection: duckdb.DuckDBPyConnection, database: str, keys: dict[tuple[str, str], list[str]]
) -> dict[tuple[str, str], Relation]:
    comments = connection.execute(
        """
        select schema_name, table_name, coalesce(comment, '') from duckdb_tables()
        where database_name = $database and list_contains($schemas, schema_name)
        union all
        select schema_name, view_name, coalesce(comment, '') from duckdb_views()
        where database_name = $database and list_contains($schemas, schema_name)
        """,
        {"database": database, "schemas": list(PUBLISHED_SCHEMAS)},
    ).fetchall()
    columns = connection.execute(
        """
        select schema_name, table_name, column_name, coalesce(comment, ''), data_type from duckdb_columns()
        where database_name = $database and list_contains($schemas, schema_name)
        order by schema_name, table_name, column_index
        """,
        {"database": database, "schemas": list(PUBLISHED_SCHEMAS)},
    ).fetchall()
    described: dict[tuple[str, str], dict[str, str]] = {(schema, name): {} for schema, name, _ in comments}
    types: dict[tuple[str, str], dict[str, str]] = {place: {} for place in described}
    for schema, name, column, comment, kind in columns:
        described[schema, name][column] = comment
        types[schema, name][column] = kind
    return {
        (schema, name): Relation(
            schema, name, comment, described[schema, name], _order(keys.get((schema, name), []), types[schema, name])
        )
        for schema, name, comment in comments
    }


def _names(keys: list[tuple[str, str]]) -> str:
    return ", ".join(f"{schema}.{name}" for schema, name in keys)
