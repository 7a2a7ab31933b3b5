"""Lands the exports of all systems: every new file exactly once, and no system waits for another."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.config import Settings
from pipelines.landing.contract import SYSTEMS, load_contract
from pipelines.landing.errors import LandingError
from pipelines.landing.files import open_exports
from pipelines.landing.ledger import connect
from pipelines.landing.loads import load
from pipelines.landing.results import LandingResult, Progress
from pipelines.landing.source import Batch
from pipelines.landing.system import land_system
from pipelines.ops import ensure_ops


def land(
    systems: Iterable[str],
    settings: Settings,
    until: date | None = None,
    progress: Progress | None = None,
    accept: str | None = None,
) -> list[LandingResult]:
    """Land every new file of the given systems, up to and including the drop day `until`.

    A system that fails lands nothing, and the others go on: look at each result's `error`. Afterwards all
    tables of the contract exist for every system that did not fail.

    Args:
        systems: what to land, in this order.
        settings: where from and where to.
        until: last drop day; all by default.
        progress: sees how far it is.
        accept: why full extracts that lost many records land this once; without it they are held back.

    Raises:
        ExportsMissingError: there is no exports folder, or it holds no system's folder.
        ValueError: an unknown system.
    """
    wanted = _checked(systems)
    exports = open_exports(settings.exports, SYSTEMS)
    results = []
    for number, system in enumerate(wanted):

        def report(label: str, share: float, number: int = number) -> None:
            if progress:
                progress(label, (number + share) / len(wanted))

        started = time.monotonic()
        try:
            _create_ops(settings)
            result = land_system(system, settings, exports, until, report, accept)
        except LandingError as error:
            result = LandingResult(system, error=str(error))
        results.append(replace(result, seconds=time.monotonic() - started))
    if progress:
        progress("landed", 1.0)
    return results


def create_empty_raw(settings: Settings, systems: Iterable[str] = SYSTEMS) -> None:
    """Create all raw tables, the ledger, dlt's own and `ops` without any export: dbt can then build on nothing."""
    _create_ops(settings)
    for system in _checked(systems):
        contract = load_contract(system, settings.contract_dir)
        with tempfile.TemporaryDirectory() as workdir:
            load(Batch(contract, {}, workdir=Path(workdir)), settings)


def _create_ops(settings: Settings) -> None:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with connect(settings.warehouse) as connection:
        ensure_ops(connection)


def _checked(systems: Iterable[str]) -> list[str]:
    wanted = list(systems)
    unknown = [system for system in wanted if system not in SYSTEMS]
    if unknown:
        raise ValueError(f"unknown system {unknown[0]}; there are {', '.join(SYSTEMS)}")
    return wanted
