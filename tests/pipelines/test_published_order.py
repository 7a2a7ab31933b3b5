"""Every published table of a whole company has a key and lies in its order: readers skip what they do not ask for."""

from __future__ import annotations

import duckdb

from pipelines.config import Settings
from pipelines.dbt import manifest_path
from pipelines.serving.reading import reading
from pipelines.serving.relations import Relation, published_relations


def test_published_tables_lie_in_their_order(company: Settings) -> None:
    with reading(company.serving) as connection:
        relations, _ = published_relations(connection, manifest_path(company), "serving")
        assert [relation.path for relation in relations if not relation.order] == []
        assert [relation.path for relation in relations if _misplaced_rows(connection, relation)] == []


def _misplaced_rows(connection: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    """Rows that belong before the row that they follow."""
    place = f"row({', '.join(relation.order)})"
    row = connection.execute(
        f"select count(*) from (select {place} as place, lag({place}) over () as previous from serving.{relation.path})"
        " where place < previous"
    ).fetchone()
    assert row is not None
    return int(row[0])
