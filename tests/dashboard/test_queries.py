"""The queries of the dashboard: each is one select on what is published; exposures tell of all that they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
import yaml

from dashboard import serving
from dashboard.app import PAGES
from pipelines.config import PROJECT_ROOT
from tests.dashboard.serving_files import growth, small_book, write_serving
from tests.warehouse.lints import clock_in_sql

NAMES = sorted(path.stem for path in serving.QUERIES.glob("*.sql"))
FRAME = {"publish", "filters"}
VALUES: dict[str, object] = {
    "owners": [],
    "plans": [],
    "segments": [],
    "bands": ["at_risk"],
    "motions": ["sales"],
    "row_limit": 10,
    "account_id": "a1",
    "window_days": 7,
    "credit_grant_id": "g1",
    "find": "",
    "basis": "total",
    "month": "2026-02-01",
    "definition": "monthly_nrr",
}


@pytest.fixture(scope="module", params=["empty", "small"])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    settings = write_serving(
        tmp_path_factory.mktemp(request.param), {**small_book(), **growth()} if request.param == "small" else {}
    )
    with duckdb.connect(str(settings.serving), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("name", NAMES)
def test_query_runs_on_the_published_schema(name: str, reader: duckdb.DuckDBPyConnection) -> None:
    sql = serving.query_text(name)
    named = set(re.findall(r"\$(\w+)", sql))
    reader.execute(sql, {key: VALUES[key] for key in named}).fetchall()


@pytest.mark.parametrize("name", NAMES)
def test_query_is_one_select_that_says_what_it_shows(name: str) -> None:
    sql = serving.query_text(name)
    assert sql.startswith("-- ")
    assert not clock_in_sql(f"{name}.sql", sql)
    assert len(sqlglot.parse(sql, dialect="duckdb")) == 1
    read = set(re.findall(r"(?<!distinct )\b(?:from|join)\s+(\w+)\.", sql))
    assert read <= {"marts", "metrics", "ops"}, f"{name} reads {read}"


def test_every_query_is_used() -> None:
    code = "".join(path.read_text() for path in (PROJECT_ROOT / "dashboard").rglob("*.py"))
    told = set(re.findall(r'select\(\s*"(\w+)"', code))
    assert told == set(NAMES)


def test_exposures_name_what_each_page_reads() -> None:
    exposures = yaml.safe_load((PROJECT_ROOT / "models" / "marts" / "_exposures.yml").read_text())["exposures"]
    told = {
        each["name"]: {re.findall(r"'(\w+)'", ref)[0] for ref in each["depends_on"]}
        for each in exposures
        if each["name"].startswith("dashboard_")
    }
    read = {
        f"dashboard_{page}": {
            mart
            for name in NAMES
            if name.startswith(f"{page}_") or name in FRAME
            for mart in re.findall(r"\b(?:marts|metrics)\.(\w+)", serving.query_text(name))
        }
        for page in PAGES
    }
    assert told == read


def test_pages_hold_no_sql_and_no_numbers_of_their_own() -> None:
    """Pages do not reach around the queries: nothing but `serving` knows the database."""
    for path in sorted((PROJECT_ROOT / "dashboard").rglob("*.py")):
        if path.name not in {"serving.py", "app.py"}:
            assert "duckdb" not in path.read_text(), path
    assert [path.stem for path in sorted(Path(serving.QUERIES).parent.joinpath("views").glob("*.py"))] == sorted(PAGES)
