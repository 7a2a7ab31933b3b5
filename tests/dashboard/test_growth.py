"""What the pages say of usage signals, of contradicted scores and of where accounts may grow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.serving import select
from tests.dashboard.conftest import Open, html, messages, metrics
from tests.dashboard.serving_files import growth, small_book, write_serving


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_serving(tmp_path_factory.mktemp("small"), {**small_book(), **growth()}).home


def test_expansion_says_where_who_acts_and_how_often_it_was_right(small: Path, open_page: Open) -> None:
    app = open_page(small, "expansion")
    shown = metrics(app)
    # Of a1 its use case alone counts: what its commit may bring is partly the same consumption.
    assert (shown["Opportunities"], shown["Expected a month"]) == ("4", "$100")
    assert (shown["Expected, sales act"], shown["Expected, product led"]) == ("$20", "$80")
    told = html(app)
    assert 'href="account?account_id=a1"' in told
    # What has no size comes last.
    assert told.index("New use case, Alerting") < told.index("$100 ($80 to $120)") < told.index("too few look-alikes")
    assert "$200 ($100 to $400)" in told
    captions = [each.value.replace("\\", "") for each in app.caption]
    assert any("Without an estimate, and not in the sum: 1." in each for each in captions)
    assert any(
        each.startswith("Of 3 lists, look-alikes were right more often than popularity in 1.") for each in captions
    )
    assert (told.count("<td>yes</td>"), told.count("<td>no</td>")) == (1, 2)
    sales = html(open_page(small, "expansion", motion="Sales"))
    assert "19 of 20 seats are used" in sales
    assert "4 of 10 alike took it up" not in sales
    lee = metrics(open_page(small, "expansion", owner="Lee"))
    assert (lee["Opportunities"], lee["Expected a month"], lee["Expected, product led"]) == ("1", "$20", "$0")
    assert "No opportunity to grow fits these filters." in messages(open_page(small, "expansion", owner="nobody"))


def test_what_is_expected_by_kind_adds_up_to_the_total(
    small: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_HEALTH_HOME", str(small))
    everyone: dict[str, Any] = {"owners": (), "plans": (), "segments": ()}
    rows = select("expansion_kinds", **everyone)
    fields = [
        "opportunity_kind",
        "motion",
        "opportunities_count",
        "without_estimate_count",
        "accounts_count",
        "expected_usd",
    ]
    assert [tuple(row) for row in rows[fields].itertuples(index=False)] == [
        ("new_use_case", "product_led", 1, 0, 1, 80),
        ("seat_headroom", "sales", 2, 1, 1, 20),
        ("commit_pace", "sales", 1, 0, 0, 0),
    ]
    assert rows["expected_usd"].sum() == select("expansion_totals", **everyone)["expected_usd"].iloc[0]
    drawn = [json.loads(each.proto.spec) for each in open_page(small, "expansion").get("vega_lite_chart")]
    bars = next(each for each in drawn if "Expected by kind" in str(each["title"]))
    assert bars["encoding"]["x"]["field"] == "expected_usd"


def test_signals_stand_on_the_usage_chart_and_open_ones_in_lists(small: Path, open_page: Open) -> None:
    app = open_page(small, "account", account_id="a1")
    specs = [each.proto.spec for each in app.get("vega_lite_chart")]
    usage = next(spec for spec in specs if "Usage against its own pattern" in spec)
    spans, marks = json.loads(usage.replace("NaN", "null"))["layer"][1]["layer"]
    assert (spans["encoding"]["x"]["field"], spans["encoding"]["x2"]["field"]) == ("drawn_from_date", "detected_date")
    assert marks["encoding"]["shape"]["legend"]["values"] == ["Onset", "Detected, down", "Detected, up"]
    # What was detected before the half year that is drawn is in the list alone.
    shown = next(each for each in app.get("vega_lite_chart") if each.proto.spec == usage)
    assert "champion c1" not in str(shown.proto)
    told = html(app)
    assert "Level shift, down" in told
    assert "champion c1" in told
    assert "-$741" in told
    # It is over: on the chart, not in the list.
    assert "Slope change, up" not in told
    assert "Level shift, up" not in told
    assert "4 of 10 alike took it up" in told
    book = html(open_page(small))
    assert "Level shift, down" in book
    assert "Red and growing: a bad score, but consumption or recurring revenue grows" in book
    assert ">75%<" in book
    # One was detected long ago, one within the week and is over.
    assert "champion c1" not in book
    assert "Level shift, up" not in book
    assert "+12.5%" in book
    told_of_a3 = messages(open_page(small, "account", account_id="a3"))
    assert {"No usage signal is open.", "No opportunity to grow is known."} <= set(told_of_a3)
    lee = messages(open_page(small, owner="Lee"))
    assert "No usage signal of the last seven days is open." in lee
    assert "Nothing contradicts the scores of this choice." in lee
