"""Random worlds for the health score: what people decide, and days of accounts that meet every rule of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from tests.warehouse.health_oracle import DIMENSIONS, POINT, Day, Row, Seeds
from tests.warehouse.lints import PROJECT

with (PROJECT / "seeds/health_measures.csv").open() as catalogue:
    MEASURES = [row["measure"] for row in csv.DictReader(catalogue)]
SEGMENTS = ("onboarding", "growing", "steady", "unknown")
FIRST, DAYS, SWITCH = date(2026, 3, 1), 16, date(2026, 3, 8)
WINDOWS = (7, 28, 90)
# As far as a measure may go: beyond every curve, and whole in a double.
HUGE = Decimal(10) ** 11


@dataclass(frozen=True)
class World:
    """Seeds, and the days of each account in order."""

    seeds: Seeds
    days: dict[str, list[Day]]


def is_whole(measure: str) -> bool:
    """Whether a measure counts something; the others have a fraction."""
    return measure.endswith(("_count", "_days")) or measure.startswith("days_")


def draw_world(seed: int, accounts: int) -> World:
    """A world; the same seed draws the same."""
    random = Random(seed)
    versions = draw_versions(random)
    components, curves = [], []
    for version in versions:
        for component in draw_components(random, version["health_score_version"]):
            components.append(component)
            curves += draw_curves(random, component)
    names = [f"account_{number}" for number in range(accounts)]
    bands = [row for version in versions for row in draw_bands(random, version["health_score_version"])]
    seeds = Seeds(
        versions,
        components,
        curves,
        bands,
        [row for name in names for row in draw_overrides(random, name, bands)],
        [{"measure": measure, "window_days": random.choice([None, *WINDOWS])} for measure in MEASURES],
    )
    score_days = draw_score_days(random)
    return World(seeds, {name: draw_days(random, name, score_days, curves, components) for name in names})


def decimal(random: Random, low: float, high: float, digits: int) -> Decimal:
    """A number with so many digits behind the point."""
    return Decimal(random.randint(round(low * 10**digits), round(high * 10**digits))).scaleb(-digits)


def draw_versions(random: Random) -> list[Row]:
    """One version until the switch, one from then on, one that is only compared."""
    periods = {"old": (None, SWITCH), "new": (SWITCH, None), "preset": (None, None)}
    return [
        {
            "health_score_version": name,
            "effective_from_date": FIRST if name == "old" else start,
            "effective_to_date": end,
            "renormalized_within": random.choice(["score", "dimension"]),
            "minimum_coverage_ratio": random.choice([Decimal(0), Decimal("0.3"), Decimal("0.5"), Decimal("0.75")]),
            "band_confirm_days": random.randint(1, 3),
        }
        for name, (start, end) in periods.items()
    ]


def draw_components(random: Random, version: str) -> list[Row]:
    """Components whose weights sum to 100; some share a measure."""
    count = random.randint(3, 9)
    cuts = [0, *sorted(random.sample(range(1, 100), count - 1)), 100]
    return [
        {
            "health_score_version": version,
            "dimension": random.choice(DIMENSIONS),
            "component": f"component_{number}",
            "measure": random.choice(MEASURES),
            "curve_kind": random.choice(["linear", "step"]),
            "weight": upper - lower,
            "minimum_coverage_ratio": random.choice([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal(1)]),
            "points_when_missing": random.choice([None, None, Decimal(0), decimal(random, 0, 100, 6)]),
        }
        for number, (lower, upper) in enumerate(pairwise(cuts))
    ]


def draw_curves(random: Random, component: Row) -> list[Row]:
    """Curves for all, and perhaps for a segment; each for all ages, or one before and one after some day.

    Of two ages one may not be judged.
    """
    keys = {name: component[name] for name in ("health_score_version", "component")}
    rows = []
    for segment in (None, *random.sample(SEGMENTS, random.choice([0, 0, 1, 2]))):
        turn = random.choice([None, None, random.randint(1, 100)])
        for age_from, age_to in ((None, None),) if turn is None else ((None, turn), (turn, None)):
            key = {
                **keys,
                "account_age_from_days": age_from,
                "account_age_to_days": age_to,
                "segment": segment,
            }
            if turn is not None and component["points_when_missing"] is None and random.random() < 0.2:
                rows.append({**key, "breakpoint_value": Decimal(0), "points": None})
                continue
            reach = random.choice([1, 50, 10_000])
            values = {decimal(random, -reach, reach, random.choice([0, 2, 6])) for _ in range(random.randint(2, 5))}
            rows += [
                {
                    **key,
                    "breakpoint_value": value,
                    "points": random.choice([Decimal(0), Decimal(100), decimal(random, 0, 100, random.choice([0, 6]))]),
                }
                for value in values
            ]
    return rows


def draw_bands(random: Random, version: str) -> list[Row]:
    """Three or four bands, with margins that may overlap."""
    edges = [0, *sorted(random.sample(range(10, 95), random.choice([2, 3]))), 100]
    return [
        {
            "health_score_version": version,
            "health_band": f"band_{number}",
            "lower_score": Decimal(lower),
            "upper_score": Decimal(upper),
            "hysteresis_points": Decimal(0) if lower == 0 else random.choice([Decimal(0), decimal(random, 0, 8, 2)]),
            "sort_order": number,
        }
        for number, (lower, upper) in enumerate(pairwise(edges), start=1)
    ]


def draw_overrides(random: Random, account: str, bands: list[Row]) -> list[Row]:
    """Decisions about some accounts, that overlap and end, many of them on edges; one an account, version and day."""
    edges = [row["lower_score"] + sign * row["hysteresis_points"] for row in bands for sign in (-1, 0, 1)]
    rows: dict[tuple[str | None, date], Row] = {}
    for _ in range(random.choice([0, 0, 1, 2, 4])):
        start = FIRST + timedelta(random.randint(-3, DAYS))
        version = random.choice([None, random.choice(bands)["health_score_version"]])
        rows[version, start] = {
            "account_id": account,
            "health_score_version": version,
            "override_kind": random.choice(["set", "cap", "floor"]),
            "score": random.choice([decimal(random, 0, 100, random.choice([0, 2])), random.choice(edges)]),
            "reason": f"reason {len(rows)}",
            "effective_from_date": start,
            "expires_on_date": start + timedelta(random.randint(1, 8)),
        }
    return list(rows.values())


def draw_score_days(random: Random) -> list[tuple[date, date | None, str | None]]:
    """Days, the days whose measures they show (or none), and the version that holds on those."""
    found: list[tuple[date, date | None, str | None]] = []
    measured: date | None = None
    state = "live"
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        # Broken feeds stay broken for a while.
        state = random.choices([state, "live", "held", "withheld"], [4, 3, 2, 1])[0] if number else "live"
        measured = day if state == "live" else measured if state == "held" else None
        official = "old" if (measured or day) < SWITCH else "new"
        found.append((day, measured, None if number == DAYS - 1 and random.random() < 0.3 else official))
    return found


def draw_days(
    random: Random,
    account: str,
    score_days: list[tuple[date, date | None, str | None]],
    curves: list[Row],
    components: list[Row],
) -> list[Day]:
    """Days of an account: mostly like the day before, so that bands have time to be confirmed."""
    edges = [row["breakpoint_value"] for row in curves]
    used = {row["measure"] for row in components}
    age = random.choice([0, 3, 20, 90, 500])
    missing = random.choice([0.0, 0.1, 0.5])
    end = random.choice([None, None, None, random.randint(-5, DAYS)])
    measures: dict[str, Decimal | None] = {}
    segment = random.choice(SEGMENTS)
    days = []
    for number, (day, measured, official) in enumerate(score_days):
        if not measures or random.random() < 0.4:
            segment = random.choice([segment, segment, *SEGMENTS])
            measures = {
                measure: None if random.random() < missing else draw_value(random, measure, edges)
                for measure in MEASURES
                if measure in used
            }
        shown_age = None if random.random() < 0.03 else age + number
        ended = None if end is None else Decimal(number - end)
        days.append(
            Day(
                account,
                day,
                measured,
                official,
                segment,
                shown_age,
                {
                    window: None if shown_age is None else random.randint(0, min(window, shown_age + 1))
                    for window in WINDOWS
                },
                {
                    **dict.fromkeys(MEASURES),
                    **measures,
                    "account_age_days": None if shown_age is None else Decimal(shown_age),
                    "days_since_subscription_end": ended,
                },
            )
        )
    return days


def draw_value(random: Random, measure: str, edges: list[Decimal]) -> Decimal:
    """A value: on a breakpoint, next to one, somewhere, or far beyond."""
    step = Decimal(1) / POINT
    value = random.choice(
        [
            random.choice(edges),
            random.choice(edges) + random.choice([step, -step]),
            decimal(random, -60, 60, 6),
            decimal(random, -12_000, 12_000, random.choice([0, 3])),
            random.choice([HUGE, -HUGE, Decimal(0)]),
        ]
    )
    return Decimal(round(value)) if is_whole(measure) else value


def measure_rows(world: World) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows of int_account_measures, and the types of its columns: fractions arrive as doubles, as usage gives them."""
    rows = [
        {
            "account_id": day.account_id,
            "as_of_date": day.as_of_date,
            "measured_on_date": day.measured_on_date,
            **(day.measures if day.measured_on_date else {}),
            **{f"known_days_{window}d_count": known for window, known in day.known_days.items()},
        }
        for days in world.days.values()
        for day in days
    ]
    types = {measure: "bigint" if is_whole(measure) else "double" for measure in MEASURES}
    known = {f"known_days_{window}d_count": "bigint" for window in WINDOWS}
    return rows, {"account_id": "varchar", "as_of_date": "date", **types, **known, "measured_on_date": "date"}
