"""Makes the machine forget files that it has read, so that the next who opens them waits for the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_PROBES = 200  # places of a file that are looked at
_PAGE_BYTES = 4096


def forget(files: Iterable[Path]) -> bool:
    """Drops the files' pages from the page cache, nobody else's; needs no rights beyond reading them.

    What the host of a virtual machine or the disk itself keeps is out of reach.

    Returns:
        Whether they are gone; False where the system has no such call.
    """
    if not hasattr(os, "posix_fadvise") or not hasattr(os, "RWF_NOWAIT"):
        return False
    were_dropped = [_forget(file) for file in files]
    return all(were_dropped)


def _forget(file: Path) -> bool:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)  # what is not yet written cannot be dropped
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        size = os.fstat(handle).st_size
        return not any(_is_cached(handle, offset) for offset in range(0, size, max(_PAGE_BYTES, size // _PROBES)))
    finally:
        os.close(handle)


def _is_cached(handle: int, offset: int) -> bool:
    try:
        os.preadv(handle, [bytearray(1)], offset, os.RWF_NOWAIT)
    except OSError:
        return False
    return True
