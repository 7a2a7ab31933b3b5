"""Promises name tests that exist, overview pages link to models that exist, pages written from the YAML are current."""

from __future__ import annotations

import re

import pytest

from pipelines.dictionary import pages
from tests.warehouse.lints import PROJECT

PAGE = PROJECT / "docs" / "reliability.md"
OVERVIEW = PROJECT / "models" / "overview.md"


def existing_tests() -> set[str]:
    """Functions of pytest, and files of dbt's singular tests."""
    functions = {
        name
        for path in (PROJECT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    return functions | {path.stem for path in (PROJECT / "tests").rglob("assert_*.sql")}


def named_tests(text: str) -> set[str]:
    """What a page calls a test, in backticks."""
    return set(re.findall(r"`((?:test|assert)_\w+)`", text))


def test_every_test_that_is_named_exists() -> None:
    named = named_tests(PAGE.read_text())
    assert len(named) > 50
    assert named - existing_tests() == set()


@pytest.mark.parametrize(("text", "missing"), [("see `test_nothing_of_the_kind`", 1), ("a `test` and `a_table`", 0)])
def test_a_name_without_a_test_is_found(text: str, missing: int) -> None:
    assert len(named_tests(text) - existing_tests()) == missing


@pytest.mark.parametrize("path", pages())
def test_page_is_as_the_yaml_says(path: str) -> None:
    assert (PROJECT / path).read_text() == pages()[path], f"{path} is older than the YAML: run `make docs`"


def test_overview_pages_link_to_published_models() -> None:
    linked = set(re.findall(r"#!/model/model\.account_health_warehouse\.(\w+)\)", OVERVIEW.read_text()))
    published = {path.stem for layer in ("marts", "metrics") for path in (PROJECT / "models" / layer).rglob("*.sql")}
    assert len(linked) > 20
    assert linked - published == set()
