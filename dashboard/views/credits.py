"""Credits: whose prepaid commit runs out before its term, and whose money expires unused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.serving import select
from dashboard.widgets import (
    LIST_ROWS,
    Column,
    Filters,
    account_link,
    column,
    figure,
    filters,
    metric,
    nothing,
    shown_of,
    table,
)
from pipelines.words import count, day, money, percent, spaced

OUTLOOKS = {"runs out": charts.RED, "leaves money unused": charts.BLUE, "not forecast": charts.GREY}


def totals(sums: pd.Series) -> None:
    """The commits in four numbers."""
    unknown = f"{count(sums['unknown_count'])} not forecast" if sums["unknown_count"] else None
    shown = (
        ("Open commits", count(sums["commits_count"]), unknown),
        ("Left on them", money(sums["remaining_usd"]), None),
        ("Likely overage", money(sums["overage_usd"]), f"{count(sums['running_out_count'])} commits run out"),
        ("Likely unused", money(sums["breakage_usd"]), f"{count(sums['wasting_count'])} commits leave money"),
    )
    for place, (label, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        with place:
            metric(label, value, note)


def pace(rows: pd.DataFrame, as_of: str) -> None:
    """Used against elapsed, a mark a commit."""
    top = max(1.0, float(rows["consumed_ratio"].max() or 0))
    marks = alt.Chart(rows).mark_point(filled=True, opacity=0.8)
    outlooks = list(OUTLOOKS)
    shapes = alt.Scale(domain=outlooks, range=["triangle-up", "circle", "square"])
    even = pd.DataFrame({"elapsed_ratio": [0.0, 1.0], "consumed_ratio": [0.0, 1.0]})
    across = alt.X(
        "elapsed_ratio:Q", title="Of the term has passed", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
    )
    up = alt.Y(
        "consumed_ratio:Q", title="Of the commit is used", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, top])
    )
    figure(
        alt.layer(
            alt.Chart(even).mark_line(strokeDash=[4, 4], color=charts.BLACK).encode(x=across, y=up),
            marks.encode(
                x=across,
                y=up,
                size=alt.Size("total_usd:Q", title="Commit", legend=alt.Legend(format="$~s", orient="right")),
                color=charts.colours("outlook", OUTLOOKS, outlooks, "Forecast"),
                shape=alt.Shape("outlook:N", title="Forecast", scale=shapes, legend=charts.words_legend(outlooks)),
                tooltip=charts.tips(
                    ("account_name:N", "Account"),
                    ("total_usd:Q", "Commit", "$,.0f"),
                    ("consumed_ratio:Q", "Used", ".0%"),
                    ("elapsed_ratio:Q", "Elapsed", ".0%"),
                    ("pace_ratio:Q", "Pace", ".2f"),
                ),
            ),
        ),
        "How fast commits burn",
        "Percent of the commit against percent of its term; above the dashed line: faster than even",
        as_of,
        "Open commits by how much of the term has passed and how much of the commit is used.",
        height=400,
    )


def running_out(chosen: Filters, as_of: str) -> None:
    """Who runs out, the first on top."""
    st.subheader("Who runs out")
    rows = select("credits_running_out", row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No commit is likely to run out before its last day.")
        return
    columns = [
        Column("Account", account_link),
        column("Left", "remaining_usd", money, "number"),
        Column("Used up", used_up, "short"),
        Column("Eight in ten outcomes", span, "short"),
        column("Last day it can pay for", "last_drawn_date", day, "short"),
        column("Likely overage", "p50_overage_usd", money, "number"),
        column("Overage, one in ten above", "p90_overage_usd", money, "number"),
    ]
    table(rows, columns, shown_of(rows, "commits used up before their last day, the first on top", as_of))


def used_up(row: Mapping[str, Any]) -> str:
    """The day on which a commit was or will be used up."""
    return f"{'since' if row['is_exhausted'] else 'around'} {day(row['p50_exhaustion_date'])}"


def span(row: Mapping[str, Any]) -> str:
    """From the early to the late outcome; the late one may lie beyond the commit."""
    if row["is_exhausted"]:
        return "is used up"
    late = "beyond its end" if pd.isna(row["p90_exhaustion_date"]) else day(row["p90_exhaustion_date"])
    return f"{day(row['p10_exhaustion_date'])} to {late}"


def wasting(chosen: Filters, as_of: str) -> None:
    """Whose money expires, the most on top."""
    st.subheader("Who leaves money unused")
    rows = select("credits_wasting", row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No commit is likely to leave money unused.")
        return
    columns = [
        Column("Account", account_link),
        column("Left", "remaining_usd", money, "number"),
        column("Likely unused", "p50_breakage_usd", money, "number"),
        Column(
            "Eight in ten outcomes",
            lambda row: f"{money(row['p10_breakage_usd'])} to {money(row['p90_breakage_usd'])}",
            "short",
        ),
        column("Last day it can pay for", "last_drawn_date", day, "short"),
        column("Expires", "expires_date", day, "short"),
    ]
    table(rows, columns, shown_of(rows, "commits that leave money unused, the most first", as_of))


def record(as_of: str) -> None:
    """How far such forecasts were off."""
    rows = select("credits_backtest")
    if rows.empty:
        nothing("History is too short to say how far such forecasts were off.")
        return
    columns = [
        column("Accounts", "population", spaced),
        column("Days ahead", "horizon_days", count, "number"),
        column("Forecasts", "forecasts_count", count, "number"),
        column("Within eight in ten", "interval_coverage_ratio", percent, "number"),
        column("Error of ours", "p50_error_ratio", percent, "number"),
        column("Error of a straight line", "linear_error_ratio", percent, "number"),
    ]
    with st.expander("How far such forecasts were off in the past"):
        table(rows, columns, f"Consumption forecast on past days against what came · as of {as_of}")


def show() -> None:
    """Draws the page."""
    as_of = day(select("publish")["as_of_date"].iloc[0])
    st.title("Credits", anchor=False)
    chosen = filters()
    sums = select("credits_totals", **chosen._asdict()).iloc[0]
    if not sums["commits_count"]:
        nothing("No open commit fits these filters.")
        return
    totals(sums)
    pace(select("credits_pace", **chosen._asdict()), as_of)
    running_out(chosen, as_of)
    wasting(chosen, as_of)
    record(as_of)


show()
