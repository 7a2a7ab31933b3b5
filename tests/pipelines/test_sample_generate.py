"""The whole sample company: four systems and the truth, byte for byte the same for the same settings."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Settings
from pipelines.landing import land
from pipelines.rejects import open_rejects
from pipelines.sample.generate import SYSTEMS, Summary, generate
from pipelines.sample.model import SampleSettings, Story
from pipelines.sample.product import write_product
from pipelines.sample.world import build_world

UNTIL = date(2026, 10, 31)


def settings(exports: Path, accounts: int = 40, days: int = 200, seed: int = 7) -> SampleSettings:
    return SampleSettings(accounts, days, seed, UNTIL, exports)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="module")
def told() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def summary(exports: Path, told: list[tuple[str, float]]) -> Summary:
    return generate(settings(exports), lambda text, share: told.append((text, share)))


@pytest.fixture(scope="module")
def truth(summary: Summary) -> list[dict[str, Any]]:
    return [json.loads(line) for line in summary.truth.read_text(encoding="utf-8").splitlines()]


def test_every_system_drops_within_the_window(summary: Summary, exports: Path) -> None:
    assert {path.name for path in exports.iterdir()} == {*SYSTEMS, "truth.jsonl"}
    for system in SYSTEMS:
        days = sorted(folder.name for folder in (exports / system).iterdir())
        assert settings(exports).start.isoformat() <= days[0]
        assert days[-1] <= UNTIL.isoformat()
    assert len(list((exports / "product").iterdir())) == summary.days


def test_progress_is_told_from_start_to_end(summary: Summary, told: list[tuple[str, float]]) -> None:
    assert summary.accounts == 40
    assert [text for text, share in told if share == 1.0] == ["plan", "product", "crm", "billing", "zendesk"]
    assert all(0.0 <= share <= 1.0 for _, share in told)


def test_truth_has_one_line_an_account(truth: list[dict[str, Any]]) -> None:
    assert [line["index"] for line in truth] == list(range(40))
    assert {line["story"] for line in truth if not line["is_prospect"]} == {story.value for story in Story}
    for line in truth:
        assert (line["org_id"] is None) == line["is_prospect"]
        assert (line["stripe_customer_id"] is None) == line["is_prospect"]
        assert (line["crm_id"] is None) == (line["story"] == "self_serve")
        if line["onset_date"] is not None:
            assert line["signup_date"] < line["onset_date"] <= UNTIL.isoformat()
    assert any("merged_crm_ids" in line for line in truth)
    assert any("expansion_use_cases" in line for line in truth)
    assert any(line["commit_cents"] > 0 for line in truth)


def test_generating_again_gives_the_same_bytes(summary: Summary, exports: Path, tmp_path: Path) -> None:
    generate(settings(tmp_path))
    assert digest(tmp_path) == digest(exports)


def test_an_earlier_company_is_replaced(tmp_path: Path) -> None:
    generate(settings(tmp_path, accounts=6, days=90))
    (tmp_path / "notes.txt").write_text("kept")
    generate(settings(tmp_path, accounts=5, days=60, seed=1))
    assert len(list((tmp_path / "product").iterdir())) == 60
    assert (tmp_path / "notes.txt").exists()


def test_broken_lines_are_what_landing_rejects(tmp_path: Path) -> None:
    home = Settings.for_home(tmp_path)
    written = write_product(build_world(SampleSettings(20, 60, 7, UNTIL, Path(home.exports), 60.0)))
    assert written.broken > 0
    (landed,) = land(["product"], home)
    rejects = open_rejects(home, ["product"])
    assert len(rejects) == written.broken
    assert landed.rows == written.tracks + written.identifies + written.groups
    assert {reject.file.split("/")[1] for reject in rejects} == {"2026-09-29", "2026-10-29"}
