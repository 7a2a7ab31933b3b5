"""What of one account is about money: commits, invoices, renewals."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import account_charts as draw
from dashboard.charts import colours, days, tips
from dashboard.serving import select
from dashboard.widgets import Column, column, figure, nothing, table
from dashboard.words import plain
from pipelines.words import count, day, money, name, percent, short_money, text

AGES = {
    "not due": "#56B4E9",
    "1 to 30 days late": "#FEE391",
    "31 to 60 days late": "#FE9929",
    "61 to 90 days late": "#CC4C02",
    "over 90 days late": "#662506",
}


def credits_left(account_id: str, as_of: str) -> None:
    """Prepaid commits: what is left, and when it will be used up."""
    commits = select("account_commits", account_id=account_id)
    if commits.empty:
        nothing("This account has no prepaid commit.")
        return
    commits = commits.set_index("credit_grant_id", drop=False)
    is_open = commits["last_drawn_date"].notna()
    chosen = commits.index[is_open][0] if is_open.any() else commits.index[0]
    if len(commits) > 1:
        chosen = st.segmented_control(
            "Commit",
            commits.index.tolist(),
            default=chosen,
            format_func=lambda grant: (
                f"{short_money(commits.at[grant, 'total_usd'])} from {day(commits.at[grant, 'effective_date'])}"
            ),
            key="commit",
            bind="query-params",
            required=True,
        )
    commit = commits.loc[chosen]
    burndown = select("account_burndown", credit_grant_id=chosen)
    fan = select("account_fan", credit_grant_id=chosen)
    figure(
        draw.burndown(burndown, fan, commit),
        f"Commit of {money(commit['total_usd'])}, {day(commit['effective_date'])} to {day(commit['expires_date'])}",
        "US dollars left; dotted: an even burn; shade: eight in ten outcomes, drawn straight to their ends",
        as_of,
        "What is left of the commit by day, and a fan of outcomes up to the day it is used up or ends.",
    )
    st.caption(plain(draw.outlook(commit)))


def payments(account_id: str, as_of: str) -> None:
    """What is owed, by how late it is; failed payments and disputes."""
    rows = select("account_payments", account_id=account_id)
    if rows.empty:
        nothing("Billing does not know this account.")
        return
    now = select("account_payments_now", account_id=account_id).iloc[0]
    if rows["owed_usd"].eq(0).all():
        nothing("Nothing was owed at the end of any day of the last half year.")
    else:
        areas = alt.Chart(rows).mark_area(interpolate="step-after")
        figure(
            areas.encode(
                x=days("as_of_date"),
                y=alt.Y("owed_usd:Q", title="US dollars owed", axis=alt.Axis(format="$~s")),
                color=colours("age", AGES, list(AGES)),
                order=alt.Order("place:Q"),
                tooltip=tips(("as_of_date:T", "Day"), ("age:N", "Age"), ("owed_usd:Q", "Owed", "$,.2f")),
            ),
            "What is owed",
            "US dollars on open invoices at the end of the day, by how late they are",
            as_of,
            "Open invoices by day, stacked by how long they are past due.",
        )
    recovered = "" if pd.isna(now["recovery_90d_ratio"]) else f", {percent(now['recovery_90d_ratio'])} of it recovered"
    st.caption(
        plain(
            f"Owed: {money(now['receivables_usd'])}, of it past due {money(now['past_due_usd'])}. Last 90 days:"
            f" {count(now['failed_payments_90d_count'])} failed payments of {money(now['failed_90d_usd'])}{recovered}."
            f" Open disputes: {count(now['disputes_open_count'])} of {money(now['disputed_open_usd'])}."
        )
    )


def renewals(account_id: str, as_of: str) -> None:
    """Terms that end or ended, and what became of them."""
    rows = select("account_renewals", account_id=account_id)
    if rows.empty:
        nothing("No term of this account is known to end.")
        return
    columns = [
        column("Term ends", "term_end_date", day, "short"),
        column("Outcome", "outcome", name, "short"),
        column("Stage", "stage_name", text),
        column("At stake, a year", "available_usd", money, "number"),
        column("Use speaks for", "expected_usd", money, "number"),
        column("Renewed", "won_usd", money, "number"),
        column("Lost", "lost_usd", money, "number"),
        column("Work starts", "renewal_start_date", day, "short"),
        column("Notice by", "notice_date", day, "short"),
        Column("Decided", lambda row: f"{day(row['decided_date'])}{' (late)' if row['is_late'] else ''}", "short"),
    ]
    table(rows, columns, f"The newest term first; US dollars a year · as of {as_of}")
