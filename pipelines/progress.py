"""What a long command shows while it runs: a moving bar on a terminal, one line a finished step in a log."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_STEPS_OF_BAR = 100


class StepProgress(Protocol):
    """Where steps report to."""

    def start(self, step: str) -> None:
        """A step begins."""

    def update(self, text: str, fraction: float) -> None:
        """The running step does `text` now and has `fraction` (0 to 1) behind it."""

    def finish(self, step: str, status: str, seconds: float, summary: str) -> None:
        """The step is over."""


class Silent:
    """Shows nothing."""

    def start(self, step: str) -> None: ...

    def update(self, text: str, fraction: float) -> None: ...

    def finish(self, step: str, status: str, seconds: float, summary: str) -> None: ...


class ConsoleProgress:
    """Shows steps on `console` (standard error, so that standard output holds the result alone)."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def start(self, step: str) -> None:
        if not self._console.is_terminal:
            return
        self._bar = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.fields[text]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task(step, total=_STEPS_OF_BAR, text="")
        self._bar.start()

    def update(self, text: str, fraction: float) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=round(fraction * _STEPS_OF_BAR), text=text)

    def finish(self, step: str, status: str, seconds: float, summary: str) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        self._console.print(f"{step:<12}{status:<12}{seconds:>7.1f} s  {summary}", markup=False, soft_wrap=True)
