"""The run log: one JSON line a run, with its steps.

`runs.jsonl` keeps what ended, `current.json` beside it what is running. A run that was killed without a word
leaves its `current.json`; the next run writes that into the log with status `killed`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode, signal_of
from pipelines.memory import forget_peak, peak_mb
from pipelines.progress import Silent, StepProgress
from pipelines.redact import redacted

_LONGEST_MESSAGE = 500  # characters; enough to find the place, too short to carry a table of customers
_KEPT_RUN_FOLDERS = 30
_RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")


@dataclass(slots=True)
class Step:
    """One step of a run.

    Attributes:
        status: running, ok, warned, degraded (done without a system that failed), failed, interrupted.
        rows: what it landed or published.
        peak_memory_mb: the most memory that this process held during the step, plus the most that its dbt held.
        facts: whatever else it wants remembered; never a value of a row.
    """

    name: str
    status: str = "running"
    seconds: float = 0.0
    rows: int | None = None
    peak_memory_mb: float | None = None
    summary: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One run as the log keeps it: one night, or one of the smaller commands. Times are UTC in ISO form.

    Attributes:
        as_of_date: the night; null until it is known.
        status: running, ok, degraded (published without a system that did not land), failed, interrupted, killed.
        message: why it failed or is degraded, `hint` what to do next.
        night: which of several missed nights it caught up, as in `2 of 3`; empty for a single one.
        accepted: the reason that an operator gave with --accept; empty without.
    """

    run_id: str
    command: str
    started_at: str
    as_of_date: str | None = None
    finished_at: str | None = None
    status: str = "running"
    exit_code: int | None = None
    message: str = ""
    hint: str = ""
    night: str = ""
    accepted: str = ""
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Run:
        """A run from its line; keys of other versions of the log are left out.

        Raises:
            KeyError, TypeError: `record` is not a run.
        """
        known = {key: record[key] for key in cls.__slots__ if key in record}
        steps = [Step(**{key: step[key] for key in Step.__slots__ if key in step}) for step in record["steps"]]
        return cls(**{**known, "steps": steps})

    def step(self, name: str) -> Step | None:
        """The step of that name, if the run came so far."""
        return next((step for step in self.steps if step.name == name), None)


class Recorder:
    """Keeps `current.json` true while a run goes on; see `record_run`."""

    def __init__(self, settings: Settings, run: Run, progress: StepProgress) -> None:
        self.run = run
        self.progress = progress
        self.run_dir = settings.runs_dir / run.run_id
        self._current = settings.runs_dir / "current.json"

    def save(self) -> None:
        """Writes the run as it is now; replaced in one go, so that a reader never sees half of it."""
        replace_text(self._current, json.dumps(asdict(self.run), default=str))

    def degrade(self, exit_code: ExitCode, message: str, hint: str) -> None:
        """The run goes on to its end, and the program will exit with `exit_code` all the same."""
        self.run.status, self.run.exit_code = "degraded", int(exit_code)
        self.run.message, self.run.hint = shorten(message), hint

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Times a step; what the block raises is recorded and raised again."""
        step = Step(name)
        self.run.steps.append(step)
        self._try_to_save()
        self.progress.start(name)
        forget_peak()
        started = time.monotonic()
        try:
            yield step
        except KeyboardInterrupt:
            step.status = "interrupted"
            raise
        except BaseException as error:
            step.status = "failed"
            step.summary = step.summary or shorten(str(error))
            raise
        else:
            if step.status == "running":
                step.status = "ok"
        finally:
            step.seconds = round(time.monotonic() - started, 3)
            step.peak_memory_mb = round((step.peak_memory_mb or 0) + (peak_mb() or 0), 1) or None
            self.progress.finish(name, step.status, step.seconds, step.summary)
            self._try_to_save()

    def _try_to_save(self) -> None:
        with contextlib.suppress(OSError):
            self.save()


@contextlib.contextmanager
def record_run(settings: Settings, command: str, progress: StepProgress | None = None) -> Iterator[Recorder]:
    """Records the block as one run. Call it with the lock held.

    Raises:
        CommandError: STATE_FAILED when nothing can be written into the home folder.
    """
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{os.urandom(2).hex()}"
    with writable(settings.runs_dir):
        settings.runs_dir.mkdir(parents=True, exist_ok=True)
        _bury_killed_run(settings)
        recorder = Recorder(settings, Run(run_id, command, _iso(now)), progress or Silent())
        recorder.save()
    run = recorder.run
    try:
        yield recorder
    except CommandError as error:
        run.status, run.exit_code = "failed", int(error.exit_code)
        run.message, run.hint = shorten(error.message), error.hint
        raise
    except KeyboardInterrupt as error:
        run.status, run.exit_code = "interrupted", 128 + signal_of(error)
        raise
    except BaseException as error:
        run.status, run.exit_code = "failed", int(ExitCode.INTERNAL)
        run.message = shorten(f"{type(error).__name__}: {error}")
        raise
    else:
        if run.status == "running":
            run.status, run.exit_code = "ok", 0
    finally:
        run.finished_at = _iso(datetime.now(UTC))
        # On a full disk the outcome counts more than its record; what stays in current.json is logged by the next run.
        with contextlib.suppress(OSError):
            recorder.save()
            _append(settings, run)
            (settings.runs_dir / "current.json").unlink(missing_ok=True)
            _forget_old_folders(settings)


@contextlib.contextmanager
def writable(place: Path) -> Iterator[None]:
    """An error of the file system in the block says that the state at `place` cannot be written.

    Raises:
        CommandError: STATE_FAILED.
    """
    try:
        yield
    except OSError as error:
        raise CommandError(
            ExitCode.STATE_FAILED,
            f"{place} cannot be written: {error.strerror or error}.",
            "Free space or repair the permissions, or point ACCOUNT_HEALTH_HOME elsewhere.",
        ) from error


def read_runs(settings: Settings, last: int) -> list[Run]:
    """The newest `last` runs, oldest first. Lines that cannot be read (a torn write) are left out."""
    try:
        lines = settings.run_log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    runs: list[Run] = []
    for line in reversed(lines):
        if len(runs) == last:
            break
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            runs.append(Run.from_json(json.loads(line)))
    return runs[::-1]


def read_current(settings: Settings) -> Run | None:
    """The run that goes on now, or the one that was killed last."""
    try:
        return Run.from_json(json.loads((settings.runs_dir / "current.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def shorten(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """`text` on one line of at most `longest` characters, without values of rows."""
    line = " ".join(redacted(text).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def plural(count: int, word: str) -> str:
    """`3 files`, but `1 file`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def replace_text(path: Path, text: str) -> None:
    """Writes `path` so that a reader, or a crash, finds the old text or the new one."""
    temporary = path.with_name(f".{path.name}.next")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _bury_killed_run(settings: Settings) -> None:
    killed = read_current(settings)
    if killed is not None:
        if killed.finished_at is None:
            killed.status = "killed"
        if [run.run_id for run in read_runs(settings, 1)] != [killed.run_id]:
            _append(settings, killed)
        (settings.runs_dir / "current.json").unlink(missing_ok=True)


def _append(settings: Settings, run: Run) -> None:
    line = json.dumps(asdict(run), default=str).encode()
    fd = os.open(settings.run_log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(fd).st_size
        # A line that was cut short by a full disk must not swallow this one.
        torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
        os.write(fd, b"\n" * torn + line + b"\n")
        os.fsync(fd)
    finally:
        os.close(fd)


def _forget_old_folders(settings: Settings) -> None:
    folders = sorted(path for path in settings.runs_dir.iterdir() if path.is_dir() and _RUN_ID.fullmatch(path.name))
    for folder in folders[:-_KEPT_RUN_FOLDERS]:
        shutil.rmtree(folder, ignore_errors=True)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
