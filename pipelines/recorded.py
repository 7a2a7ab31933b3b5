"""A command as a recorded run: its log entry, then the `ops` tables and the report page that are made from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb
from jinja2 import TemplateError

from pipelines import ops, run_page
from pipelines.config import Settings
from pipelines.progress import StepProgress
from pipelines.runlog import Recorder, record_run
from pipelines.serving.gate import marts_untouched


@contextlib.contextmanager
def recorded(settings: Settings, command: str, progress: StepProgress | None = None) -> Iterator[Recorder]:
    """Records the block as one run, also when it fails. Call it with the lock held.

    Raises:
        CommandError: STATE_FAILED when nothing can be written into the home folder.
    """
    recorder: Recorder | None = None
    try:
        with record_run(settings, command, progress) as recorder:
            yield recorder
    finally:
        if recorder is not None:
            _tell(settings, recorder)


def _tell(settings: Settings, recorder: Recorder) -> None:
    # Neither may change how the run ended. The log is complete without them; the tables catch up with the next run.
    with contextlib.suppress(duckdb.Error, OSError), marts_untouched(settings):
        ops.sync_runs(settings)
    with contextlib.suppress(OSError, TemplateError):
        run_page.write(settings, recorder.run)
