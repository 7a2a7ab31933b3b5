"""The refresh: land, look at the age of the sources and at what landed, build and test, publish, tell what changed.

A run may be killed at any moment and started again: landing is transactional per system, building starts from raw,
publishing is one rename. A system that does not land does not keep the others from being refreshed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines import freshness
from pipelines.config import Settings
from pipelines.dbt import DbtResult
from pipelines.errors import CommandError, ExitCode
from pipelines.freshness import SourceAge
from pipelines.landing import LandingError, LandingResult
from pipelines.landing.contract import SYSTEMS, load_contract
from pipelines.landing.files import list_files, open_exports
from pipelines.lock import HeldLock
from pipelines.progress import StepProgress
from pipelines.quality.records import record_unlanded
from pipelines.quality.step import gate_step
from pipelines.recorded import recorded
from pipelines.runlog import Run, shorten
from pipelines.serving.gate import read_state
from pipelines.serving.publish import PublishResult
from pipelines.steps import (
    briefing_step,
    build_step,
    freshness_step,
    land_step,
    otherwise,
    publish_step,
    refuse_unlanded,
    unlanded,
)

_MOST_NIGHTS = 100  # that are caught up at once; more are rather a folder with a wrong date


@dataclass(frozen=True, slots=True)
class Refresh:
    """What the refresh of one night did, for the report."""

    run: Run
    landed: list[LandingResult]
    sources: list[SourceAge]
    built: DbtResult
    published: PublishResult
    briefing: Path | None


def run_nights(
    settings: Settings,
    lock: HeldLock,
    as_of: date | None = None,
    progress: StepProgress | None = None,
    command: str = "nightly",
    accept: str = "",
    announce: Callable[[str], None] = lambda text: None,
) -> list[Refresh]:
    """Runs the night `as_of`, or without it every night that was missed, in order; each is a run of its own.

    Args:
        settings: what to refresh.
        lock: proof that nobody else does.
        as_of: the one night to run.
        progress: sees each step.
        command: what the run log calls these runs.
        accept: an operator's reason to let pass what was held back; it holds for the first night alone.
        announce: hears of each night, where there are several.

    Raises:
        CommandError: a night failed; the nights after it wait, and readers keep the last publish.
    """
    nights = [as_of] if as_of else missed_nights(settings)
    refreshes: list[Refresh] = []
    for number, night in enumerate(nights, start=1):
        of_all = f"{number} of {len(nights)}" if len(nights) > 1 else ""
        if of_all:
            announce(f"Night {night} ({of_all})")
        try:
            refreshes.append(run_nightly(settings, lock, night, progress, command, of_all, "" if refreshes else accept))
        except CommandError as error:
            if number < len(nights):
                error.hint += f" {len(nights) - number} later nights wait for {night}; --as-of DAY jumps to one."
            raise
    return refreshes


def missed_nights(settings: Settings) -> list[date | None]:
    """The nights that `nightly` has to run: those after the one that the warehouse stands at, up to the newest drop.

    A night that was begun and did not become green is run again first. Where nothing is new it is the same night
    again, on a new warehouse the newest alone; None leaves the night to what will have landed.
    """
    with otherwise(ExitCode.TRANSFORM_FAILED, "The warehouse cannot be read"):
        newest = max(filter(None, (_newest_export(settings), freshness.newest_usage_date(settings))), default=None)
        built = freshness.built_as_of(settings)
    state = read_state(settings)
    first = built
    if state is not None and state.as_of is not None:
        begun = date.fromisoformat(state.as_of)
        if state.status != "green":
            first = max(begun, built or begun)
        elif begun == built:
            first = begun + timedelta(days=1)
    if newest is None or first is None or built is None or newest < first:
        return [newest if built is None else None]
    missed = (newest - first).days + 1
    if missed > _MOST_NIGHTS:
        raise CommandError(
            ExitCode.USAGE,
            f"The newest drop is {newest}, {missed:,} nights after the last: more than {_MOST_NIGHTS}.",
            "Is the name of that folder right? Jump to a night with --as-of.",
        )
    return [first + timedelta(days=day) for day in range(missed)]


def run_nightly(
    settings: Settings,
    lock: HeldLock,
    as_of: date | None = None,
    progress: StepProgress | None = None,
    command: str = "nightly",
    night: str = "",
    accept: str = "",
) -> Refresh:
    """Lands what is new, builds and tests the warehouse, publishes it: one night.

    Without some systems the night goes on; the run is `degraded` then and its exit code LAND_FAILED.

    Args:
        settings: what to refresh.
        lock: proof that nobody else does.
        as_of: lands drops up to this day only and builds the warehouse as of it; None takes all there is.
        progress: sees each step.
        command: what the run log calls this run.
        night: which of several it is, for the run log.
        accept: an operator's reason to let pass what was held back.

    Raises:
        CommandError: a step failed; the steps after it did not run and readers keep the last publish.
    """
    with recorded(settings, command, progress) as recorder:
        recorder.run.night, recorder.run.accepted = night, accept
        recorder.run.as_of_date = as_of.isoformat() if as_of else None
        check_clock(settings, as_of)
        landed = land_step(settings, recorder, as_of=as_of)
        clock = clock_of(settings, as_of, landed)
        recorder.run.as_of_date = clock.isoformat()
        sources = freshness_step(settings, recorder, clock)
        for result in landed:
            if result.error:
                record_unlanded(settings, recorder.run.run_id, result.system, clock, shorten(result.error))
        gate_step(settings, recorder, [result.system for result in landed if result.ok], clock, accept or None)
        built = build_step(settings, recorder, lock, clock, may_resume=True)
        published = publish_step(settings, recorder)
        told = briefing_step(settings, recorder)
        if failed := unlanded(landed):
            hint = "The other systems were refreshed. Repair or remove the file, then start again: history heals."
            recorder.degrade(ExitCode.LAND_FAILED, failed, hint)
    return Refresh(recorder.run, landed, sources, built, published, told)


def clock_of(settings: Settings, as_of: date | None, landed: Sequence[LandingResult] = ()) -> date:
    """The day that a build would be for, once everything has landed.

    Raises:
        CommandError: LAND_FAILED when no product usage is there because its files are broken. USAGE when there is
            none to take the day from, or it lies before the last build.
    """
    usage = freshness.newest_usage_date(settings)
    if usage is None:
        refuse_unlanded([result for result in landed if result.system == "product"])
    known = [day for day in (usage, freshness.built_as_of(settings)) if day is not None]
    clock = as_of or max(known, default=None)
    if clock is None:
        raise CommandError(
            ExitCode.USAGE,
            "No product usage has landed, so there is no day to build for.",
            "Land product exports, or name the day with --as-of.",
        )
    check_clock(settings, clock)
    return clock


def check_clock(settings: Settings, as_of: date | None) -> None:
    """Refuses to take a warehouse back in time: its snapshots would get histories that end before they begin.

    Raises:
        CommandError: USAGE.
    """
    with otherwise(ExitCode.TRANSFORM_FAILED, "The warehouse cannot be read"):
        built = freshness.built_as_of(settings)
        if built is not None and as_of is not None and as_of < built:
            raise CommandError(
                ExitCode.USAGE,
                f"The warehouse stands at {built} and cannot be taken back to {as_of}: it keeps history.",
                f"See that day in a home of its own: ACCOUNT_HEALTH_EXPORTS={settings.exports}"
                f" ACCOUNT_HEALTH_HOME=data/{as_of} account-health nightly --as-of {as_of}",
            )


def _newest_export(settings: Settings) -> date | None:
    """The newest day that any system has dropped; None where landing will have to say what is wrong.

    Of any, so that nights go on when usage does not come: they are built with scores that hold.
    """
    days: list[date] = []
    for system in SYSTEMS:
        with contextlib.suppress(LandingError, OSError):
            contract = load_contract(system, settings.contract_dir)
            files, _ = list_files(open_exports(settings.exports, (system,)), contract)
            days += [file.drop_date for file in files]
    return max(days, default=None)
