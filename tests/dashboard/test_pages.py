"""What the pages say, on serving files made by hand: with nothing in them, and with little."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.app import PAGES
from dashboard.serving import select
from dashboard.words import plain
from tests.dashboard.conftest import Open, html, messages, metrics
from tests.dashboard.serving_files import DAY, growth, small_book, write_serving


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_serving(tmp_path_factory.mktemp("empty"), {}).home


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    commits = {
        "credit_grant_id": "g1",
        "account_id": "a1",
        "as_of_date": DAY,
        "expires_date": date(2026, 12, 31),
        "remaining_usd": 600,
    }
    rows: dict[str, Any] = {
        **small_book(),
        **growth(),
        "marts.commit_burndown_daily": [
            {
                **commits,
                "status": "open",
                "total_usd": 1000,
                "consumed_ratio": 0.4,
                "elapsed_ratio": 0.25,
                "effective_date": date(2026, 1, 1),
                "pace_ratio": 1.6,
            }
        ],
        "marts.commit_forecast": [
            {
                **commits,
                "is_exhausted": False,
                "overage_to_date_usd": 0,
                "p10_exhaustion_date": date(2026, 7, 1),
                "p50_exhaustion_date": date(2026, 9, 1),
                "p50_overage_usd": 300,
                "p90_overage_usd": 500,
                "p10_breakage_usd": 0,
                "p50_breakage_usd": 0,
                "p90_breakage_usd": 75,
                "last_drawn_date": date(2026, 11, 30),
            }
        ],
        "marts.revenue_movements_monthly": [
            movement("a1", "contraction", start_usd=1200, contraction_usd=200, end_usd=1000),
            movement("a2", "new", new_usd=250, end_usd=250),
        ],
        "marts.account_owner_history": [
            {
                "account_id": "a1",
                "owner_name": owner,
                "customer_stage": "Adopting",
                "plan": "growth",
                "valid_from_at": datetime.combine(start, time()),
                "valid_to_at": end and datetime.combine(end, time()),
            }
            for owner, start, end in (("Ann", date(2026, 3, 1), date(2026, 3, 20)), ("Kim", date(2026, 3, 20), None))
        ],
        "marts.account_payment_health_daily": [
            {
                "account_id": "a1",
                "as_of_date": DAY,
                "receivables_usd": 500,
                "not_due_usd": 380,
                "past_due_usd": 120,
                "past_due_1_30_days_usd": 120,
                "past_due_31_60_days_usd": 0,
                "past_due_61_90_days_usd": 0,
                "past_due_over_90_days_usd": 0,
                "failed_payments_90d_count": 2,
                "failed_90d_usd": 80,
                "recovery_90d_ratio": 0.25,
                "disputes_open_count": 0,
                "disputed_open_usd": 0,
            }
        ],
        "marts.renewals": [
            {
                "renewal_id": "r1",
                "account_id": "a1",
                "outcome": "open",
                "available_usd": 12_000,
                "won_usd": 0,
                "lost_usd": 0,
                "is_late": False,
                "term_end_date": date(2026, 12, 31),
            }
        ],
        "marts.data_health": [
            {
                "system": "product",
                "as_of_date": DAY,
                "status": "missing",
                "reason": "no file",
                "is_trusted": False,
                "held_days_count": 1,
                "landed_rows": 0,
                "rejected_rows": 2,
            }
        ],
    }
    return write_serving(tmp_path_factory.mktemp("small"), rows).home


def movement(account_id: str, kind: str, **amounts: int) -> dict[str, Any]:
    """A month of an account."""
    names = ("start", "new", "expansion", "contraction", "churn", "reactivation", "end")
    return {
        "account_id": account_id,
        "revenue_basis": "total",
        "movement_type": kind,
        "month_start_date": date(2026, 2, 1),
        **{f"{each}_usd": 0 for each in names},
        **amounts,
    }


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_file_says_that_there_is_nothing(page: str, empty: Path, open_page: Open) -> None:
    assert messages(open_page(empty, page)), "an empty page must say why"


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_tells_its_unit_its_day_and_what_it_shows(page: str, small: Path, open_page: Open) -> None:
    app = open_page(small, page, **({"account_id": "a1"} if page == "account" else {}))
    charts = [each.proto for each in app.get("vega_lite_chart")]
    assert charts
    for chart in charts:
        unit, day = json.loads(chart.spec)["title"]["subtitle"].split(" · as of ")
        assert unit
        assert day in {str(DAY), "Feb 2026"}
        assert chart.alt


def test_book_counts_the_book_and_the_week(small: Path, open_page: Open) -> None:
    app = open_page(small)
    shown = metrics(app)
    assert (shown["Customers"], shown["Revenue a month"], shown["At risk"]) == ("3", "$1,290", "1")
    assert shown["Revenue at risk, a month"] == "$1,000"
    deltas = {each.label: each.delta for each in app.metric}
    assert deltas["At risk"] == "+1 in 7 days"
    assert "Consumption halved" in html(app)
    # From watch to at risk, by what took most.
    assert "level moved" in html(app)
    assert "72.5 → 50.0" in html(app)


def test_filters_come_from_the_address_and_go_on_in_links(small: Path, open_page: Open) -> None:
    app = open_page(small, owner="Kim")
    assert metrics(app)["Customers"] == "1"
    assert 'href="account?account_id=a1&amp;owner=Kim"' in html(app)
    app.multiselect(key="owner").set_value(["nobody"]).run()
    assert metrics(app)["Customers"] == "1"
    assert "Cargo" in html(app)
    app.multiselect(key="plan").set_value(["starter"]).run()
    assert "No account fits these filters." in messages(app)


def test_names_are_text_wherever_they_stand(small: Path, open_page: Open) -> None:
    app = open_page(small, band="Healthy")
    assert "&lt;b&gt;Bolt&lt;/b&gt; $1 &amp; $2" in html(app)
    app = open_page(small, "account", account_id="a2")
    assert app.title[0].value == plain("<b>Bolt</b> $1 & $2")


def test_held_scores_say_so(small: Path, open_page: Open) -> None:
    app = open_page(small)
    assert any("Provisional scores: 1." in message for message in messages(app))
    assert '<span class="held">provisional</span>' in html(app)
    assert any(
        "the score is that of 2026-03-31" in told for told in messages(open_page(small, "account", account_id="a3"))
    )


def test_waterfall_of_a_score_sums_exactly(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(small))
    steps = select("account_changes", account_id="a1", window_days=7)
    first, *moves, last = steps.itertuples()
    assert (first.end_micropoints, last.end_micropoints) == (72_500_000, 50_000_000)
    assert sum(int(each.micropoints) for each in moves) == 50_000_000 - 72_500_000
    assert [each.label for each in moves] == ["level", "trend", "tickets", "touch (the formula)"]
    level = first.end_micropoints
    for each in moves:
        assert each.end_micropoints - each.micropoints == level
        level = each.end_micropoints
    assert level == last.end_micropoints


def test_many_small_changes_become_one_step_and_still_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = small_book()["marts.account_health_changes"][0]
    effects = {"input_effect_micropoints": -1000, "change_micropoints": -1000, "contribution_micropoints": 0}
    before = {"previous_contribution_micropoints": 1000}
    many = [{**base, **effects, **before, "component": f"c{number:02d}"} for number in range(20)]
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(tmp_path))
    write_serving(tmp_path, {"marts.account_health_changes": many})
    steps = select("account_changes", account_id="a1", window_days=7)
    assert len(steps) == 1 + 11 + 1 + 1
    assert steps["label"].iloc[-2] == "everything else"
    assert int(steps["micropoints"].sum()) == -20_000
    assert int(steps["end_micropoints"].iloc[-2]) == int(steps["end_micropoints"].iloc[-1]) == 0


def test_account_tells_score_changes_and_commit(small: Path, open_page: Open) -> None:
    app = open_page(small, "account", account_id="a1")
    shown = metrics(app)
    assert shown["Health score, of 100"] == "50.0"
    assert shown["Health"] == "At risk"
    captions = [each.value.replace("\\", "") for each in app.caption]
    assert "-22.50 points in all: -22.00 by the customer, -0.50 by our formula." in captions
    assert any("used up on 2026-09-01, $300 of overage by 2026-11-30" in each for each in captions)
    owed = "Owed: $500, of it past due $120. Last 90 days: 2 failed payments of $80, 25.0% of it recovered."
    assert any(each.startswith(owed) for each in captions)
    assert "<td>2026-12-31</td>" in html(app).replace(' class="short"', "")
    assert "$12,000" in html(app)
    assert "watch → at risk" in html(app)
    # The newest first, and until when.
    assert html(app).index("Kim, Adopting, growth") < html(app).index("Ann, Adopting, growth")
    assert "<td>2026-03-01</td><td>2026-03-20</td>" in html(app)
    told = messages(open_page(small, "account", account_id="a2"))
    assert {"This account has no prepaid commit.", "Billing does not know this account."} <= set(told)
    assert "No term of this account is known to end." in told


def test_accounts_are_found_by_a_part_of_their_name(small: Path, open_page: Open) -> None:
    app = open_page(small, "account")
    assert html(app).index("Acme") < html(app).index("Cargo")
    app.text_input(key="find").set_value("CARG").run()
    assert "Cargo" in html(app)
    assert "Acme" not in html(app)
    app.text_input(key="find").set_value("no such").run()
    assert "No account is called like that: no such" in messages(app)
    assert "Not a customer yet: nothing to score." in messages(open_page(small, "account", account_id="p1"))
    assert "No account x9 is published." in messages(open_page(small, "account", account_id="x9"))


def test_revenue_bridge_adds_up_and_follows_filters(
    small: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(small))
    everyone: dict[str, Any] = {"owners": (), "plans": (), "segments": ()}
    steps = select("revenue_bridge", basis="total", month="2026-02-01", **everyone)
    assert steps["change"].fillna(0).tolist() == [1200, 250, 0, 0, -200, 0, 0]
    assert steps["end"].tolist() == [1200, 1450, 1450, 1450, 1250, 1250, 1250]
    kim = select("revenue_bridge", basis="total", month="2026-02-01", **{**everyone, "owners": ("Kim",)})
    assert kim["end"].tolist()[-1] == 1000
    assert "-$200" in html(open_page(small, "revenue"))


def test_credits_say_who_runs_out(small: Path, open_page: Open) -> None:
    app = open_page(small, "credits")
    shown = metrics(app)
    assert (shown["Open commits"], shown["Left on them"], shown["Likely overage"]) == ("1", "$600", "$300")
    assert "around 2026-09-01" in html(app)
    assert "2026-07-01 to beyond its end" in html(app)
    assert "No commit is likely to leave money unused." in messages(app)
    assert "No open commit fits these filters." in messages(open_page(small, "credits", owner="Lee"))


def test_data_health_says_what_is_not_trusted(small: Path, open_page: Open) -> None:
    app = open_page(small, "data_health")
    assert "no file" in html(app)
    assert "Published this" in html(app)
    assert "The gate has judged nothing yet." in messages(app)


def test_lists_are_cut_and_say_so(tmp_path: Path, open_page: Open) -> None:
    row = small_book()["marts.account_health"][0]
    many = [{**row, "account_id": f"a{number}", "monthly_revenue_usd": number} for number in range(60)]
    kept = ("account_id", "as_of_date", "health_band", "health_score")
    daily = [{key: each[key] for key in kept} for each in many]
    write_serving(tmp_path, {"marts.account_health": many, "marts.account_health_daily": daily})
    shown = html(open_page(tmp_path))
    assert "25 of 60 accounts, by revenue · as of 2026-03-31" in shown
    assert shown.index("account_id=a59") < shown.index("account_id=a35")
    assert "account_id=a34&" not in shown


def test_the_clock_is_that_of_the_file(tmp_path: Path, open_page: Open) -> None:
    later = DAY + timedelta(days=500)
    app = open_page(write_serving(tmp_path, small_book(), as_of=later).home, "data_health")
    assert any(f"As of {later}" in each.value for each in app.caption)
