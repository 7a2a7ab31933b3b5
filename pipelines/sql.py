"""Names and texts as SQL takes them, for statements that have no parameters for them."""

from __future__ import annotations

from pathlib import Path


def quoted(identifier: str) -> str:
    """An identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: Path | str) -> str:
    """A text literal."""
    return "'" + str(value).replace("'", "''") + "'"
