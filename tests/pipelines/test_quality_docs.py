"""The gate's own process and what it publishes: a site that needs no network and holds no value of a row."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.config import Settings
from pipelines.quality.gate import GateError, GateResult, data_docs, look_in_process, run_gate
from pipelines.quality.site import offline
from tests.pipelines.quality_raw import Delivery, Raw

pytestmark = pytest.mark.slow  # starts the process, whose imports take ten seconds

DAY = date(2026, 3, 2)
CANARY = "canary.person@secret.example"
RUN = "20260302T030000Z-2843"  # ends like a UTC offset that no clock has


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Raw, GateResult]:
    """A gate that fails in each severity on rows that carry the canary."""
    raw = Raw(Settings.for_home(tmp_path_factory.mktemp("docs")))
    canary = f"'{CANARY}'"
    private = {"subject": canary, "description": canary, "status": canary, "priority": canary, "type": canary}
    raw.land("zendesk", Delivery("tickets", DAY, 30, {**private, "created_at": "null"}, 30))
    raw.land("crm", Delivery("contacts", DAY, 30, {"email": canary, "name": canary, "account_id": canary}, 30))
    return raw, run_gate(raw.settings, RUN)


def test_process_judges_as_this_one_would(looked: tuple[Raw, GateResult]) -> None:
    raw, result = looked
    failed = {(failure.system, failure.expectation): failure.severity for failure in result.failures}
    assert failed == {
        ("zendesk", "tickets.creation_is_given"): "critical",
        ("zendesk", "tickets.status_is_known"): "warning",
        ("zendesk", "tickets.priority_is_known"): "warning",
        ("zendesk", "tickets.type_is_known"): "info",
        ("zendesk", "tickets.organization_is_known"): "info",
        ("crm", "contacts.account_is_known"): "info",
    }
    assert result.is_blocked
    assert set(result.parts) == {"import", "measure", "validate", "docs"}
    assert raw.query("select count(*) from ops.gate_results where not is_success") == [(6,)]


def test_no_value_of_a_row_is_published(looked: tuple[Raw, GateResult]) -> None:
    raw, result = looked
    files = [path for path in raw.settings.home.rglob("*") if path.is_file() and path != raw.settings.warehouse]
    assert len(files) > 5
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path
    for table in ("gate_results", "gate_days", "gated_loads", "known_keys"):
        assert CANARY not in str(raw.query(f"select * from ops.{table}")), table
    assert CANARY not in str(result)


def test_site_asks_the_network_for_nothing(looked: tuple[Raw, GateResult]) -> None:
    raw, _ = looked
    pages = list(data_docs(raw.settings).parent.rglob("*.html"))
    assert len(pages) == 5, "an index, two suites, two results"
    for page in pages:
        html = page.read_text()
        assert "<script" not in html
        assert re.findall(r"(?:src|url\()\s*=?\s*[\"']?https?:", html) == []
        assert re.findall(r"<link\b[^>]*https?:", html) == []


def test_index_leads_to_every_page(looked: tuple[Raw, GateResult]) -> None:
    raw, result = looked
    assert result.docs == data_docs(raw.settings)
    html = result.docs.read_text()
    assert RUN in html
    assert "<td>critical</td><td>tickets: tickets without a creation time" in html
    links = re.findall(r'href="([^"]+)"', html)
    assert len(links) == 4
    for link in links:
        assert (result.docs.parent / link).is_file()
    (results,) = [link for link in links if link.startswith("validations/zendesk")]
    assert "2026-03-02" in (result.docs.parent / results).read_text()


def test_a_later_gate_replaces_the_site(looked: tuple[Raw, GateResult]) -> None:
    raw, _ = looked
    raw.land("zendesk", Delivery("tickets", DAY, 30))
    assert not run_gate(raw.settings, "later", systems=["zendesk"]).is_blocked
    folder = data_docs(raw.settings).parent
    assert "later" in data_docs(raw.settings).read_text()
    assert len(list(folder.rglob("*.html"))) == 3
    assert [path.name for path in folder.parent.iterdir()] == ["data_docs"]


def test_process_that_cannot_answer_is_an_error(settings: Settings, tmp_path: Path) -> None:
    request = {
        "run_id": RUN,
        "warehouse": str(tmp_path / "absent.duckdb"),
        "site": str(tmp_path / "site"),
        "statements": [],
        "suites": [],
    }
    with pytest.raises(GateError, match="Cannot open"):
        look_in_process(settings, request)
    assert not (tmp_path / "site").exists()


def test_page_is_stripped_of_what_it_would_load() -> None:
    page = """<html><head>
    <link rel="stylesheet" href="https://a.example/b.css"/><link rel="icon" href="static/icon.ico">
    <SCRIPT src="https://a.example/b.js"></SCRIPT><script>track()</script>
    <style>p { background: url("https://a.example/c.png"); }</style></head>
    <body><img alt="logo" src="https://a.example/pixel.png?d=1"><p>kept</p><footer>sign up</footer></body></html>"""
    stripped = offline(page)
    assert "a.example" not in stripped
    assert "track" not in stripped
    assert "sign up" not in stripped
    assert '<link rel="icon" href="static/icon.ico">' in stripped
    assert "<p>kept</p>" in stripped
