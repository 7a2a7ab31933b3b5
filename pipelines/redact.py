"""Takes values of rows out of messages: the engine quotes what it could not convert, cast or insert."""

from __future__ import annotations

import re
from pathlib import Path

# Errors of DuckDB that quote data. Others (Binder, Catalog, Parser) quote names, which one needs to find the place.
_QUOTES_DATA = re.compile(
    r"(?:Conversion|Constraint|Invalid Input|Out of Range|Serialization|Invalid)(?: Type)? Error|JSON transform error"
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def redacted(text: str) -> str:
    """`text` without e-mail addresses, and without quoted values from the first error on that may quote data."""
    text = _EMAIL.sub("<e-mail>", text)
    error = _QUOTES_DATA.search(text)
    return text if error is None else text[: error.start()] + _QUOTED.sub("'...'", text[error.start() :])


def redact_lines(path: Path) -> None:
    """Redacts a log in place, line by line."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    clean = [redacted(line) for line in lines]
    if clean != lines:
        path.write_text("".join(clean), encoding="utf-8")
