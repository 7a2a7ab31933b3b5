"""Nothing that a landing writes for itself outlives the next one."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.config import Settings
from pipelines.landing.sorting import sort_file
from tests.conftest import Drop
from tests.pipelines.records import DAY, land_one, line, query, track

_FILE = f"product/{DAY}/tracks-0.jsonl"


def test_what_a_killed_landing_left_goes(settings: Settings, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    left = settings.landing_dir / "sorted" / "product" / "2025-12-31" / "tracks-0.jsonl"
    left.parent.mkdir(parents=True)
    left.write_text(line(track(999)))
    seen: list[list[str]] = []

    def noting(*arguments: Any) -> Any:
        result = sort_file(*arguments)
        files = (path for path in settings.landing_dir.rglob("*") if path.is_file())
        seen.append(sorted(str(path.relative_to(settings.landing_dir)) for path in files))
        return result

    monkeypatch.setattr("pipelines.landing.system.sort_file", noting)
    drop("product", DAY, "tracks-0.jsonl", "".join(line(track(n)) for n in range(99)) + "no record\n")
    landed = land_one(settings, "product")
    assert (landed.rows, landed.rejected) == (99, 1)
    assert seen == [[f"sorted/{_FILE}"]]
    assert query(settings, "select distinct _source_file from raw_product.tracks") == [(_FILE,)]
    assert not settings.landing_dir.exists()
