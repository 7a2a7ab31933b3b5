"""The lists of the page: who moved and why, and what else is new. Each says of how many it shows the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipelines.briefing.asking import Rows
from pipelines.briefing.page import BAND_COLOURS, Cell, Column, Row, Table
from pipelines.words import change, count, day, is_unknown, money, name, odds, points, signed_percent, spaced, text

LISTED = 10
LISTED_MOVES = 5  # of falls and of rises, each
_ACCOUNT = Column("Account", 23)


def band_moves(rows: Rows, window_days: int, as_of: date) -> Table:
    """Accounts in another band or segment than before."""
    span = "overnight" if window_days == 1 else f"within {window_days} days"
    against = f"by revenue, {as_of} against {as_of - timedelta(days=window_days)}"
    made = [
        Row((_account(row), *_states(row), Cell(money(row["monthly_revenue_usd"])), Cell(_move_reason(row))))
        for row in rows
    ]
    return Table(
        f"Changed band or segment {span}",
        _of(rows, "all_rows_count", f"accounts, {against}"),
        (
            _ACCOUNT,
            Column("Health", 18),
            Column("Segment", 18),
            Column("Revenue a month", 13, is_number=True),
            Column("Why", 29),
        ),
        tuple(made),
        f"No account changed its health band or segment {span}.",
    )


def score_moves(rows: Rows, word: str, window_days: int) -> Table:
    """The largest falls, or rises, of the score."""
    made = []
    for row in rows:
        ours = row["formula_points"]
        note = "" if is_unknown(ours) or round(ours, 1) == 0 else f"of which {change(ours)} by our formula"
        score = f"{points(row['previous_health_score'])} → {points(row['health_score'])}"
        made.append(
            Row(
                (
                    _account(row),
                    Cell(change(row["score_change"]), score, BAND_COLOURS[row["health_band"]]),
                    Cell(money(row["monthly_revenue_usd"])),
                    Cell(text(row["reason"]), note),
                )
            )
        )
    return Table(
        f"Biggest {word} of the score",
        _of(rows, "all_rows_count", f"accounts, points in {window_days} days"),
        (
            _ACCOUNT,
            Column("Points", 18),
            Column("Revenue a month", 16, is_number=True),
            Column("What moved it most", 42),
        ),
        tuple(made),
        f"No score {'fell' if word == 'falls' else 'rose'} in {window_days} days.",
    )


def signals(rows: Rows, window_days: int) -> Table:
    """What usage says since last week."""
    kinds = {
        ("level_shift", "down"): "Usage left its level, downwards",
        ("level_shift", "up"): "Usage left its level, upwards",
        ("slope_change", "down"): "Growth bent down",
        ("slope_change", "up"): "Growth bent up",
        ("feature_dropped", "down"): "Dropped a feature",
        ("team_silent", "down"): "A team went silent",
        ("champion_gone", "down"): "A champion is gone",
    }
    made = []
    for row in rows:
        kind = row["signal_kind"], row["direction"]
        unit = f": {spaced(row['unit_name'])}" if row["unit_name"] else ""
        ended = f", over on {day(row['ended_date'])}" if row["ended_date"] else ""
        made.append(
            Row(
                (
                    _account(row),
                    Cell(kinds.get(kind, name(row["signal_kind"])) + unit, f"began {day(row['started_date'])}{ended}"),
                    Cell(day(row["detected_date"])),
                    Cell(money(row["affected_28d_usd"])),
                    Cell(money(row["monthly_revenue_usd"])),
                ),
                row["is_new"],
            )
        )
    return Table(
        f"New signals of usage within {window_days} days",
        _of(rows, "all_rows_count", "signals, last night's first, then by money"),
        (
            _ACCOUNT,
            Column("Signal", 34),
            Column("Known since", 14),
            Column("At stake in 28 days", 14, is_number=True),
            Column("Revenue a month", 14, is_number=True),
        ),
        tuple(made),
        f"No new signal of usage within {window_days} days.",
    )


def running_out(rows: Rows, fresh: Mapping[str, bool], caption: str) -> Table:
    """Commits that are used up before their term ends."""
    made = [
        Row(
            (
                _account(row),
                Cell(day(row["p50_exhaustion_date"]), _range(row)),
                Cell(day(row["expires_date"])),
                Cell(money(row["remaining_usd"])),
                Cell(money(row["p50_overage_usd"])),
            ),
            fresh[row["credit_grant_id"]],
        )
        for row in rows
    ]
    return Table(
        "Commits that run out before their term",
        caption,
        (
            _ACCOUNT,
            Column("Runs out", 26),
            Column("Term ends", 16),
            Column("Left of the commit", 17, is_number=True),
            Column("Overage by then", 17, is_number=True),
        ),
        tuple(made),
        "No commit is new among those that run out.",
    )


def wasting(rows: Rows, fresh: Mapping[str, bool], caption: str) -> Table:
    """Commits of which money expires unused."""
    made = [
        Row(
            (
                _account(row),
                Cell(day(row["expires_date"])),
                Cell(money(row["remaining_usd"])),
                Cell(
                    money(row["p50_breakage_usd"]),
                    f"{money(row['p10_breakage_usd'])} to {money(row['p90_breakage_usd'])}",
                ),
            ),
            fresh[row["credit_grant_id"]],
        )
        for row in rows
    ]
    return Table(
        "Commits that will expire partly unused",
        caption,
        (
            _ACCOUNT,
            Column("Term ends", 26),
            Column("Left of the commit", 25, is_number=True),
            Column("Expires unused", 25, is_number=True),
        ),
        tuple(made),
        "No commit is new among those that leave money unused.",
    )


def expansion(rows: Rows, fresh: Mapping[str, bool], caption: str) -> Table:
    """Where accounts are likely to grow."""
    made = [
        Row(
            (
                _account(row),
                Cell(name(row["opportunity_kind"]), "sales" if row["motion"] == "sales" else "product-led"),
                Cell(
                    money(row["expected_monthly_usd"]),
                    f"{odds(row['confidence_ratio'])} of {money(row['p50_monthly_usd'])}",
                ),
                Cell(text(row["evidence"])),
            ),
            fresh[row["key"]],
        )
        for row in rows
    ]
    return Table(
        "Opportunities to expand",
        caption,
        (_ACCOUNT, Column("What", 18), Column("Expected a month", 18, is_number=True), Column("Why", 40)),
        tuple(made),
        "No new opportunity.",
    )


def disagreements(rows: Rows, fresh: Mapping[str, bool], caption: str) -> Table:
    """Where the score and another view say different things."""
    made = []
    for row in rows:
        coming, tickets = row["consumption_forecast_change_pct"], count(row["tickets_created_90d_count"])
        facts = [
            f"Score {points(row['health_score'])}",
            f"consumption to come {signed_percent(coming)}",
            f"recurring revenue {signed_percent(row['mrr_change_90d_pct'])} and {tickets} tickets in 90 days",
        ]
        if row["renewal_stage"]:
            facts.append(f"renewal: {row['renewal_stage']}, {count(row['renewal_probability_pct'])}%")
        made.append(
            Row(
                (
                    _account(row),
                    Cell(name(row["disagreement"])),
                    Cell(money(row["monthly_revenue_usd"])),
                    Cell("; ".join(facts)),
                ),
                fresh[row["key"]],
            )
        )
    return Table(
        "Where the score and another view disagree",
        caption,
        (_ACCOUNT, Column("Which", 19), Column("Revenue a month", 15, is_number=True), Column("What each says", 42)),
        tuple(made),
        "No new disagreement.",
    )


def _of(rows: Rows, counted: str, what: str) -> str:
    return f"{len(rows)} of {count(rows[0][counted])} {what}" if rows else ""


def _account(row: Mapping[str, Any]) -> Cell:
    return Cell(text(row["account_name"]), "" if is_unknown(row["owner_name"]) else str(row["owner_name"]))


def _range(row: Mapping[str, Any]) -> str:
    """Between which days it runs out; what lasts until the term ends has no later day."""
    if row["is_exhausted"]:
        return "is used up"
    latest = row["p90_exhaustion_date"]
    earliest = day(row["p10_exhaustion_date"])
    return f"from {earliest} on" if is_unknown(latest) else f"{earliest} to {day(latest)}"


def _states(row: Mapping[str, Any]) -> tuple[Cell, Cell]:
    """What health and segment were and are; one word where they stayed."""

    def moved(field: str) -> str:
        before, now = row[f"previous_{field}"], row[field]
        return name(now) if before == now else f"{name(before or 'new')} → {name(now)}"

    return Cell(moved("health_band"), colour=BAND_COLOURS[row["health_band"]]), Cell(moved("segment"))


def _move_reason(row: Mapping[str, Any]) -> str:
    """What moved the score where the band moved, else what the new segment means."""
    if row["previous_health_band"] == row["health_band"]:
        return text(row["segment_reason"])
    if row["health_band"] == "unknown":
        return "The score is withheld: too little is known"
    if (
        is_unknown(row["reason"])
        and not is_unknown(row["health_score"])
        and not is_unknown(row["previous_health_score"])
    ):
        return f"The score, {points(row['health_score'])}, has stayed beyond the edge for long enough"
    return text(row["segment_reason"] if is_unknown(row["reason"]) else row["reason"])
