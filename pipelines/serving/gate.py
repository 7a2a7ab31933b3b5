"""Whether the warehouse holds a build that passed every test: only such a build may be published.

A model is replaced before its tests run, so after a failed build the warehouse holds what nobody should read.
The state is kept beside the run log, with the size and time of the warehouse file: whoever builds into the
file by another way (dbt by hand) makes it differ, and publishing asks for a build first.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.runlog import replace_text

_HINT = "Readers keep what was published last. Run `account-health build`, then `account-health publish`."


@dataclass(frozen=True, slots=True)
class BuildState:
    """The build that the warehouse holds; `stamp` is size in bytes and modification time in nanoseconds."""

    run_id: str
    status: Literal["building", "green", "failed"]
    stamp: tuple[int, int] | None = None


@contextlib.contextmanager
def building(settings: Settings, run_id: str) -> Iterator[None]:
    """The block builds: no publishing meanwhile, green after it, failed if the block raises."""
    _save(settings, BuildState(run_id, "building"))
    try:
        yield
    except BaseException:
        _save(settings, BuildState(run_id, "failed"))
        raise
    _save(settings, BuildState(run_id, "green", _stamp(settings)))


@contextlib.contextmanager
def marts_untouched(settings: Settings) -> Iterator[None]:
    """The block writes into the warehouse but not into what a build makes: what was green stays so."""
    state = _load(settings)
    was_green = state is not None and state.status == "green" and state.stamp == _stamp(settings)
    try:
        yield
    finally:
        if state is not None and was_green:
            _save(settings, BuildState(state.run_id, "green", _stamp(settings)))


def require_green(settings: Settings) -> None:
    """Returns when the warehouse may be published.

    Raises:
        CommandError: GATE_FAILED when the last build failed or was cut short, or somebody else wrote since.
    """
    state = _load(settings)
    if state is None:
        raise CommandError(ExitCode.GATE_FAILED, f"No build of {settings.warehouse} is known.", _HINT)
    if state.status != "green":
        how = "failed" if state.status == "failed" else "did not come to its end"
        raise CommandError(
            ExitCode.GATE_FAILED, f"The last build of {settings.warehouse} ({state.run_id}) {how}.", _HINT
        )
    if state.stamp != _stamp(settings):
        raise CommandError(
            ExitCode.GATE_FAILED,
            f"{settings.warehouse} was written after its last green build ({state.run_id}), perhaps by dbt itself.",
            _HINT,
        )


def _load(settings: Settings) -> BuildState | None:
    try:
        record = json.loads((settings.runs_dir / "build.json").read_text(encoding="utf-8"))
        stamp = record["stamp"]
        return BuildState(record["run_id"], record["status"], tuple(stamp) if stamp else None)
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
