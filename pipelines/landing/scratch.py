"""What a landing writes only for itself: a folder of the home that goes with it, and unpacked copies in there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from pipelines.config import Settings

_SHARE_OF_FREE_SPACE = 4


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


class UnpackedCopies:
    """Copies of packed files, written on the way when their records are counted; the engine reads the copies.

    To count and to read, a file must be unpacked twice, and DuckDB spends a third of its reading on that: writing the
    bytes that were counted costs less. Copies take at most a quarter of the disk's free space; what is beyond that is
    read as it is stored.

    Attributes:
        root: the folder that `_source_file` of a copy is relative to.
        room: bytes that copies may still take.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.root = str(folder)
        self.room = shutil.disk_usage(folder).free // _SHARE_OF_FREE_SPACE

    def written(self, path: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks, written while there is room.

        Args:
            path: of the export file, relative to its exports folder.
            blocks: its unpacked bytes.
        """
        if self.room <= 0:
            yield from blocks
            return
        copy = self._path(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("wb", buffering=0) as target:
            for block in blocks:
                if self.room > 0:
                    self.room = self.room - len(block) if _is_written(block, target) else 0
                yield block
        if self.room <= 0:
            copy.unlink()

    def find(self, path: str) -> str | None:
        """Where the copy of an export file lies; None when there is none."""
        copy = self._path(path)
        return str(copy) if copy.exists() else None

    def _path(self, path: str) -> Path:
        return Path(self.root, path)


def _is_written(block: bytes, target: FileIO) -> bool:
    try:
        return target.write(block) == len(block)
    except OSError:  # the disk filled up meanwhile: landing can do without copies
        return False
