"""Data health: whether a drop is real or a feed broke, and how much of it all we know the owner of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.serving import select
from dashboard.widgets import LIST_ROWS, Column, column, figure, metric, nothing, table
from dashboard.words import in_order
from pipelines.words import count, day, moment, money, name, percent, spaced, text

STATUSES = {
    "healthy": charts.GREEN,
    "overridden": charts.SKY,
    "unjudged": "#CCCCCC",
    "flagged": charts.YELLOW,
    "surplus": charts.PURPLE,
    "partial": charts.ORANGE,
    "rejected": charts.BLUE,
    "late": charts.RED,
    "missing": charts.BLACK,
}
SEVERITIES = ("critical", "warning", "info")
# The strongest evidence first, in shades that say so; what belongs to nobody is last.
EVIDENCE = ("override", "record", "explicit_id", "domain", "email_domain", "own_account", "orphan")
SHADES = ("#08306b", "#08519c", "#2171b5", "#4292c6", "#6baed6", "#9ecae1", charts.RED)
COVERED = {"paid_invoices": "Revenue", "usage_credits": "Usage", "tickets": "Tickets"}


def covered(tied: pd.DataFrame) -> None:
    """How much has an account, in three numbers."""
    lost = tied.loc[tied["rule_class"] == "orphan"].set_index("measure")["ratio"]
    for place, (measure, label) in zip(st.columns(3), COVERED.items(), strict=True):
        with place:
            metric(f"{label} with an account", percent(1 - lost.get(measure, 0.0)) if len(tied) else text(None))


def feeds(as_of: str) -> None:
    """Each system's last two months."""
    st.subheader("Feeds")
    rows = select("data_health_days")
    if rows.empty:
        nothing("No system has delivered anything yet.")
        return
    tiles = alt.Chart(rows).mark_rect(stroke="white", strokeWidth=1)
    axis = alt.Axis(format="%d %b", labelAngle=0, labelOverlap=True)
    figure(
        tiles.encode(
            x=alt.X("yearmonthdate(as_of_date):O", title=None, axis=axis),
            y=charts.names("system"),
            color=charts.colours("status", STATUSES, in_order(rows["status"], tuple(STATUSES))),
            tooltip=charts.tips(
                ("system:N", "System"),
                ("as_of_date:T", "Day"),
                ("status:N", "Status"),
                ("reason:N", "Why"),
                ("landed_rows:Q", "Records", ","),
                ("expected_rows:Q", "Expected", ","),
            ),
        ),
        "What each system delivered",
        "Status of each of the last 60 days",
        as_of,
        "A strip a system, a tile a day, coloured by whether the day's data is trusted.",
        height=280,
    )
    doubts(as_of)


def doubts(as_of: str) -> None:
    """Days that scores may not rest on."""
    rows = select("data_health_doubts", row_limit=LIST_ROWS)
    if rows.empty:
        st.success("Every day of every system is trusted: no score is held back.")
        return
    columns = [
        column("Day", "as_of_date", day, "short"),
        column("System", "system", name),
        column("Status", "status", name, "short"),
        column("Why", "reason", text),
        column("Days of scores that waited", "held_days_count", count, "number"),
    ]
    everything = count(rows["all_days_count"].iloc[0])
    caption = f"{len(rows)} of {everything} days that scores may not rest on, the newest first · as of {as_of}"
    table(rows, columns, caption)


def gate() -> None:
    """What was checked before anything was built."""
    st.subheader("Gate")
    rows = select("data_health_gate")
    if rows.empty:
        nothing("The gate has judged nothing yet.")
        return
    columns = [
        column("System", "system", name),
        *(Column(f"{severity.capitalize()}, failed", failed(severity), "number") for severity in SEVERITIES),
    ]
    table(rows, columns, f"Expectations of the newest run that was judged, {moment(rows['checked_at'].max())}")


def failed(severity: str) -> Callable[[Mapping[str, Any]], str]:
    """How many of the expectations of a severity failed."""
    return lambda row: f"{row[f'{severity}_failed_count']} of {row[f'{severity}_count']}"


def rejects(as_of: str) -> None:
    """What was not let in."""
    st.subheader("Rejected records")
    columns = [
        column("System", "system", name),
        column("last 60 days", "recent_rejected_rows", count, "number"),
        column("of all time", "rejected_rows", count, "number"),
        column("landed", "landed_rows", count, "number"),
        column("Last on", "last_rejected_date", day),
    ]
    rows = select("data_health_rejects")
    if rows.empty:
        nothing("Nothing has landed yet.")
    else:
        table(rows, columns, f"Records in quarantine; `account-health rejects` names file and line · as of {as_of}")


def gate_failures() -> None:
    """Which expectations failed."""
    rows = select("data_health_gate_failures", row_limit=LIST_ROWS)
    columns = [
        column("Checked", "checked_at", moment, "short"),
        column("System", "system", name),
        column("Expectation", "expectation", text),
        column("Severity", "severity", name),
        column("Records", "unexpected_count", count, "number"),
        column("What", "message", text),
        column("Let pass because", "accepted_reason", text),
    ]
    if not rows.empty:
        table(rows, columns, "What failed at the gate in the published runs, the newest first")


def identity(tied: pd.DataFrame, as_of: str) -> None:
    """How much is tied to an account, and by what."""
    st.subheader("Identity")
    if tied.empty:
        nothing("No record has been matched yet.")
        return
    found = in_order(tied["rule_class"], EVIDENCE)
    rows = tied.assign(measure=tied["measure"].map(name), place=tied["rule_class"].map(found.index))
    label = f"datum.label == 'orphan' ? 'No account' : 'By ' + lower({charts.IN_WORDS})"
    bars = alt.Chart(rows).mark_bar(stroke="white")
    figure(
        bars.encode(
            y=charts.names("measure"),
            x=alt.X("ratio:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color(
                "rule_class:N",
                title=None,
                scale=alt.Scale(domain=list(EVIDENCE), range=list(SHADES)),
                legend=alt.Legend(
                    orient="top",
                    labelExpr=label,
                    values=found,
                ),
            ),
            order=alt.Order("place:Q"),
            tooltip=charts.tips(("measure:N", "Of"), ("rule_class:N", "Evidence"), ("ratio:Q", "Share", ".1%")),
        ),
        "What is tied to an account, and by which evidence",
        "Percent of paid invoices, credits, events and tickets",
        as_of,
        "Stacked bars of revenue, usage and tickets by the evidence that ties them to an account.",
    )
    issues(as_of)


def issues(as_of: str) -> None:
    """Records whose account is in doubt."""
    rows = select("data_health_issues", row_limit=LIST_ROWS)
    if rows.empty:
        st.success("No record's account is in doubt.")
        return
    columns = [
        column("System", "source_system", name),
        column("Issue", "issue", name),
        column("Records", "records_count", count, "number"),
        column("Paid invoices", "paid_invoices_usd", money, "number"),
        column("Credits", "usage_credits", count, "number"),
        column("Tickets", "tickets_count", count, "number"),
    ]
    table(rows, columns, f"Records whose account is in doubt · as of {as_of}")


def runs() -> None:
    """The last runs."""
    st.subheader("Runs")
    columns = [
        column("Started", "started_at", moment, "short"),
        column("Command", "command", text),
        column("Night", "as_of_date", day, "short"),
        column("Status", "status", name, "short"),
        column("Steps", "steps", spaced),
        column("Message", "message", text),
    ]
    rows = select("data_health_runs", row_limit=LIST_ROWS)
    if rows.empty:
        nothing("No run is recorded.")
    else:
        table(rows, columns, "The newest runs, as they stood when this file was published")


def show() -> None:
    """Draws the page."""
    as_of = day(select("publish")["as_of_date"].iloc[0])
    st.title("Data health", anchor=False)
    tied = select("data_health_identity")
    covered(tied)
    feeds(as_of)
    left, right = st.columns(2)
    with left:
        gate()
    with right:
        rejects(as_of)
    gate_failures()
    identity(tied, as_of)
    runs()


show()
