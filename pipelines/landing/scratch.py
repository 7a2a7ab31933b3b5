"""The folder of what a landing writes only for itself: copies of remote files, files sorted, rejects on their way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.config import Settings


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder; what a killed landing left in it goes first, as that holds rows."""
    clear_scratch(settings)
    settings.landing_dir.mkdir(parents=True)
    try:
        yield settings.landing_dir
    finally:
        clear_scratch(settings)


def clear_scratch(settings: Settings) -> None:
    """Remove the folder."""
    if settings.landing_dir.exists():
        shutil.rmtree(settings.landing_dir)
