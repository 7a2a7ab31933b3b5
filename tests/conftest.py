"""For every test: settings in the test's own folder, a writer of export files, and the order of the files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Settings

Drop = Callable[..., Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow files go first: two workers that begin with them end at the same time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty home."""
    return Settings.for_home(tmp_path / "home")


@pytest.fixture
def drop(settings: Settings) -> Drop:
    """Writes one export file: `drop("crm", "2026-01-01", "User.csv", text)`.

    The content is bytes or text as it is, or a list of records that becomes JSON lines; a name that ends in
    `.gz` is compressed.
    """

    def write(system: str, day: str, name: str, content: bytes | str | Sequence[Mapping[str, Any]]) -> Path:
        path = Path(settings.exports) / system / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes | str):
            content = "".join(json.dumps(record) + "\n" for record in content)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return path

    return write
