"""The run log: one JSON line a run, with its steps.

`runs.jsonl` keeps what ended, `current.json` beside it what is running. A run that was killed without a word
leaves its `current.json`; the next run writes that into the log with status `killed`.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode, signal_of
from pipelines.progress import Silent, StepProgress

_LONGEST_MESSAGE = 500  # characters; enough to find the place, too short to carry a table of customers
_KEPT_RUN_FOLDERS = 30


@dataclass(slots=True)
class Step:
    """One step of a run: `rows` is what it landed or published, `facts` whatever else it wants remembered."""

    name: str
    status: str = "running"  # running, ok, warned, failed, interrupted
    seconds: float = 0.0
    rows: int | None = None
    summary: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One run as the log keeps it; times are UTC in ISO form, `as_of_date` is null until it is known."""

    run_id: str
    command: str
    started_at: str
    as_of_date: str | None = None
    finished_at: str | None = None
    status: str = "running"  # running, ok, failed, interrupted, killed
    exit_code: int | None = None
    message: str = ""
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
        self.save()

    def save(self) -> None:
        """Writes the run as it is now; replaced in one go, so that a reader never sees half of it."""
        replace_text(self._current, json.dumps(asdict(self.run), default=str))

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Times a step; what the block raises is recorded and raised again."""
        step = Step(name)
        self.run.steps.append(step)
        self.save()
        self.progress.start(name)
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
            self.progress.finish(name, step.status, step.seconds, step.summary)
            self.save()


@contextlib.contextmanager
def record_run(settings: Settings, command: str, progress: StepProgress | None = None) -> Iterator[Recorder]:
    """Records the block as one run. Call it with the lock held."""
    settings.runs_dir.mkdir(parents=True, exist_ok=True)
    _bury_killed_run(settings)
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{os.urandom(2).hex()}"
    recorder = Recorder(settings, Run(run_id, command, _iso(now)), progress or Silent())
    run = recorder.run
    try:
        yield recorder
    except CommandError as error:
        run.status, run.exit_code, run.message = "failed", int(error.exit_code), shorten(error.message)
        raise
    except KeyboardInterrupt as error:
        run.status, run.exit_code = "interrupted", 128 + signal_of(error)
        raise
    except BaseException as error:
        run.status, run.exit_code = "failed", int(ExitCode.INTERNAL)
        run.message = shorten(f"{type(error).__name__}: {error}")
        raise
    else:
        run.status, run.exit_code = "ok", 0
    finally:
        run.finished_at = _iso(datetime.now(UTC))
        _append(settings, run)
        (settings.runs_dir / "current.json").unlink(missing_ok=True)
        _forget_old_folders(settings)


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
    """`text` on one line of at most `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def plural(count: int, word: str) -> str:
    """`3 files`, but `1 file`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def replace_text(path: Path, text: str) -> None:
    """Writes `path` so that a reader, or a crash, finds the old text or the new one."""
    temporary = path.with_name(f".{path.name}.next")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _bury_killed_run(settings: Settings) -> None:
    killed = read_current(settings)
    if killed is not None:
        killed.status = "killed"
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
    folders = sorted(path for path in settings.runs_dir.iterdir() if path.is_dir())
    for folder in folders[:-_KEPT_RUN_FOLDERS]:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
