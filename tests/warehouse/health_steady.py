"""Accounts whose customers do nothing new: one level for a year, and the noise of everyday use around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

FIRST, DAYS, NOISE = date(2026, 1, 1), 365, 1.0
EDGES, MARGIN, CONFIRM_DAYS = (60, 75), 2, 2
# Half a point a step, so that some accounts live right on an edge.
LEVELS = tuple(half / 2 for half in range(80, 181))

SCORE_TYPES = {
    "account_id": "varchar",
    "as_of_date": "date",
    "health_score_version": "varchar",
    "score_micropoints": "bigint",
    "is_churned": "boolean",
    "measured_on_date": "date",
}
# Two versions of the same edges: one with margin and confirmation, one that believes each day.
VERSIONS = [
    {"health_score_version": "margin", "band_confirm_days": CONFIRM_DAYS},
    {"health_score_version": "none", "band_confirm_days": 1},
]
BANDS = [
    {
        "health_score_version": version,
        "health_band": f"band_{number}",
        "lower_score": lower,
        "upper_score": upper,
        "hysteresis_points": margin if lower else 0,
        "sort_order": number,
    }
    for version, margin in (("margin", MARGIN), ("none", 0))
    for number, (lower, upper) in enumerate(zip((0, *EDGES), (*EDGES, 100), strict=True), start=1)
]


def steady_scores(seed: int) -> Iterator[dict[str, Any]]:
    """Rows of int_account_health_scores: independent normal noise around each level, the same under both versions."""
    random = Random(seed)
    for level in LEVELS:
        for number in range(DAYS):
            day = FIRST + timedelta(number)
            score = random.gauss(level, NOISE)
            for version in VERSIONS:
                yield {
                    "account_id": f"{level}",
                    "as_of_date": day,
                    "health_score_version": version["health_score_version"],
                    "score_micropoints": round(score * 1_000_000),
                    "is_churned": False,
                    "measured_on_date": day,
                }


def expected_changes(level: float) -> float:
    """Most band changes in a year that an account of this level may be expected to have with margin and confirmation.

    It crosses an edge upwards only on a day that ends two days above edge + margin, downwards only on one that ends two
    days below edge - margin, and the crossings take turns. So there is at most one more of them than twice the rarer
    of the two kinds of days, of which there are days x probability ^ 2 in the mean.
    """
    normal = NormalDist(level, NOISE)
    crossings = 0.0
    for edge in EDGES:
        above, below = 1 - normal.cdf(edge + MARGIN), normal.cdf(edge - MARGIN)
        rarer = DAYS * min(above, below) ** CONFIRM_DAYS
        # The one: from where its first day has put it to where it belongs, if that may be on the wrong side.
        misplaced = min(normal.cdf(edge), 1 - normal.cdf(edge))
        crossings += 2 * rarer + misplaced
    return crossings
