"""Columns of lists that several pages show: usage signals, and where accounts are likely to grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.widgets import Column, column
from pipelines.words import day, is_unknown, money, name, odds, spaced, text


def signal(row: Mapping[str, Any]) -> str:
    """What usage did: Level shift, down. Silence of a team, a feature or a champion has one direction alone."""
    return name(row["signal_kind"]) + (f", {row['direction']}" if row["unit_type"] == "account" else "")


def about(row: Mapping[str, Any]) -> str:
    """Whose usage it was: the account's, or that of a team, a feature or a contact of the CRM."""
    if row["unit_type"] == "account":
        return "the account"
    if row["unit_type"] == "feature":
        return f"feature {spaced(row['unit_id'])}"
    return f"{row['unit_type']} {row['unit_id'] if is_unknown(row['team_name']) else row['team_name']}"


def size(row: Mapping[str, Any]) -> str:
    """The size a month with its quartiles: $200 ($100 to $400)."""
    if is_unknown(row["p50_monthly_usd"]):
        return "too few look-alikes"
    spread = f"{money(row['p25_monthly_usd'])} to {money(row['p75_monthly_usd'])}"
    return f"{money(row['p50_monthly_usd'])} ({spread})"


def kind(row: Mapping[str, Any]) -> str:
    """What would grow: New use case, Alerting."""
    return name(row["opportunity_kind"]) + ("" if is_unknown(row["use_case_name"]) else f", {row['use_case_name']}")


SIGNALS = (
    Column("Signal", signal, "short"),
    Column("About", about),
    column("Since", "started_date", day, "short"),
    column("Detected", "detected_date", day, "short"),
    column("Usage gained or lost, 28 days", "affected_28d_usd", money, "number"),
)
OPPORTUNITIES = (
    Column("What would grow", kind),
    column("Why", "evidence", text),
    column("Who acts", "motion", name, "short"),
    column("How likely", "confidence_ratio", odds, "number"),
    Column("Size a month (quartiles)", size, "number"),
    column("Expected a month", "expected_monthly_usd", money, "number"),
)
SIGNALS_READ = (
    "Level shift: consumption and people left their level. Slope change: growth bent. Feature dropped, team silent,"
    " champion gone: who used it regularly does not any more. Since: the estimated onset."
)
OPPORTUNITIES_READ = (
    "Expected: how likely times the median size. Opportunities of one account overlap, as a new use case also draws on"
    " the commit: do not add them up."
)
