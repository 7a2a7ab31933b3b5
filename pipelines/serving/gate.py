"""Whether the warehouse holds a build that passed every test: only such a build may be published.

A model is replaced before its tests run, so after a failed build the warehouse holds what nobody should read.
The state is kept beside the run log, with the size and time of the warehouse file: whoever builds into the
file by another way (dbt by hand) makes it differ, and publishing asks for a build first.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Literal

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.runlog import replace_text

_HINT = "Readers keep what was published last. Run `account-health build`, then `account-health publish`."


@dataclass(frozen=True, slots=True)
class BuildState:
    """The build that the warehouse holds.

    Attributes:
        stamp: size in bytes and modification time in nanoseconds of the warehouse when it ended; None while it
            builds, and when it was interrupted.
        as_of: the night it was for, in ISO form.
        inputs: fingerprint of everything that it was built from; see `pipelines.resume`.
        is_published: whether readers have it.
    """

    run_id: str
    status: Literal["building", "green", "failed"]
    stamp: tuple[int, int] | None = None
    as_of: str | None = None
    inputs: str | None = None
    is_published: bool = False


@contextlib.contextmanager
def building(settings: Settings, run_id: str, as_of: date, inputs: str) -> Iterator[None]:
    """The block builds: no publishing meanwhile, green after it, failed if the block raises."""
    state = BuildState(run_id, "building", as_of=as_of.isoformat(), inputs=inputs)
    _save(settings, state)
    try:
        yield
    except BaseException as error:
        # Without a stamp it cannot be continued: only a build that ended by itself says how far it came.
        stamp = _stamp(settings) if isinstance(error, CommandError) else None
        _save(settings, replace(state, status="failed", stamp=stamp))
        raise
    _save(settings, replace(state, status="green", stamp=_stamp(settings)))


@contextlib.contextmanager
def marts_untouched(settings: Settings) -> Iterator[None]:
    """The block writes into the warehouse but not into what a build makes: what was known of that stays so."""
    state = read_state(settings)
    was_known = state is not None and is_untouched(settings, state)
    try:
        yield
    finally:
        if state is not None and was_known:
            _save(settings, replace(state, stamp=_stamp(settings)))


def mark_published(settings: Settings) -> None:
    """Readers have what the warehouse holds."""
    state = read_state(settings)
    if state is not None:
        _save(settings, replace(state, is_published=True))


def is_untouched(settings: Settings, state: BuildState) -> bool:
    """Whether nobody but landing wrote into the warehouse since that build ended."""
    return state.stamp is not None and state.stamp == _stamp(settings)


def require_green(settings: Settings) -> None:
    """Returns when the warehouse may be published.

    Raises:
        CommandError: GATE_FAILED when the last build failed or was cut short, or somebody else wrote since.
    """
    state = read_state(settings)
    if state is None:
        raise CommandError(ExitCode.GATE_FAILED, f"No build of {settings.warehouse} is known.", _HINT)
    if state.status != "green":
        how = "failed" if state.status == "failed" else "did not come to its end"
        raise CommandError(
            ExitCode.GATE_FAILED, f"The last build of {settings.warehouse} ({state.run_id}) {how}.", _HINT
        )
    if not is_untouched(settings, state):
        raise CommandError(
            ExitCode.GATE_FAILED,
            f"{settings.warehouse} was written after its last green build ({state.run_id}), perhaps by dbt itself.",
            _HINT,
        )


def read_state(settings: Settings) -> BuildState | None:
    """The build that the warehouse holds; None when nothing is known of one."""
    try:
        record = json.loads((settings.runs_dir / "build.json").read_text(encoding="utf-8"))
        known = {key: record[key] for key in BuildState.__slots__ if key in record}
        stamp = known.get("stamp")
        return BuildState(**{**known, "stamp": tuple(stamp) if stamp else None})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _save(settings: Settings, state: BuildState) -> None:
    settings.runs_dir.mkdir(parents=True, exist_ok=True)
    replace_text(settings.runs_dir / "build.json", json.dumps(asdict(state)))


def _stamp(settings: Settings) -> tuple[int, int] | None:
    try:
        stat = settings.warehouse.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns
