"""Expansion: where accounts are likely to grow, worth how much, who acts, and how often such advice was right."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.lists import OPPORTUNITIES, OPPORTUNITIES_READ
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
from dashboard.words import plain
from pipelines.words import UNKNOWN, count, day, money, name, percent

MOTIONS = {"sales": charts.ORANGE, "product_led": charts.BLUE}
KINDS = {
    "new_use_case": "accounts alike took up a use case that it has not adopted",
    "second_team": "a further team tries what another one has adopted",
    "seat_headroom": "nearly all seats are used",
    "commit_headroom": "most of a prepaid commit is used, more than of its term",
    "commit_pace": "a prepaid commit burns faster than its term passes",
}
METHODS = {
    "look_alike_precision_ratio": ("look-alikes", charts.BLUE, "circle"),
    "popularity_precision_ratio": ("popularity", charts.RED, "square"),
    "base_ratio": ("chance", charts.GREY, "cross"),
}
POPULATIONS = {"all": "Not adopted", "not_started": "Not even tried"}


def totals(sums: pd.Series) -> None:
    """The opportunities in four numbers; each account counts with its largest alone."""
    shown = (
        ("Opportunities", count(sums["opportunities_count"]), f"{count(sums['accounts_count'])} accounts"),
        ("Expected a month", money(sums["expected_usd"]), "the largest of each account"),
        ("Expected, sales act", money(sums["sales_usd"]), f"{count(sums['sales_accounts_count'])} accounts"),
        (
            "Expected, product led",
            money(sums["product_led_usd"]),
            f"{count(sums['product_led_accounts_count'])} accounts",
        ),
    )
    for place, (label, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        with place:
            metric(label, value, note)
    unknown = count(sums["without_estimate_count"])
    st.caption(
        "Opportunities of one account overlap, as a new use case also draws on the commit. So each account counts once,"
        " with the one of which most is expected: how likely times the median size. Sales: somebody must talk to the"
        " customer; product led: the product does it alone."
        + (f" Without an estimate, and not in the sum: {unknown}." if sums["without_estimate_count"] else "")
    )


def kinds(rows: pd.DataFrame, as_of: str) -> None:
    """What is expected by kind and by who acts: bars that add up to the total above."""
    valued = rows.loc[rows["expected_usd"] > 0].assign(kind=rows["opportunity_kind"].map(name))
    if valued.empty:
        nothing("None of these opportunities has an estimate: there are too few look-alikes.")
    else:
        marks = alt.Chart(valued).mark_bar(stroke="white")
        figure(
            marks.encode(
                x=alt.X("expected_usd:Q", title="US dollars a month", axis=alt.Axis(format="$~s")),
                y=charts.names("kind", order=list(dict.fromkeys(valued["kind"]))),
                color=charts.colours("motion", MOTIONS, list(MOTIONS), "Who acts"),
                tooltip=charts.tips(
                    ("kind:N", "Kind"),
                    ("motion:N", "Who acts"),
                    ("accounts_count:Q", "Accounts"),
                    ("expected_usd:Q", "Expected a month", "$,.0f"),
                ),
            ),
            "Expected by kind and who acts",
            "US dollars a month; each account once, with its largest opportunity",
            as_of,
            "What is expected a month by kind of opportunity and by who acts, as in the list below.",
            height=48 * valued["kind"].nunique() + 130,
        )
    columns = [
        column("Kind", "opportunity_kind", name, "short"),
        column("Why it may grow", "opportunity_kind", lambda kind: KINDS.get(kind, UNKNOWN)),
        column("Who acts", "motion", name, "short"),
        column("Opportunities", "opportunities_count", count, "number"),
        column("without an estimate", "without_estimate_count", count, "number"),
        column("Accounts whose largest it is", "accounts_count", count, "number"),
        column("Expected of these, a month", "expected_usd", money, "number"),
    ]
    table(rows, columns, f"Opportunities by kind and by who acts · as of {as_of}")


def opportunities(chosen: Filters, as_of: str) -> None:
    """Where to go first."""
    st.subheader("Opportunities")
    picked = st.pills(
        "Who acts",
        list(MOTIONS),
        selection_mode="multi",
        default=list(MOTIONS),
        format_func=name,
        key="motion",
        bind="query-params",
    )
    rows = select("expansion_list", motions=picked, row_limit=LIST_ROWS, **chosen._asdict())
    if rows.empty:
        nothing("No opportunity of this choice.")
        return
    columns = [Column("Account", account_link), column("Segment", "segment", name, "short"), *OPPORTUNITIES]
    table(rows, columns, shown_of(rows, "opportunities, by expected money", as_of))
    st.caption(OPPORTUNITIES_READ)


def record(as_of: str) -> None:
    """How often recommendations of use cases were right, against popularity."""
    st.subheader("How often such recommendations were right")
    rows = select("expansion_backtest")
    if rows.empty:
        nothing("History is too short to say how often such recommendations were right.")
        return
    rows = rows.assign(
        list=[
            f"first{f' {length}' if length > 1 else ''} of {'each account' if scope == 'account' else 'the book'}"
            for scope, length in zip(rows["list_scope"], rows["list_length"], strict=True)
        ]
    )
    for place, (population, title) in zip(st.columns(len(POPULATIONS)), POPULATIONS.items(), strict=True):
        with place:
            precision(rows.loc[rows["population"] == population], f"Use cases {title.lower()}", as_of)
    first = rows.iloc[0]
    st.caption(
        plain(
            f"Of {count(first['lists_count'])} lists, look-alikes were right more often than popularity in"
            f" {count(first['better_lists_count'])}. Look-alikes: the advice of this page, made anew on"
            f" {count(first['origins_count'])} past days from what was known then. Popularity: what most accounts have"
            " adopted. Chance: the share of all candidates that was adopted. First of the book: the most likely ones of"
            " all accounts together. Only use cases are tested here; how far forecasts of commits were off stands on"
            " Credits."
        )
    )
    columns = [
        column("Candidates", "population", lambda value: POPULATIONS.get(value, name(value)), "short"),
        column("List", "list", str, "short"),
        column("Recommendations", "recommendations_count", count, "number"),
        column("Right by look-alikes", "look_alike_hits_count", count, "number"),
        column("by popularity", "popularity_hits_count", count, "number"),
        column("Share right by look-alikes", "look_alike_precision_ratio", percent, "number"),
        column("by popularity", "popularity_precision_ratio", percent, "number"),
        column("by chance", "base_ratio", percent, "number"),
        column("Look-alikes better", "is_better_than_popularity", lambda better: "yes" if better else "no"),
    ]
    with st.expander("The same in numbers"):
        table(rows, columns, f"Recommended on past days against what was adopted and kept · as of {as_of}")


def precision(rows: pd.DataFrame, title: str, as_of: str) -> None:
    """Shares of right recommendations, a mark a method."""
    if rows.empty:
        nothing(f"{title}: nothing could be recommended.")
        return
    methods = {field: label for field, (label, _, _) in METHODS.items()}
    long = rows.melt(["list", "list_scope", "list_length"], list(METHODS), "field", "ratio")
    long = long.assign(method=long["field"].map(methods))
    palette = {label: colour for label, colour, _ in METHODS.values()}
    shapes = alt.Scale(domain=list(palette), range=[shape for _, _, shape in METHODS.values()])
    marks = alt.Chart(long).mark_point(filled=True, size=90, opacity=0.9)
    figure(
        marks.encode(
            x=alt.X("ratio:Q", title="Right, of the recommendations", axis=alt.Axis(format="%")),
            y=charts.names("list", order=rows["list"].tolist()),
            color=charts.colours("method", palette, list(palette), "By"),
            shape=alt.Shape("method:N", title="By", scale=shapes, legend=charts.words_legend(list(palette))),
            tooltip=charts.tips(("list:N", "List"), ("method:N", "By"), ("ratio:Q", "Right", ".1%")),
        ),
        title,
        "Percent of recommendations that were adopted and kept",
        as_of,
        f"{title}: how often recommendations by look-alikes, by popularity and by chance were right, by list.",
        height=40 * len(rows) + 130,
    )


def show() -> None:
    """Draws the page."""
    as_of = day(select("publish")["as_of_date"].iloc[0])
    st.title("Expansion", anchor=False)
    chosen = filters()
    sums = select("expansion_totals", **chosen._asdict()).iloc[0]
    if sums["opportunities_count"]:
        totals(sums)
        kinds(select("expansion_kinds", **chosen._asdict()), as_of)
        opportunities(chosen, as_of)
    else:
        nothing("No opportunity to grow fits these filters.")
    record(as_of)


show()
