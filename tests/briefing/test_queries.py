"""The queries of the briefing: one select each, on the marts that its exposure names."""

from __future__ import annotations

import re

import pytest
import sqlglot
import yaml

from pipelines.briefing import asking
from pipelines.config import PROJECT_ROOT
from tests.warehouse.lints import clock_in_sql

QUERIES = sorted(path.stem for path in (PROJECT_ROOT / "pipelines" / "briefing" / "queries").glob("*.sql"))
SHARED = ("publish", "book_changes", "credits_running_out", "credits_wasting")


@pytest.mark.parametrize("name", QUERIES)
def test_query_is_one_select_that_says_what_it_shows(name: str) -> None:
    sql = asking.query_text(name)
    assert sql.startswith("-- ")
    assert not clock_in_sql(f"{name}.sql", sql)
    assert len(sqlglot.parse(sql, dialect="duckdb")) == 1


def test_exposure_names_what_is_read() -> None:
    exposures = yaml.safe_load((PROJECT_ROOT / "models" / "marts" / "_exposures.yml").read_text())["exposures"]
    [told] = [each["depends_on"] for each in exposures if each["name"] == "briefing"]
    read = {mart for name in (*QUERIES, *SHARED) for mart in re.findall(r"\bmarts\.(\w+)", asking.query_text(name))}
    assert {re.findall(r"'(\w+)'", ref)[0] for ref in told} == read
    code = "".join(path.read_text() for path in (PROJECT_ROOT / "pipelines" / "briefing").glob("*.py"))
    assert all(f'"{name}"' in code for name in (*QUERIES, *SHARED))
