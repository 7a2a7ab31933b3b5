"""Revenue: what moved it, and what retention is by whose definition."""

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
    nothing,
    shown_of,
    table,
)
from dashboard.words import iso
from pipelines.words import count, money, month, name, percent, text

BASES = {"total": "recurring and metered", "recurring": "recurring", "metered": "metered"}
MOVEMENTS = {
    "new": charts.BLUE,
    "expansion": charts.SKY,
    "reactivation": charts.GREEN,
    "contraction": charts.ORANGE,
    "churn": charts.RED,
}
LINES = [*MOVEMENTS.values(), charts.PURPLE, charts.GREY, charts.BLACK, "#B2912F"]


def choices(months: list[pd.Timestamp]) -> tuple[pd.Timestamp, str]:
    """Which month, of which revenue."""
    left, right = st.columns([1, 2])
    with left:
        days = [iso(each) for each in months]
        at = st.selectbox(
            "Month", days, format_func=lambda each: month(pd.Timestamp(each)), key="month", bind="query-params"
        )
    with right:
        basis = st.segmented_control(
            "Revenue",
            list(BASES),
            default="total",
            format_func=lambda each: BASES[each].capitalize(),
            key="basis",
            bind="query-params",
            required=True,
        )
    return pd.Timestamp(at), basis


def movements(chosen: Filters, basis: str, at: pd.Timestamp) -> None:
    """The month as a bridge, all months, and the accounts behind the month."""
    left, right = st.columns(2)
    with left:
        figure(
            charts.waterfall(
                select("revenue_bridge", basis=basis, month=iso(at), **chosen._asdict()),
                "US dollars a month",
                is_money=True,
            ),
            f"What moved {BASES[basis]} revenue",
            "US dollars a month; the axis does not begin at zero; bars add up",
            month(at),
            "Steps from the revenue of the month before to that of this one.",
        )
    with right:
        by_month(select("revenue_movements", basis=basis, **chosen._asdict()), basis)
    rows = select("revenue_movers", basis=basis, month=iso(at), row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No account's revenue moved in this month.")
        return
    columns = [
        Column("Account", account_link),
        column("Movement", "movement_type", name, "short"),
        column("Month before", "start_usd", money, "number"),
        column("This month", "end_usd", money, "number"),
        column("Change", "change_usd", money, "number"),
    ]
    with st.expander(f"The accounts behind {month(at)}"):
        table(rows, columns, shown_of(rows, "accounts whose revenue moved, the largest change first", month(at)))


def by_month(rows: pd.DataFrame, basis: str) -> None:
    """Gains above and losses below zero, by month."""
    if rows.empty:
        nothing("No revenue of this choice.")
        return
    bars = alt.Chart(rows).mark_bar()
    figure(
        bars.encode(
            x=charts.months("month_start_date"),
            y=alt.Y("amount_usd:Q", title="US dollars a month", axis=alt.Axis(format="$~s")),
            color=charts.colours("movement", MOVEMENTS, list(MOVEMENTS)),
            tooltip=charts.tips(
                ("yearmonth(month_start_date):T", "Month", "%b %Y"),
                ("movement:N", "Movement"),
                ("amount_usd:Q", "Amount", "+$,.0f"),
            ),
        ),
        f"Movements of {BASES[basis]} revenue by month",
        "US dollars a month; gains above, losses below zero",
        month(rows["month_start_date"].max()),
        "New, expansion, reactivation, contraction and churn by month.",
        height=340,
    )


def retention(rows: pd.DataFrame, at: pd.Timestamp) -> None:
    """Retention under each definition, side by side."""
    st.subheader("Retention, by whose definition")
    st.caption(
        "Of the whole company: filters do not apply. One set of invoices gives every figure; definitions differ."
    )
    left, right = st.columns(2)
    with left:
        columns = [
            column("Definition", "retention_name", text),
            column("Kind", "retention_kind", name, "short"),
            column("Retention", "retention_ratio", percent, "number"),
            Column("Accounts", still_there, "number"),
            Column("Compared with", compared_with),
        ]
        table(rows, columns, f"Retention as of {month(at)}, a closed month")
    with right:
        months = select("revenue_retention_months")
        if months.empty:
            nothing("History is too short for any definition: the first needs two months that were invoiced whole.")
        else:
            lines(months)


def lines(rows: pd.DataFrame) -> None:
    """Retention by month, a line a definition."""
    base = alt.Chart(rows).encode(
        x=charts.months("month_start_date"),
        y=alt.Y("retention_ratio:Q", title="Retention", axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)),
        color=alt.Color(
            "definition:N",
            title=None,
            scale=alt.Scale(range=LINES),
            legend=alt.Legend(orient="top", columns=3, labelExpr=charts.IN_WORDS),
        ),
        shape=alt.Shape("definition:N", legend=None),
        tooltip=charts.tips(
            ("retention_name:N", "Definition"),
            ("yearmonth(month_start_date):T", "Month", "%b %Y"),
            ("retention_ratio:Q", "Retention", ".1%"),
        ),
    )
    figure(
        alt.layer(base.mark_line(), base.mark_point(filled=True, size=60), charts.line_at("y", 1.0)),
        "Retention by month",
        "Percent of what is compared with; dashed: 100%",
        month(rows["month_start_date"].max()),
        "Retention by month, a line a definition.",
        height=440,
    )


def still_there(row: Mapping[str, Any]) -> str:
    """How many of those compared are there in the month."""
    if pd.isna(row["cohort_accounts_count"]):
        return text(None)
    return f"{count(row['retained_accounts_count'])} of {count(row['cohort_accounts_count'])}"


def compared_with(row: Mapping[str, Any]) -> str:
    """The month of the cohort, where history reaches back to it."""
    return month(row["cohort_month_date"]) if row["is_known"] else "history is too short"


def cohorts(rows: pd.DataFrame) -> None:
    """Retention of customers by the quarter in which they came."""
    st.subheader("Cohorts")
    titles = dict(zip(rows["definition"], rows["retention_name"], strict=True))
    options = sorted(titles, key=lambda each: each != "monthly_nrr")
    definition = st.selectbox(
        "Definition", options, format_func=titles.__getitem__, key="definition", bind="query-params"
    )
    cells = select("revenue_cohorts", definition=definition)
    if cells.empty:
        nothing("History is too short for this definition.")
        return
    base = alt.Chart(cells.assign(month=cells["month_start_date"].dt.strftime("%Y-%m"))).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        y=charts.names("cohort", "Customers since"),
        tooltip=charts.tips(
            ("cohort:N", "Customers since"),
            ("month:O", "Month"),
            ("retention_ratio:Q", "Retention", ".1%"),
            ("cohort_accounts_count:Q", "Accounts compared"),
            ("retained_accounts_count:Q", "of them still there"),
        ),
    )
    # Beyond 30 points the shade no longer changes: one new cohort that doubled would make all others pale.
    scale = alt.Scale(scheme="purpleorange", domain=[0.7, 1.3], domainMid=1, reverse=True, clamp=True)
    ink = alt.condition("abs(datum.retention_ratio - 1) > 0.22", alt.value("white"), alt.value(charts.BLACK))
    figure(
        alt.layer(
            base.mark_rect(stroke="white").encode(color=alt.Color("retention_ratio:Q", scale=scale, legend=None)),
            base.mark_text().encode(text=alt.Text("retention_ratio:Q", format=".0%"), color=ink),
        ),
        titles[definition],
        "Percent, by the quarter in which accounts became customers; purple: above 100%, orange: below",
        month(cells["month_start_date"].max()),
        "Retention by quarter of the first revenue and month.",
        height=34 * cells["cohort"].nunique() + 110,
    )


def show() -> None:
    """Draws the page."""
    st.title("Revenue", anchor=False)
    months = select("revenue_months")["month_start_date"].tolist()
    if not months:
        nothing("No month has closed yet: revenue is shown once a month has been invoiced.")
        return
    chosen = filters()
    at, basis = choices(months)
    movements(chosen, basis, at)
    rows = select("revenue_retention", month=iso(at))
    if rows.empty:
        nothing("No retention is published for this month.")
        return
    retention(rows, at)
    cohorts(rows)


show()
