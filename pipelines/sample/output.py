"""Where export files lie and how they are packed; equal content gives equal bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from pipelines.sample.model import SampleSettings

_GZIP = 31  # zlib's window bits for a gzip wrapper; it carries neither a file name nor a time
_LEVEL = 2
_CHUNK = 1 << 22


def drop_folder(settings: SampleSettings, system: str, day: int) -> Path:
    """The folder of what `system` learnt on `day`; made when missing."""
    folder = settings.exports / system / (settings.start + timedelta(days=day)).isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_gzip(path: Path, parts: Sequence[bytes | memoryview]) -> None:
    """Writes the parts, one after the other, as one gzip member."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    with path.open("wb") as file:
        for part in parts:
            view = memoryview(part)
            for at in range(0, len(view), _CHUNK):
                file.write(packer.compress(view[at : at + _CHUNK]))
        file.write(packer.flush())


def json_line(record: Mapping[str, object]) -> str:
    """One line of a JSONL file."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def iso_time(settings: SampleSettings, milliseconds: int) -> str:
    """A UTC time as exports write it, from milliseconds since the window's first midnight."""
    opening = datetime.combine(settings.start, time(), tzinfo=UTC)
    moment = opening + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
