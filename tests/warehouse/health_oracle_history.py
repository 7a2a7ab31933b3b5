"""What several days of scores say together, from the specification: bands, and why a score has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.warehouse.health_oracle import POINT, Row, Score, Seeds

# 1. From scores to bands.


@dataclass
class Latch:
    """One edge between two bands, and on which side of it an account has been confirmed to stand."""

    edge: int
    margin: int
    confirm_days: int
    stands: str | None = None
    side: str | None = None
    side_days: int = 0

    def read(self, score: int | None) -> None:
        """One more live day: only so many days in a row beyond the edge and its margin move the account over it."""
        if score is not None and score >= self.edge + self.margin:
            side = "above"
        elif score is not None and score < self.edge - self.margin:
            side = "below"
        else:
            side = None
        self.side_days = self.side_days + 1 if side == self.side else 1
        self.side = side
        if side is not None and self.side_days >= self.confirm_days:
            self.stands = side

    def is_above(self, score: int | None) -> bool:
        """Where the account stands; before anything is confirmed the score of the day decides."""
        return self.stands == "above" if self.stands else score is not None and score >= self.edge


def bands_of(seeds: Seeds, version: Row, scores: Sequence[Score]) -> list[tuple[str, str]]:
    """Of each day of one account, in order: the band that its score alone would give, and the band that counts."""
    own = [row for row in seeds.bands if row["health_score_version"] == version["health_score_version"]]
    lowest, *others = sorted(own, key=lambda row: int(row["sort_order"]))
    latches = [
        (
            row["health_band"],
            Latch(int(row["lower_score"] * POINT), int(row["hysteresis_points"] * POINT), version["band_confirm_days"]),
        )
        for row in others
    ]
    bands = []
    for score in scores:
        # A held day confirms nothing and interrupts nothing.
        if score.day.is_live:
            for _, latch in latches:
                latch.read(score.score)
        if score.is_churned:
            bands.append(("churned", "churned"))
        elif score.score is None:
            bands.append(("unknown", "unknown"))
        else:
            reached = [lowest["health_band"], *(name for name, latch in latches if score.score >= latch.edge)]
            crossed = [lowest["health_band"], *(name for name, latch in latches if latch.is_above(score.score))]
            bands.append((reached[-1], crossed[-1]))
    return bands
