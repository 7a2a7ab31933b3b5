"""The dashboard in a real browser, on a real home of a small company, without any network.

ACCOUNT_HEALTH_DASHBOARD_HOME   look at this home instead of building one
ACCOUNT_HEALTH_SCREENSHOTS      keep the pictures of the documentation in this folder
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.app import CHECK_SECONDS, PAGES
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.words import count, money, name, percent, points
from tests.dashboard.browsing import Visitor, browser, served, visiting
from tests.pipelines.homes import command, company, home

pytestmark = pytest.mark.slow

_PICTURES = {"book": 1150, "account": 1450, "revenue": 1050, "credits": 1050, "expansion": 1750, "data_health": 1000}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published home; a copy of the serving file, as a test publishes into it."""
    browser()
    folder = tmp_path_factory.mktemp("dashboard")
    given = os.environ.get("ACCOUNT_HEALTH_DASHBOARD_HOME")
    if given:
        shutil.copy(Path(given) / "serving.duckdb", folder / "serving.duckdb")
        return Settings.for_home(folder)
    company(folder / "exports")
    command(home(folder, folder / "exports"), "nightly")
    return Settings.for_home(folder)


@pytest.fixture(scope="module")
def visitor(settings: Settings) -> Iterator[Visitor]:
    with served(settings) as address, visiting(address) as somebody:
        yield somebody


def ask(settings: Settings, sql: str, *values: Any) -> tuple[Any, ...]:
    """One row of the published file."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.serving}' as serving (read_only)")
        connection.execute("use serving")
        row = connection.execute(sql, list(values)).fetchone()
        assert row is not None
        return row


def worst(settings: Settings) -> tuple[str, str]:
    """Id and name of the first account of the worklist."""
    found: tuple[str, str] = ask(
        settings,
        "select account_id, account_name from marts.account_health where health_band in ('at_risk', 'watch')"
        " order by monthly_revenue_usd desc nulls last, health_score nulls last, account_id",
    )
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [1280, 1920])
def test_every_page_opens_and_fits(page: str, width: int, settings: Settings, visitor: Visitor) -> None:
    path = f"account?account_id={worst(settings)[0]}" if page == "account" else "" if page == "book" else page
    visitor.open(path, width)
    assert visitor.problems() == []
    assert visitor.outside == []
    assert visitor.overflow() <= 0
    charts = visitor.page.locator('[data-testid="stVegaLiteChart"]')
    assert charts.count() > 0
    folder = os.environ.get("ACCOUNT_HEALTH_SCREENSHOTS")
    if folder and width == 1280:
        visitor.picture(PROJECT_ROOT / folder / f"{page}.png", _PICTURES[page])


def test_a_filter_by_keyboard_narrows_the_book_and_goes_along(settings: Settings, visitor: Visitor) -> None:
    def book(where: str, *values: str) -> tuple[str, str, str]:
        accounts, revenue, at_risk = ask(
            settings,
            "select count(*) filter (where health_band <> 'churned'),"
            " coalesce(sum(monthly_revenue_usd) filter (where health_band <> 'churned'), 0),"
            f" count(*) filter (where health_band = 'at_risk') from marts.account_health where {where}",
            *values,
        )
        return count(accounts), money(revenue), count(at_risk)

    def shown() -> tuple[str, str, str]:
        numbers = visitor.metrics()
        return numbers["Customers"], numbers["Revenue a month"], numbers["At risk"]

    (owner,) = ask(settings, "select owner_name from marts.account_health group by 1 having owner_name > '' order by 1")
    visitor.open("")
    assert shown() == book("true")
    box = visitor.page.get_by_role("combobox", name="Owner")
    box.focus()
    visitor.page.keyboard.type(owner)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**owner=**")
    visitor.page.keyboard.press("Escape")
    visitor.settle()
    assert shown() == book("owner_name = ?", owner)
    # The link to another page takes the filter along, and that page keeps it.
    visitor.page.get_by_role("link", name="Credits").click()
    visitor.page.wait_for_selector("h1:has-text('Credits')")
    visitor.settle()
    assert "owner=" in visitor.page.url
    visitor.page.wait_for_selector('[data-testid="stMultiSelect"] >> text=' + owner)


def test_an_account_opens_from_the_worklist_by_keyboard(settings: Settings, visitor: Visitor) -> None:
    account_id, account_name = worst(settings)
    visitor.open("")
    visitor.page.locator("table.list a").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/account?account_id=**")
    visitor.settle()
    assert f"account_id={account_id}" in visitor.page.url
    assert visitor.page.locator("h1").inner_text() == account_name
    score, band, revenue = ask(
        settings,
        "select health_score, health_band, monthly_revenue_usd from marts.account_health where account_id = ?",
        account_id,
    )
    shown = visitor.metrics()
    assert shown["Health score, of 100"] == points(score)
    assert (shown["Health"], shown["Revenue a month"]) == (name(band), money(revenue))


def test_numbers_of_the_other_pages_are_those_of_the_marts(settings: Settings, visitor: Visitor) -> None:
    visitor.open("credits")
    commits, left, overage, unused = ask(
        settings,
        "select count(*), sum(remaining_usd), sum(p50_overage_usd), sum(p50_breakage_usd) from marts.commit_forecast",
    )
    if commits:
        expected = {"Open commits": count(commits), "Left on them": money(left), "Likely overage": money(overage)}
        assert {**expected, "Likely unused": money(unused)} == visitor.metrics()

    visitor.open("expansion")
    opportunities, expected = ask(
        settings,
        "select sum(opportunities), sum(largest_usd) from (select count(*) as opportunities,"
        " max(expected_monthly_usd) as largest_usd from marts.expansion_opportunities group by account_id)",
    )
    if opportunities:
        shown = visitor.metrics()
        assert (shown["Opportunities"], shown["Expected a month"]) == (count(opportunities), money(expected))

    visitor.open("data_health")
    (tickets,) = ask(settings, "select 1 - sum(tickets_ratio) from marts.identity_coverage where match_rule = 'orphan'")
    assert visitor.metrics()["Tickets with an account"] == percent(tickets)

    visitor.open("revenue")
    retained, compared = ask(
        settings,
        "select retained_accounts_count, cohort_accounts_count from marts.revenue_retention_monthly"
        " where definition = 'monthly_nrr' and cut_type = 'company' order by month_start_date desc",
    )
    row = visitor.page.locator("table.list tr", has_text="Net revenue retention of the month")
    assert ("history is too short" if compared is None else f"{retained} of {compared}") in row.first.inner_text()


def test_an_open_page_follows_a_publish_by_itself(settings: Settings, visitor: Visitor) -> None:
    visitor.open("data_health")
    nightly = settings.serving.with_name("next.duckdb")
    shutil.copy(settings.serving, nightly)
    nightly.chmod(0o644)
    with duckdb.connect(str(nightly)) as connection:
        connection.execute("update ops.publishes set published_at = timestamp '2031-01-01 05:00:00'")
    nightly.replace(settings.serving)
    visitor.page.wait_for_selector("text=published 2031-01-01 05:00 UTC", timeout=(CHECK_SECONDS + 20) * 1000)
    assert visitor.problems() == []
