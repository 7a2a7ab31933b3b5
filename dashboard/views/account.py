"""Account: what one customer does, why its score is what it is, and what became of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import account_charts as draw
from dashboard.account_money import credits_left, payments, renewals
from dashboard.charts import waterfall
from dashboard.finding import find
from dashboard.lists import OPPORTUNITIES, OPPORTUNITIES_READ, SIGNALS, SIGNALS_READ
from dashboard.serving import select
from dashboard.widgets import Column, column, figure, metric, nothing, table
from dashboard.words import plain
from pipelines.words import change, count, day, money, name, percent, points, signed_percent, spaced, text

# Whose doing a change of the score is, by the kind of its effect.
EFFECTS = {
    "input": "the customer",
    "coverage": "what we know",
    "configuration": "our formula",
    "override": "overrides",
}


def facts(account_id: str, known: pd.Series) -> None:
    """Who it is and how it is, in words."""
    about = {
        "owner": known["owner_name"],
        "plan": known["plan"],
        "stage": known["customer_stage"],
        "industry": known["industry"],
        "country": known["billing_country"],
        "customer since": day(known["started_date"]),
        "id": account_id,
    }
    st.caption(plain(" · ".join(f"{label} {text(value)}" for label, value in about.items())))
    if known["is_provisional"]:
        held = (
            f"Provisional: the score is that of {day(known['measured_on_date'])}. {text(known['provisional_reason'])}"
        )
        st.warning(plain(held))
    if not pd.isna(known["override_reason"]):
        st.warning(plain(f"People have overridden this score: {known['override_reason']}"))
    moved = known["health_score_change_28d"]
    score, band, revenue, segment, coverage = st.columns(5)
    with score:
        delta = None if pd.isna(moved) else f"{change(moved)} in 28 days"
        metric("Health score, of 100", points(known["health_score"]), delta, "normal")
    with band:
        metric("Health", name(known["health_band"]))
    with revenue:
        metric("Revenue a month", money(known["monthly_revenue_usd"]))
    with segment:
        metric(
            f"Segment since {day(known['segment_since_date'])}", name(known["segment"]), help=known["segment_reason"]
        )
    with coverage:
        told = "Share of the weight of the score that has a measure; below a floor there is no score."
        metric("Score is based on", percent(known["coverage_ratio"]), help=told)
    if not pd.isna(known["health_score"]) and not pd.isna(known["worst_driver"]):
        st.caption(plain(f"What costs most points: {known['worst_driver']}."))


def score(account_id: str, as_of: str) -> None:
    """The score over time, with its bands and what happened."""
    days = select("account_score", account_id=account_id)
    if days["health_score"].isna().all():
        nothing("No score yet: too little is known of this account, or its subscription has ended.")
        return
    events = select("account_events", account_id=account_id)
    figure(
        draw.score(days, select("account_bands", account_id=account_id), events),
        "Health score",
        "Points of 100; background: health band; marks: what changed, listed below",
        as_of,
        "The health score by day on a background of its bands, with marks where band, segment or formula changed.",
        height=360,
    )
    with st.expander(f"What changed: {len(events)} events"):
        columns = [column("Day", "as_of_date", day), column("What", "kind", text), column("Change", "what", spaced)]
        table(events.head(30), columns, f"The newest first · as of {as_of}")


def why(account_id: str, as_of: str) -> None:
    """Why the score moved, in bars that add up."""
    windows = select("account_windows", account_id=account_id)
    if windows.empty:
        nothing("The account is too young to compare its score with an earlier one.")
        return
    options = windows["window_days"].tolist()
    span = st.segmented_control(
        "Why did the score move within",
        options,
        default=28 if 28 in options else options[0],
        format_func=lambda days: "a day" if days == 1 else f"{days} days",
        key="window",
        bind="query-params",
        required=True,
    )
    whole = windows.loc[windows["window_days"] == span].iloc[0]
    if pd.isna(whole["health_score"]) or pd.isna(whole["previous_health_score"]):
        nothing("There is no score on one of the two days, so there is no change to explain.")
        return
    since = day(whole["previous_as_of_date"])
    steps = select("account_changes", account_id=account_id, window_days=int(span))
    figure(
        waterfall(steps, "Health score", is_money=False),
        f"Why the score moved since {since}",
        "Points of 100; blue gives, red takes; bars add up to the difference of the scores",
        as_of,
        "Steps from the earlier score to that of today, one bar a component of the score.",
        height=28 * len(steps) + 110,
    )
    effects = {label: whole[f"{effect}_effect_micropoints"] for effect, label in EFFECTS.items()}
    moved = ", ".join(f"{effect / 1e6:+.2f} by {label}" for label, effect in effects.items() if effect)
    st.caption(plain(f"{whole['change_micropoints'] / 1e6:+.2f} points in all: {moved or 'nothing moved'}."))
    if effects[EFFECTS["coverage"]]:
        st.caption("What we know: a measure appeared or vanished, and others gave or took its weight.")
    columns = [
        Column("Part of the score", lambda row: row["label"].capitalize()),
        Column("Points", lambda row: f"{row['change']:+.2f}", "number"),
        column("Why", "note", text),
    ]
    table(steps.loc[steps["kind"] != "total"], columns, f"The same in words, since {since} · as of {as_of}")


def usage(account_id: str, as_of: str) -> None:
    """Credits by day against the account's own level and peak; teams and use cases."""
    days = select("account_usage", account_id=account_id)
    signals = select("account_signals", account_id=account_id)
    if days["credits"].fillna(0).eq(0).all():
        nothing("No product usage within the last half year.")
    else:
        figure(
            draw.usage(days, signals.loc[signals["is_in_chart"]]),
            "Usage against its own pattern",
            "Credits a day; grey days are not known, which is not zero; lines on top: signals from onset to detection",
            as_of,
            "Credits consumed by day, with the mean of the last 28 known days and the account's own peak;"
            " usage signals with onset and day of detection.",
        )
    open_signals(signals, as_of)
    teams = select("account_teams", account_id=account_id)
    if teams.empty:
        nothing("No team has used the product within the last 56 days.")
    else:
        figure(
            draw.teams(teams),
            "Teams and use cases",
            "Credits in 28 days; arrow: more or less a day than in the 28 before; none where days are not known",
            as_of,
            "A table of teams by use cases with the credits that each consumed in 28 days.",
            height=32 * teams["team_name"].nunique() + 100,
        )
    columns = [
        column("Use case", "use_case_name", text),
        column("Adoption", "adoption_state", name),
        column("Users", "users_28d_count", count, "number"),
        column("Teams", "teams_28d_count", count, "number"),
        column("Credits", "credits_28d", count, "number"),
        column("against 28 days before", "credits_change_28d_pct", signed_percent, "number"),
        column("Last used", "last_used_date", day),
    ]
    use_cases = select("account_use_cases", account_id=account_id)
    if not use_cases.empty:
        table(use_cases, columns, f"Use cases, last 28 days · as of {as_of}")


def open_signals(signals: pd.DataFrame, as_of: str) -> None:
    """What usage says now, the newest first."""
    rows = signals.loc[signals["is_open"]]
    if rows.empty:
        nothing("No usage signal is open.")
    else:
        table(rows, SIGNALS, f"Open usage signals, the newest first · as of {as_of}")
        st.caption(SIGNALS_READ)


def expansion(account_id: str, as_of: str) -> None:
    """Where the account is likely to grow."""
    rows = select("account_expansion", account_id=account_id)
    if rows.empty:
        nothing("No opportunity to grow is known.")
    else:
        table(rows, OPPORTUNITIES, f"Opportunities to grow, by expected money · as of {as_of}")
        st.caption(OPPORTUNITIES_READ)


def support(account_id: str, as_of: str) -> None:
    """Tickets: how many are open, how fast they are answered, how content people are."""
    days = select("account_support", account_id=account_id)
    if days.empty or not days[["open_tickets_count", "tickets_created_28d_count"]].to_numpy().any():
        nothing("No ticket within the last half year.")
        return
    figure(
        draw.tickets(days),
        "Open tickets",
        "Tickets at the end of the day; dark: urgent or high",
        as_of,
        "Open tickets by day, with those of urgent or high priority.",
        height=220,
    )
    st.caption(plain(draw.service(days.iloc[-1])))


def history(account_id: str, as_of: str) -> None:
    """What the nights recorded."""
    rows = select("account_history", account_id=account_id)
    if rows.empty:
        nothing("No night has recorded this account yet.")
        return
    columns = [
        column("What", "kind", text),
        column("Was", "what", spaced),
        column("From", "valid_from_at", day),
        column("Until", "valid_to_at", lambda value: "now" if pd.isna(value) else day(value)),
    ]
    table(rows, columns, f"As each night recorded it; no rebuild changes this · as of {as_of}")


# In reading order: the head of a section, and what draws it.
SECTIONS = {
    "Score": score,
    "Why it moved": why,
    "Usage": usage,
    "Expansion": expansion,
    "Credits": credits_left,
    "Invoices": payments,
    "Renewals": renewals,
    "Tickets": support,
    "History": history,
}


def show() -> None:
    """Draws the page."""
    as_of = day(select("publish")["as_of_date"].iloc[0])
    account_id = st.query_params.get("account_id", "")
    known = select("account_facts", account_id=account_id)
    if known.empty:
        st.title("Account", anchor=False)
        if account_id:
            st.warning(plain(f"No account {account_id} is published."))
        find()
        return
    st.title(plain(known["account_name"].iloc[0]), anchor=False)
    facts(account_id, known.iloc[0])
    if pd.isna(known["health_band"].iloc[0]):
        nothing("Not a customer yet: nothing to score.")
    else:
        for head, draw_section in SECTIONS.items():
            st.subheader(head)
            draw_section(account_id, as_of)
    with st.expander("Another account"):
        find()


show()
