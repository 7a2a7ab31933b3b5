"""The search for an account: part of its name is enough."""

from __future__ import annotations

import streamlit as st

from dashboard.serving import select
from dashboard.widgets import Column, account_link, carried, column, nothing, table
from dashboard.words import chip
from pipelines.words import is_unknown, money, text

FOUND_ROWS = 20


def find() -> None:
    """Draws the search and what it finds, within the filters that the address carries."""
    wanted = st.text_input(
        "Find an account", placeholder="Part of its name, or its id", key="find", bind="query-params"
    ).strip()
    chosen = {f"{key}s": values for key, values in carried().items()}
    rows = select("account_find", find=wanted, row_limit=FOUND_ROWS, **chosen)
    if rows.empty:
        nothing(f"No account is called like that: {wanted}" if wanted else "No account fits these filters.")
        return
    columns = [
        Column("Account", account_link),
        column("Health", "health_band", lambda band: text(band) if is_unknown(band) else chip(band)),
        column("Revenue a month", "monthly_revenue_usd", money, "number"),
    ]
    table(rows, columns, "Matches, by revenue" if wanted else "The largest accounts, by revenue")
