"""Book: who is in which state, whom to call first, and what changed within the week."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.lists import SIGNALS, SIGNALS_READ
from dashboard.serving import select
from dashboard.widgets import (
    LIST_ROWS,
    Better,
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
from dashboard.words import SEGMENTS, Html, chip
from pipelines.words import BANDS, change, count, day, money, name, odds, points, signed_percent, text

# What each disagreement says of the score, and what says otherwise.
AT_ODDS = {
    "green_and_shrinking": "a good score, but consumption or recurring revenue falls",
    "red_and_growing": "a bad score, but consumption or recurring revenue grows",
    "quiet_and_paying": "no good score, but it pays and asks nothing",
    "loud_and_loyal": "many tickets, but it grows and pays",
    "green_and_doubted": "a good score, but the CRM doubts the renewal",
    "red_and_committed": "a bad score, but the CRM counts on the renewal",
}


def totals(chosen: Filters) -> None:
    """The book in five numbers, each against the week before."""
    rows = select("book_totals", **chosen._asdict())
    now, earlier = rows.loc[rows["is_now"]].iloc[0], rows.loc[~rows["is_now"]]
    shown: tuple[tuple[str, str, Callable[[Any], str], Better], ...] = (
        ("Customers", "accounts_count", count, "off"),
        ("Revenue a month", "revenue_usd", money, "normal"),
        ("At risk", "at_risk_accounts_count", count, "inverse"),
        ("Revenue at risk, a month", "at_risk_revenue_usd", money, "inverse"),
        ("Without a score", "unknown_accounts_count", count, "inverse"),
    )
    for place, (label, field, write, colour) in zip(st.columns(len(shown)), shown, strict=True):
        with place:
            if earlier.empty:
                metric(label, write(now[field]))
                continue
            moved = now[field] - earlier[field].iloc[0]
            said = f"{'+' if moved > 0 else ''}{write(moved)} in 7 days" if moved else "no change in 7 days"
            metric(label, write(now[field]), said, colour if moved else "off")


def matrices(cells: pd.DataFrame, as_of: str) -> None:
    """Segment by health, once in accounts and once in money."""
    shown = (
        ("accounts_count", "Accounts by segment and health", "Accounts", ",.0f"),
        ("revenue_usd", "Revenue by segment and health", "US dollars a month", "$,.0f"),
    )
    for place, (value, title, unit, label) in zip(st.columns(2), shown, strict=True):
        with place:
            figure(
                charts.matrix(cells, "health_band", "segment", value, label, (BANDS, SEGMENTS)),
                title,
                unit,
                as_of,
                f"{title}: a table of segments by health bands with {unit} in each cell.",
                height=32 * cells["segment"].nunique() + 100,
            )
    st.caption(
        "Rows say where in its life-cycle usage is (landed, growing, stalled, falling, asleep), columns how healthy the"
        " account is in all: usage, adoption, payment, support and contact together."
    )


def worklist(chosen: Filters, as_of: str) -> None:
    """Whom to call first, and why."""
    st.subheader("Worklist")
    picked = st.pills(
        "Health", BANDS, selection_mode="multi", default=BANDS[:2], format_func=name, key="band", bind="query-params"
    )
    rows = select("book_worklist", bands=picked, row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No account of this choice. Choose another health band or fewer filters.")
        return
    columns = [
        Column("Account", account_link),
        column("Segment", "segment", name, "short"),
        column("Health", "health_band", chip, "short"),
        column("Score", "health_score", points, "number"),
        column("in 28 days", "health_score_change_28d", change, "number"),
        column("Revenue a month", "monthly_revenue_usd", money, "number"),
        column("What costs most points", "reason", text),
        column("What moved it in 28 days", "change_driver_28d", text),
    ]
    table(rows, columns, shown_of(rows, "accounts, by revenue", as_of))


def week(chosen: Filters, as_of: str) -> None:
    """Who is in another band or segment than a week before."""
    st.subheader("What changed within the week")
    rows = select("book_changes", window_days=7, row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No account changed its health band or segment within the last seven days.")
        return
    flows = select("book_flows", **chosen._asdict())
    moved = flows.loc[flows["previous_health_band"] != flows["health_band"]]
    left, right = st.columns([1, 3])
    with left:
        if moved.empty:
            nothing("No account changed its health band.")
        else:
            moves(moved, as_of)
    with right:
        columns = [
            Column("Account", account_link),
            Column("Health", lambda row: from_to(row, "health_band"), "short"),
            Column("Segment", lambda row: from_to(row, "segment")),
            Column(
                "Score", lambda row: f"{points(row['previous_health_score'])} → {points(row['health_score'])}", "number"
            ),
            column("Revenue a month", "monthly_revenue_usd", money, "number"),
            column("What moved the score most", "reason", text),
        ]
        table(rows, columns, shown_of(rows, "accounts changed band or segment, by revenue", as_of))


def moves(moved: pd.DataFrame, as_of: str) -> None:
    """Accounts by the move that they made."""
    both = zip(moved["previous_health_band"], moved["health_band"], strict=True)
    labelled = moved.assign(move=[f"{name(before)} → {name(after)}" for before, after in both])
    base = alt.Chart(labelled).encode(
        y=charts.names("move"),
        x=alt.X("accounts_count:Q", title="Accounts", axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=charts.tips(
            ("move:N", "Move"), ("accounts_count:Q", "Accounts"), ("revenue_usd:Q", "Revenue a month", "$,.0f")
        ),
    )
    scale = alt.Scale(domain=list(charts.BAND_COLOURS), range=list(charts.BAND_COLOURS.values()))
    bars = base.mark_bar(stroke="#555", strokeWidth=0.5).encode(
        color=alt.Color("health_band:N", scale=scale, legend=None)
    )
    figure(
        alt.layer(bars, base.mark_text(align="left", dx=4).encode(text="accounts_count:Q")),
        "Moves between health bands",
        "Accounts, 7 days",
        as_of,
        "How many accounts moved from which health band to which within seven days.",
        height=36 * len(labelled) + 110,
    )


def from_to(row: Mapping[str, Any], field: str) -> str:
    """What it was and is; one word when it stayed."""
    before, now = row[f"previous_{field}"], row[field]
    write = chip if field == "health_band" else name
    if before == now:
        return write(now)
    return Html(f"{chip(before)} → {chip(now)}") if field == "health_band" else f"{name(before)} → {name(now)}"


def signals(chosen: Filters, as_of: str) -> None:
    """What usage said within the week."""
    st.subheader("What usage said within the week")
    rows = select("book_signals", row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No usage signal of the last seven days is open.")
        return
    columns = [
        Column("Account", account_link),
        *SIGNALS,
        column("Revenue a month", "monthly_revenue_usd", money, "number"),
    ]
    table(rows, columns, shown_of(rows, "open signals, by money gained or lost", as_of))
    st.caption(SIGNALS_READ)


def disagreements(chosen: Filters, as_of: str) -> None:
    """Where the score and something else say different things."""
    st.subheader("Where the score is contradicted")
    rows = select("book_disagreements", row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("Nothing contradicts the scores of this choice.")
        return
    columns = [
        Column("Account", account_link),
        column("What is at odds", "disagreement", at_odds),
        column("Score", "health_score", points, "number"),
        column("Consumption", "consumption_forecast_change_pct", signed_percent, "number"),
        column("Recurring revenue", "mrr_change_90d_pct", signed_percent, "number"),
        column("Tickets", "tickets_created_90d_count", count, "number"),
        column("Renewal", "renewal_probability_ratio", odds, "number"),
        column("Revenue a month", "monthly_revenue_usd", money, "number"),
    ]
    table(rows, columns, shown_of(rows, "disagreements, by revenue", as_of))
    st.caption(
        "Consumption: forecast for four weeks from now against the last 90 days. Recurring revenue and tickets: within"
        " 90 days. Renewal: the chance that the CRM gives to an open one."
    )


def at_odds(disagreement: str) -> str:
    """A disagreement with what it means; one that is new here, by its name."""
    said = AT_ODDS.get(disagreement)
    return f"{name(disagreement)}: {said}" if said else name(disagreement)


def show() -> None:
    """Draws the page."""
    as_of = day(select("publish")["as_of_date"].iloc[0])
    st.title("Book", anchor=False)
    chosen = filters()
    cells = select("book_matrix", **chosen._asdict())
    if cells.empty:
        nothing("No account fits these filters.")
        return
    totals(chosen)
    matrices(cells, as_of)
    worklist(chosen, as_of)
    week(chosen, as_of)
    signals(chosen, as_of)
    disagreements(chosen, as_of)


show()
