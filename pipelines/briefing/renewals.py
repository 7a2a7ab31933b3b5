"""Renewals of the page: how much comes up within 30, 60 and 90 days, how much of it is at risk, and which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.briefing.asking import Rows
from pipelines.briefing.page import BAND_COLOURS, Cell, Column, Row, Table
from pipelines.words import count, day, is_unknown, money, name, percent, text

_WINDOWS = (30, 60, 90)
_RISK = "At risk: the account is, or the stage of the CRM does not believe in it although the account is well."


def due(rows: Rows, as_of: date) -> Table:
    """What comes up, each window with those before it."""
    windows = [(f"Within {days} days", [row for row in rows if 0 <= row["days_left"] <= days]) for days in _WINDOWS]
    late = [row for row in rows if row["days_left"] < 0]
    if late:
        windows.append(("Term over, still undecided", late))
    made = []
    for label, chosen in windows:
        doubted = [row for row in chosen if row["is_at_risk"]]
        whole, part = _worth(chosen), _worth(doubted)
        share = percent(part / whole) if whole else percent(None)
        values = (count(len(chosen)), money(whole), count(len(doubted)), money(part), share)
        made.append(Row((Cell(label), *(Cell(value) for value in values))))
    return Table(
        "Renewals that come up",
        f"Open renewals by the end of their term, US dollars a year, as of {as_of}. {_RISK}",
        (
            Column("Term ends", 26),
            *(
                Column(heading, width, is_number=True)
                for heading, width in (
                    ("Open", 10),
                    ("Worth a year", 20),
                    ("At risk", 10),
                    ("Worth a year", 20),
                    ("Share", 14),
                )
            ),
        ),
        tuple(made) if rows else (),
        "No open renewal within 90 days.",
    )


def at_risk(rows: Rows, listed: int) -> Table:
    """The renewals at risk, the most money first."""
    doubted = [row for row in rows if row["is_at_risk"]]
    made = [
        Row(
            (
                Cell(text(row["account_name"]), text(row["owner_name"])),
                Cell(day(row["term_end_date"]), _when(row["days_left"])),
                Cell(money(row["open_usd"]), _expected(row)),
                Cell(name(row["health_band"]), colour=BAND_COLOURS.get(row["health_band"], "")),
                Cell(text(_reason(row)), "renews unless notice is given" if row["is_auto_renewed"] else ""),
            )
        )
        for row in doubted[:listed]
    ]
    return Table(
        "Renewals at risk within 90 days",
        f"{len(made)} of {count(len(doubted))} renewals, by what they are worth a year" if made else "",
        (
            Column("Account", 24),
            Column("Term ends", 14),
            Column("Worth a year", 18, is_number=True),
            Column("Health", 12),
            Column("Why", 32),
        ),
        tuple(made),
        "No renewal within 90 days is at risk.",
    )


def _worth(rows: Rows) -> Decimal:
    return sum((row["open_usd"] for row in rows), Decimal(0))


def _when(days_left: int) -> str:
    return f"in {days_left} days" if days_left >= 0 else f"{-days_left} days ago"


def _expected(row: dict[str, Any]) -> str:
    return "" if is_unknown(row["expected_usd"]) else f"{money(row['expected_usd'])} by its use"


def _reason(row: dict[str, Any]) -> str | None:
    doubt = f"CRM: {row['doubted_stage']}, {count(row['renewal_probability_pct'])}%" if row["doubted_stage"] else None
    return "; ".join(filter(None, (row["worst_driver"], doubt))) or None
