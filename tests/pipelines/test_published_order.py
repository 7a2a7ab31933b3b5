"""Every published table of a whole company has a key and lies in its order: readers skip what they do not ask for."""

from __future__ import annotations

import duckdb

from pipelines.config import Settings
from pipelines.dbt import manifest_path
from pipelines.serving.publish import publish
from pipelines.serving.reading import reading
from pipelines.serving.relations import Relation, published_relations
from tests.pipelines.fakes import write_marts


def test_tables_lie_month_by_month_and_then_by_key(settings: Settings) -> None:
    days = ", ".join(f"('A{i % 3}', date '2026-01-30' + {i}, 'steady')" for i in reversed(range(6)))
    write_marts(settings)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("delete from marts.account_segments_daily")
        connection.execute(f"insert into marts.account_segments_daily values {days}")
    publish(settings, manifest_path(settings), "run-1")
    with reading(settings.serving) as connection:
        lying = "select account_id, day(as_of_date) from serving.marts.account_segments_daily order by rowid"
        rows = connection.execute(lying).fetchall()
    assert rows == [("A0", 30), ("A1", 31), ("A0", 2), ("A1", 3), ("A2", 1), ("A2", 4)]


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
