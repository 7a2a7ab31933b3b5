"""The product's features as the seed lists them, as arrays that the event generator indexes by number."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.teams import USE_CASES

_SEED = Path(__file__).resolve().parents[2] / "seeds" / "features.csv"

# How often people reach for a feature within its use case; an unlisted one counts 1.
_APPETITE = {
    "sync_completed": 9.0,
    "connector_created": 0.4,
    "model_run_completed": 6.0,
    "model_edited": 3.0,
    "query_executed": 6.0,
    "dashboard_viewed": 4.0,
    "dashboard_created": 0.3,
    "alert_evaluated": 9.0,
    "alert_rule_created": 0.6,
    "training_job_completed": 3.0,
    "prediction_served": 5.0,
    "dataset_shared": 1.5,
    "share_queried": 5.0,
}
# What runs by schedule, without anybody at the keyboard.
_SCHEDULED = (
    "sync_completed",
    "model_run_completed",
    "query_executed",
    "alert_evaluated",
    "prediction_served",
    "share_queried",
)
_STEP_MILLI = {"evaluations": 1000, "gpu_minutes": 10, "gb_scanned": 1, "compute_seconds": 100}


@dataclass(frozen=True, slots=True)
class Features:
    """Column arrays by feature number; use cases are numbers too, -1 where a feature has none."""

    ids: tuple[str, ...]
    events: tuple[str, ...]
    units: tuple[str, ...]
    use_case: NDArray[np.int64]
    rate_milli: NDArray[np.int64]  # thousandths of a credit for one unit
    step_milli: NDArray[np.int64]  # quantities are whole multiples of this many thousandths
    chosen: NDArray[np.int64]  # [use case, place] the use case's features
    cumulative: NDArray[np.float64]  # [use case, place] chance that the choice lies at or before the place
    scheduled: NDArray[np.int64]  # [use case] the feature that scheduled jobs run

    def number(self, feature_id: str) -> int:
        return self.ids.index(feature_id)


@cache
def load_features() -> Features:
    """Reads the seed that the warehouse reads too, so that both rate usage alike."""
    with _SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = tuple(row["feature_id"] for row in rows)
    use_case = [USE_CASES.index(row["use_case_id"]) if row["use_case_id"] else -1 for row in rows]
    members = [[i for i, owner in enumerate(use_case) if owner == number] for number in range(len(USE_CASES))]
    widest = max(len(own) for own in members)
    chosen = np.zeros((len(USE_CASES), widest), dtype=np.int64)
    cumulative = np.full((len(USE_CASES), widest), 2.0)
    for number, own in enumerate(members):
        weights = np.cumsum([_APPETITE.get(ids[i], 1.0) for i in own])
        chosen[number] = own + [own[-1]] * (widest - len(own))
        cumulative[number, : len(own)] = weights / weights[-1]
    scheduled = {use_case[ids.index(feature)]: ids.index(feature) for feature in _SCHEDULED}
    return Features(
        ids=ids,
        events=tuple(row["event"] for row in rows),
        units=tuple(row["unit"] for row in rows),
        use_case=np.array(use_case, dtype=np.int64),
        rate_milli=np.array([int(Decimal(row["credits_per_unit"]) * 1000) for row in rows], dtype=np.int64),
        step_milli=np.array([_STEP_MILLI.get(row["unit"], 1) for row in rows], dtype=np.int64),
        chosen=chosen,
        cumulative=cumulative,
        scheduled=np.array([scheduled[number] for number in range(len(USE_CASES))], dtype=np.int64),
    )
