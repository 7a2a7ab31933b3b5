"""Turns an engine error into a `LandingError`: which file and what is wrong with it, never a value of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import duckdb

from pipelines.landing.errors import FileError, LandingError
from pipelines.landing.inspect import InspectedFile

_REASONS = (
    ("GZIP", "broken gzip stream, perhaps still being written"),
    ("No files found", "is gone since it was listed"),
)


def explain(error: BaseException, files: Iterable[InspectedFile]) -> LandingError:
    """The reason of a failed load in one line.

    Args:
        error: what dlt raised.
        files: the files of the load, to recognise the broken one by its path.
    """
    if isinstance(error, LandingError):
        return error
    text = "\n".join(str(cause) for cause in _causes(error))
    named = [file for file in files if file.local_path in text or f": {file.file.path}" in text]
    if not named:
        return LandingError(_without_values(error))
    file = max(named, key=lambda file: len(file.local_path))
    reason = next((reason for mark, reason in _REASONS if mark in text), "cannot be read as its table expects")
    return FileError(file.file.path, reason)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that caused it, outermost first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _without_values(error: BaseException) -> str:
    """The first line of the engine's own message, without quoted values: they may come from a row."""
    causes = list(_causes(error))
    engine = next((cause for cause in causes if isinstance(cause, duckdb.Error)), causes[-1])
    first = next((line.strip() for line in str(engine).splitlines() if line.strip()), "unknown error")
    return re.sub(r"\"[^\"]*\"|'[^']*'", '"..."', first)
