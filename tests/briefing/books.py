"""Books by hand for the briefing, on top of the dashboard's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.dashboard.serving_files import DAY, Rows, small_book


def full_book(
    as_of: date = DAY, commits: Sequence[str] = ("g1",), subjects: Sequence[str] = ("exports",), is_held: bool = False
) -> Rows:
    """The small book with something in every list: commits, opportunities, a renewal each of a kind, a signal."""
    shift = as_of - DAY
    book = {mart: [_moved(row, shift) for row in rows] for mart, rows in small_book().items()}
    book["marts.account_segments"] = [
        row | {"segment_reason": "Uses less than before"} for row in book["marts.account_segments"]
    ]
    book["marts.data_health"] = [
        {
            "system": system,
            "as_of_date": as_of,
            "status": "missing" if is_held and system == "product" else "healthy",
            "reason": "nothing of about 900 events" if is_held and system == "product" else "as usual",
            "is_trusted": not (is_held and system == "product"),
            "is_holding": is_held and system == "product",
            "held_by_date": as_of,
            "measured_on_date": as_of - timedelta(days=1),
        }
        for system in ("billing", "product")
    ]
    book["marts.commit_forecast"] = [
        {
            "credit_grant_id": grant,
            "account_id": "a2",
            "remaining_usd": 100 * number,
            "is_exhausted": False,
            "p10_exhaustion_date": as_of + timedelta(days=20),
            "p50_exhaustion_date": as_of + timedelta(days=30),
            "p50_overage_usd": 10 * number,
            "p50_breakage_usd": 0,
            "expires_date": as_of + timedelta(days=90),
        }
        for number, grant in enumerate(commits, start=1)
    ]
    book["marts.expansion_opportunities"] = [
        {
            "account_id": "a2",
            "opportunity_kind": "new_use_case",
            "subject_id": subject,
            "account_name": "<b>Bolt</b> $1 & $2",
            "owner_name": "Lee",
            "evidence": f"Look-alikes use {subject}",
            "motion": "sales",
            "confidence_ratio": 0.25,
            "p50_monthly_usd": 400,
            "expected_monthly_usd": 100,
        }
        for subject in subjects
    ]
    book["marts.health_disagreements"] = [
        {
            "account_id": "a2",
            "disagreement": "green_and_doubted",
            "health_score": 90,
            "renewal_stage": "Prospecting",
            "renewal_probability_pct": 10,
            "tickets_created_90d_count": 3,
            "monthly_revenue_usd": 250,
        }
    ]
    book["marts.renewals"] = [renewal(*row, as_of) for row in RENEWALS]
    book["marts.usage_signals"] = [
        signal("s1", as_of, as_of),
        signal("s2", as_of - timedelta(days=6), as_of),
        signal("s3", as_of - timedelta(days=7), as_of),
    ]
    return book


# Account, days until the term ends, dollars a year, outcome. At risk are a1 by its band and a2 by its stage.
RENEWALS: tuple[tuple[str, int, int, str], ...] = (
    ("a1", 30, 1000, "open"),
    ("a2", 31, 200, "open"),
    ("a3", 60, 30, "open"),
    ("a3", 90, 4, "open"),
    ("a3", 91, 7777, "open"),
    ("a1", 10, 8888, "won"),
    ("a3", -5, 50, "open"),
)


def renewal(account: str, days_left: int, usd: int, outcome: str, as_of: date) -> dict[str, Any]:
    """One renewal."""
    return {
        "renewal_id": f"{account} {days_left}",
        "account_id": account,
        "outcome": outcome,
        "open_usd": usd if outcome == "open" else 0,
        "is_auto_renewed": False,
        "term_end_date": as_of + timedelta(days=days_left),
    }


def signal(signal_id: str, detected: date, as_of: date) -> dict[str, Any]:
    """One signal that consumption fell."""
    return {
        "signal_id": signal_id,
        "account_id": "a1",
        "unit_id": "a1",
        "signal_kind": "level_shift",
        "direction": "down",
        "unit_type": "account",
        "affected_28d_usd": -120,
        "is_open": True,
        "started_date": as_of - timedelta(days=20),
        "detected_date": detected,
    }


def _moved(row: Any, shift: timedelta) -> dict[str, Any]:
    return {key: value + shift if isinstance(value, date) else value for key, value in row.items()}
