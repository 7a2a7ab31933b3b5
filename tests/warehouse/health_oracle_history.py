"""What several days of scores say together, from the specification: bands, and why a score has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from tests.warehouse.health_oracle import POINT, Day, Part, Row, Score, Seeds, curve_for, points_on, score_of

# 1. From scores to bands.


@dataclass
class Latch:
    """One edge between two bands, and on which side of it an account stands: where its first score has put it, until
    another side is confirmed.
    """

    edge: int
    margin: int
    confirm_days: int
    stands: str | None = None
    side: str | None = None
    side_days: int = 0

    def start(self, score: int | None) -> None:
        """The first score of all decides, be it within the margin."""
        if self.stands is None and score is not None:
            self.stands = "above" if score >= self.edge else "below"

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
        for _, latch in latches:
            latch.start(score.score)
            # A held day confirms nothing and interrupts nothing.
            if score.day.is_live:
                latch.read(score.score)
        if score.is_churned:
            bands.append(("churned", "churned"))
        elif score.score is None:
            bands.append(("unknown", "unknown"))
        else:
            reached = [lowest["health_band"], *(name for name, latch in latches if score.score >= latch.edge)]
            crossed = [lowest["health_band"], *(name for name, latch in latches if latch.stands == "above")]
            bands.append((reached[-1], crossed[-1]))
    return bands


# 2. Why two scores of an account differ.


@dataclass(frozen=True)
class Change:
    """What a component, or an override, added at the first and second reading, and what the difference is due to."""

    component: str
    first_value: Decimal | None
    second_value: Decimal | None
    first: int
    second: int
    configuration: int = 0
    coverage: int = 0
    input: int = 0
    override: int = 0


def changes_between(seeds: Seeds, first: Score, second: Score) -> list[Change]:
    """Walks from the first score to the second: another formula, then what is known, then the values.

    Each effect is what its step adds, so that all of them add up to the difference.
    """
    switched = score_of(seeds, second.version, first.day)
    before, formula, after = (
        {part.component["component"]: part for part in score.parts} for score in (first, switched, second)
    )
    changes = []
    for name in sorted(before.keys() | formula.keys() | after.keys()):
        start, reformed, end = before.get(name), formula.get(name), after.get(name)
        moved = moved_points(seeds, reformed, end, second.day) if reformed else 0
        added = start.contribution if start else 0
        under_formula = floor(moved * reformed.share) if reformed else 0
        adds = end.contribution if end else 0
        # What was not known before, or only now is not, has no value that could have changed.
        is_comparable = reformed and end and (reformed.value is None) == (end.value is None)
        with_knowledge = floor(moved * end.share) if end and is_comparable else adds
        values = [part.value for part in (start, reformed) if part and part.value is not None]
        changes.append(
            Change(
                name,
                values[0] if values else None,
                end.value if end else None,
                added,
                adds,
                configuration=under_formula - added,
                coverage=with_knowledge - under_formula,
                input=adds - with_knowledge,
            )
        )
    if first.override_reason or second.override_reason:
        changed = second.override - first.override
        changes.append(Change("override", None, None, first.override, second.override, override=changed))
    return changes


def moved_points(seeds: Seeds, part: Part, end: Part | None, day: Day) -> int:
    """Points of the first value on the curve by which the second is judged, where there is a second."""
    if part.value is None or end is None or end.value is None:
        return part.points
    return points_on(curve_for(seeds, part.component, day), part.component["curve_kind"], part.value)
