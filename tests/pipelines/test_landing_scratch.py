"""Unpacked copies change nothing but the cost; nothing that a landing writes for itself outlives the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Settings
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.model_file import select_files
from pipelines.landing.scratch import UnpackedCopies
from tests.conftest import Drop
from tests.pipelines.records import DAY, NEXT_DAY, USER_HEADER, land_one, line, query, track, user

_FIRST, _SECOND, _THIRD = ("".join(line(track(100 * part + n)) for n in range(100)) for part in range(1, 4))
_NAMES = [f"product/{DAY}/tracks-0.jsonl.gz", f"product/{DAY}/tracks-1.jsonl.gz", f"product/{NEXT_DAY}/tracks-0.jsonl"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[InspectedFile]:
    """Files as the engine was told to read them, in their order."""
    found: list[InspectedFile] = []

    def noting(*arguments: Any) -> str:
        found.extend(arguments[2])
        return select_files(*arguments)

    monkeypatch.setattr("pipelines.landing.source.select_files", noting)
    return found


@pytest.mark.parametrize(("room", "copied"), [(0, []), (len(_FIRST) + 1, _NAMES[:1]), (1 << 30, _NAMES[:2])])
def test_rows_do_not_depend_on_room(
    settings: Settings,
    drop: Drop,
    monkeypatch: pytest.MonkeyPatch,
    read: list[InspectedFile],
    room: int,
    copied: list[str],
) -> None:
    def narrow(folder: Path) -> UnpackedCopies:
        copies = UnpackedCopies(folder)
        copies.room = room
        return copies

    monkeypatch.setattr("pipelines.landing.system.UnpackedCopies", narrow)
    drop("product", DAY, "tracks-0.jsonl.gz", _FIRST)
    drop("product", DAY, "tracks-1.jsonl.gz", _SECOND + line(track(400, timestamp="yesterday")))
    drop("product", NEXT_DAY, "tracks-0.jsonl", _THIRD)
    landed = land_one(settings, "product")
    assert (landed.rows, landed.rejected, landed.error) == (300, 1, None)
    found = query(settings, "select _source_file, count(distinct message_id) from raw_product.tracks group by 1")
    assert sorted(found) == [(name, 100) for name in _NAMES]
    first = {file.file.path: file.local_path for file in reversed(read)}
    assert [name for name in _NAMES if first[name] == str(settings.landing_dir / "unpacked" / name)] == copied


def test_packed_csv_is_read_from_a_copy(settings: Settings, drop: Drop, read: list[InspectedFile]) -> None:
    drop("crm", DAY, "User.csv.gz", USER_HEADER + user(1) + user(2))
    assert land_one(settings, "crm").rows == 2
    assert [file.local_path for file in read] == [str(settings.landing_dir / "unpacked" / "crm" / DAY / "User.csv.gz")]
    assert query(settings, "select distinct _source_file from raw_crm.users") == [(f"crm/{DAY}/User.csv.gz",)]


def test_a_full_disk_ends_copying_and_not_landing(tmp_path: Path) -> None:
    copies = UnpackedCopies(tmp_path)
    Path(tmp_path, "full").symlink_to("/dev/full")
    assert list(copies.written("full", [b"some", b"more"])) == [b"some", b"more"]
    assert list(copies.written("next", [b"rows"])) == [b"rows"]
    assert copies.find("full") is None
    assert copies.find("next") is None


def test_what_a_killed_landing_left_goes(settings: Settings, drop: Drop) -> None:
    left = settings.landing_dir / "unpacked" / "product" / DAY / "tracks-0.jsonl.gz"
    left.parent.mkdir(parents=True)
    left.write_text(line(track(9)))
    drop("product", DAY, "tracks-0.jsonl.gz", line(track(1)))
    assert land_one(settings, "product").rows == 1
    assert query(settings, "select message_id from raw_product.tracks") == [("m1",)]
    assert not settings.landing_dir.exists()
