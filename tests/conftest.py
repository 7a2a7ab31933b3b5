"""For every test: settings in the test's own folder, a writer of export files, one company that is read by many, and
the order of the files."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Settings
from pipelines.lock import hold_lock
from pipelines.nightly import run_nightly
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings

Drop = Callable[..., Path]
COMPANY_ACCOUNTS, COMPANY_LAST = 220, date(2026, 10, 31)


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


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that nobody writes to: 220 accounts over 400 days after one whole refresh, data tests and all.

    As `account-health generate --accounts 220 --days 400 --seed 11 --density 0.5` and `account-health nightly`
    leave it. It takes minutes, so the workers share it; whoever comes first builds it, and the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    settings = Settings.for_home(folder / "company")
    with (folder / "company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not settings.serving.exists():
            generate(SampleSettings(COMPANY_ACCOUNTS, 400, 11, COMPANY_LAST, Path(settings.exports), 0.5))
            with hold_lock(settings.lock, "tests") as held:
                run_nightly(settings, held)
    return settings
