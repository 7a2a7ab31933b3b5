"""Generates the sample company: plans the world, then writes the exports of all four systems and the truth."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.sample.crm import write_crm
from pipelines.sample.model import SampleSettings
from pipelines.sample.product import write_product
from pipelines.sample.truth import write_truth
from pipelines.sample.world import build_world

SYSTEMS = ("product", "crm", "billing", "zendesk")

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was generated."""

    accounts: int
    users: int
    days: int
    tracks: int
    identifies: int
    groups: int
    crm_rows: dict[str, int]
    truth: Path


def generate(settings: SampleSettings, progress: Progress | None = None) -> Summary:
    """Writes the exports of a whole company under `settings.exports`, in place of what the four systems had there.

    The same settings give byte-identical files. `progress` is told the system at work and its share done, 0 to 1.
    """
    from pipelines.sample.billing import write_billing
    from pipelines.sample.support import write_support

    tell = progress if progress is not None else _silent
    for system in SYSTEMS:
        shutil.rmtree(settings.exports / system, ignore_errors=True)
    tell("plan", 0.0)
    world = build_world(settings)
    tell("plan", 1.0)
    product = write_product(world, tell)
    tell("crm", 0.0)
    crm_rows = write_crm(world)
    tell("crm", 1.0)
    tell("billing", 0.0)
    extra = {index: dict(facts) for index, facts in write_billing(world, product.received_credits).items()}
    tell("billing", 1.0)
    tell("zendesk", 0.0)
    for index, facts in write_support(world).items():
        extra.setdefault(index, {}).update(facts)
    tell("zendesk", 1.0)
    truth = write_truth(world, extra)
    return Summary(
        accounts=len(world.accounts),
        users=len(world.users),
        days=settings.days,
        tracks=product.tracks,
        identifies=product.identifies,
        groups=product.groups,
        crm_rows=crm_rows,
        truth=truth,
    )


def _silent(_system: str, _share: float) -> None:
    return None
