"""The health score, written a second time: from its specification, by hand, for one account at a time.

Read it from top to bottom to learn the score; the models must agree with it to the last micro-point. A measure becomes
points on a curve, points become contributions by weight, contributions add up to the computed score, and people may
override it. What several days together say, bands and changes, is in `health_oracle_history`. All numbers are whole
micro-points or exact fractions: nothing is rounded but where the specification says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

Row = dict[str, Any]

POINT = 1_000_000  # micro-points
FULL = 100 * POINT
DIMENSIONS = ("usage", "adoption", "commercial", "support", "relationship")


@dataclass(frozen=True)
class Seeds:
    """What people decide: rows of the seeds `health_<field>`, an empty cell being None."""

    score_versions: list[Row]
    components: list[Row]
    curves: list[Row]
    bands: list[Row]
    overrides: list[Row]
    measures: list[Row]

    @cached_property
    def windows(self) -> dict[str, int | None]:
        """Days of the window of each measure; None for a state."""
        return {row["measure"]: row["window_days"] for row in self.measures}

    @cached_property
    def curves_of(self) -> dict[tuple[str, str], list[Row]]:
        """Breakpoints of each version and component."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.curves:
            found.setdefault((row["health_score_version"], row["component"]), []).append(row)
        return found

    def components_of(self, version: Row) -> list[Row]:
        """Components of a version."""
        return [row for row in self.components if row["health_score_version"] == version["health_score_version"]]


@dataclass(frozen=True)
class Day:
    """What is known of an account at the end of a day.

    Attributes:
        measured_on_date: day whose measures these are: an earlier one while a broken feed holds the scores, None once
            they are withheld.
        official_version: score version that holds.
        age_days: age of the account, 0 on its first day; None when it was not there on the measured day.
        known_days: how many of the last 7, 28 and 90 days have known usage.
        measures: value of each measure, None where it is not known.
    """

    account_id: str
    as_of_date: date
    measured_on_date: date | None
    official_version: str | None
    segment: str
    age_days: int | None
    known_days: dict[int, int | None]
    measures: dict[str, Decimal | None]

    @property
    def is_live(self) -> bool:
        """A held day repeats an earlier one and proves nothing new."""
        return self.measured_on_date == self.as_of_date


@dataclass(frozen=True)
class Part:
    """What one component earns: on its own (points), and with its share of the score (contribution, lost)."""

    component: Row
    value: Decimal | None
    points: int
    share: Fraction

    @property
    def contribution(self) -> int:
        return floor(self.points * self.share)

    @property
    def lost(self) -> int:
        return floor((FULL - self.points) * self.share)


@dataclass(frozen=True)
class Score:
    """The score of an account on a day under one version; `score` is None where it is withheld."""

    day: Day
    version: Row
    parts: list[Part]
    computed: int
    score: int | None
    override_reason: str | None
    coverage: Decimal
    dimension_scores: dict[str, Decimal | None]
    is_churned: bool
    is_covered: bool

    @property
    def override(self) -> int:
        """What a decision of people added to what was computed."""
        return 0 if self.score is None else self.score - self.computed


# 1. From a measure to points.


def points_on(curve: Sequence[tuple[Decimal, Decimal]], kind: str, value: Decimal) -> int:
    """Micro-points of a value on a curve of (value, points); flat before the first breakpoint and after the last."""
    breakpoints = sorted(curve)
    reached = [breakpoint for breakpoint in breakpoints if breakpoint[0] <= value]
    if not reached:
        return int(breakpoints[0][1] * POINT)
    (left, left_points), ahead = reached[-1], breakpoints[len(reached) :]
    if kind == "step" or not ahead:
        return int(left_points * POINT)
    right, right_points = ahead[0]
    way = Fraction(value - left) / Fraction(right - left)
    return floor((Fraction(left_points) + way * Fraction(right_points - left_points)) * POINT)


def curve_for(seeds: Seeds, component: Row, day: Day) -> list[tuple[Decimal, Decimal]]:
    """Breakpoints that judge the account: a segment with a curve of its own knows no other; then its age decides."""
    of_component = seeds.curves_of[component["health_score_version"], component["component"]]
    own = [row for row in of_component if row["segment"] == day.segment]
    age = day.age_days or 0
    return [
        (row["breakpoint_value"], row["points"])
        for row in own or [row for row in of_component if row["segment"] is None]
        if (row["account_age_from_days"] or 0) <= age
        and (row["account_age_to_days"] is None or age < row["account_age_to_days"])
    ]


def is_judging(curve: Sequence[tuple[Decimal, Decimal | None]]) -> bool:
    """A curve without points says that accounts of its age or segment are not judged by the component."""
    return all(points is not None for _, points in curve)


def known_value(seeds: Seeds, component: Row, day: Day) -> Decimal | None:
    """The measure, if enough days of its window are known. A state, which has no window, is known or not."""
    if (window := seeds.windows[component["measure"]]) is not None:
        known = day.known_days[window]
        # No more days can be known than the account has lived.
        possible = min(window, (day.age_days or 0) + 1)
        if known is None or Fraction(known, possible) < component["minimum_coverage_ratio"]:
            return None
    return day.measures[component["measure"]]


def points_of(seeds: Seeds, component: Row, day: Day) -> tuple[Decimal | None, int] | None:
    """Value and micro-points of a component; None when it drops out, as unknown is not bad."""
    curve = curve_for(seeds, component, day)
    if not is_judging(curve):
        return None
    value = known_value(seeds, component, day)
    if value is not None:
        return value, points_on(curve, component["curve_kind"], value)
    if component["points_when_missing"] is not None:
        return None, int(component["points_when_missing"] * POINT)
    return None


# 2. From points to the computed score.


def parts_of(seeds: Seeds, version: Row, day: Day) -> list[Part]:
    """Contributions of the components that earn points; the weights of the others are shared out over these."""
    if day.measured_on_date is None:
        return []
    components = seeds.components_of(version)
    earned = [(row, found) for row in components if (found := points_of(seeds, row, day)) is not None]
    present = [row for row, _ in earned]
    parts = []
    for component, (value, points) in earned:
        dimension = component["dimension"]
        if version["renormalized_within"] == "dimension":
            # A dimension keeps its weight while any component of it is there; only whole dimensions are shared out.
            within = Fraction(component["weight"], weight(present, dimension))
            among = sum(weight(components, other) for other in {row["dimension"] for row in present})
            share = within * Fraction(weight(components, dimension), among)
        else:
            share = Fraction(component["weight"], weight(present))
        parts.append(Part(component, value, points, share))
    return parts


def dimension_score(parts: Iterable[Part], dimension: str) -> Decimal | None:
    """Weighted mean of the points of the components that are there, to two digits."""
    there = [part for part in parts if part.component["dimension"] == dimension]
    if not there:
        return None
    earned = sum(part.points * part.component["weight"] for part in there)
    return rounded(Fraction(earned, POINT * weight(part.component for part in there)), 2)


# 3. From the computed score to the score.


def override_for(seeds: Seeds, version: Row, day: Day) -> Row | None:
    """The decision that holds: one about this version before one about all, then the newest; it ends on its expiry."""
    holding = [
        row
        for row in seeds.overrides
        if row["account_id"] == day.account_id
        and row["health_score_version"] in (None, version["health_score_version"])
        and row["effective_from_date"] <= day.as_of_date < row["expires_on_date"]
    ]
    return max(
        holding, key=lambda row: (row["health_score_version"] is not None, row["effective_from_date"]), default=None
    )


def score_of(seeds: Seeds, version: Row, day: Day) -> Score:
    """The score of one day under one version."""
    parts = parts_of(seeds, version, day)
    computed = sum(part.contribution for part in parts)
    total = weight(seeds.components_of(version))
    # What a component earns for want of a measure is no knowledge.
    coverage = Fraction(weight(part.component for part in parts if part.value is not None), total)
    is_covered = bool(parts) and coverage >= version["minimum_coverage_ratio"]
    since_end = day.measures["days_since_subscription_end"] if day.measured_on_date else None
    is_churned = since_end is not None and since_end >= 0
    override = override_for(seeds, version, day)
    return Score(
        day=day,
        version=version,
        parts=parts,
        computed=computed,
        score=decided(override, computed if is_covered else None) if not is_churned else None,
        override_reason=override["reason"] if override else None,
        coverage=rounded(coverage, 4),
        dimension_scores={dimension: dimension_score(parts, dimension) for dimension in DIMENSIONS},
        is_churned=is_churned,
        is_covered=is_covered,
    )


def decided(override: Row | None, computed: int | None) -> int | None:
    """The score after people: they may set one where none can be computed, but only bound one that there is."""
    if override is None:
        return computed
    bound = int(override["score"] * POINT)
    if override["override_kind"] == "set":
        return bound
    if computed is None:
        return None
    return min(computed, bound) if override["override_kind"] == "cap" else max(computed, bound)


# Small words.


def weight(components: Iterable[Row], dimension: str | None = None) -> int:
    """Weight of components together, in percent of the score."""
    return sum(row["weight"] for row in components if dimension in (None, row["dimension"]))


def rounded(number: Fraction, digits: int) -> Decimal:
    """A fraction to so many digits, halves away from zero."""
    scaled = Decimal(number.numerator) / Decimal(number.denominator)
    return scaled.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
