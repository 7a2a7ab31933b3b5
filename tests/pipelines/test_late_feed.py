"""A broken feed is not a dying customer: a day of usage that is missing or half there moves nobody, and heals.

One company is refreshed three times: undisturbed; without the product's folder of one day, which comes three nights
later; and with most of that day's usage cut away, which comes in a second file of the day.
"""

from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings
from tests.pipelines.homes import command, differences, home

pytestmark = pytest.mark.slow

# Dense enough for the volume of a weekday to be judged, see min_judged_rows in feed_rules.
ACCOUNTS, DAYS, SEED, DENSITY = 30, 75, 7, 6.0
BROKEN = date(2026, 10, 27)
TRUSTED, HEALED = BROKEN - timedelta(days=1), BROKEN + timedelta(days=3)
GAP = [BROKEN, HEALED - timedelta(days=1)]  # its first and its last night


@dataclass
class Replay:
    """A home whose usage of one day came late, and what it published on nights of the gap."""

    settings: Settings
    during: dict[date, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Replays:
    """The same nights with the day in time, missing, and partly there."""

    undisturbed: Settings
    missing: Replay
    partial: Replay


def replay(settings: Settings, gap: list[date]) -> Replay:
    """Some nights of the gap, each with a copy of what it published."""
    replayed = Replay(settings)
    for night in gap:
        command(settings, "nightly", "--as-of", str(night))
        replayed.during[night] = settings.home / f"serving-{night}.duckdb"
        shutil.copy(settings.serving, replayed.during[night])
    return replayed


def missing(base: Path, exports: Path) -> Replay:
    """The product's folder of the day comes on the third night after it."""
    own = shutil.copytree(exports, base / "missing-exports")
    late = shutil.move(own / "product" / str(BROKEN), base / "late")
    replayed = replay(home(base / "missing", own), GAP)
    shutil.move(late, own / "product" / str(BROKEN))
    command(replayed.settings, "nightly", "--as-of", str(HEALED))
    return replayed


def partial(base: Path, exports: Path) -> Replay:
    """Thirty percent of the day's usage come in time, the rest in a second file of the day."""
    own = shutil.copytree(exports, base / "partial-exports")
    first = own / "product" / str(BROKEN) / "tracks-000.jsonl.gz"
    lines = gzip.decompress(first.read_bytes()).splitlines(keepends=True)
    cut = len(lines) * 3 // 10
    first.write_bytes(gzip.compress(b"".join(lines[:cut])))
    replayed = replay(home(base / "partial", own), GAP[1:])
    first.with_name("tracks-001.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[cut:])))
    command(replayed.settings, "nightly", "--as-of", str(HEALED))
    return replayed


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Replays:
    base = tmp_path_factory.mktemp("late")
    exports = base / "exports"
    generate(SampleSettings(ACCOUNTS, DAYS, SEED, HEALED, exports, DENSITY))
    undisturbed = home(base / "undisturbed", exports)
    command(undisturbed, "nightly", "--as-of", str(HEALED))
    return Replays(undisturbed, missing(base, exports), partial(base, exports))


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("status", ["missing", "partial"])
def test_nobody_moves_while_a_day_of_usage_is_broken(replays: Replays, status: str) -> None:
    during = getattr(replays, status).during
    assert during
    for night, serving in during.items():
        published = ask(
            serving, f"select is_provisional, measured_on_date, as_of_date, {_NAMED} from marts.account_health"
        )
        assert set(published) == {(True, TRUSTED, night, True)}, published[0]
        moved = ask(serving, _MOVED.format(night=night, trusted=TRUSTED))
        assert moved == []
        kept = ask(serving, _KEPT.format(night=night, trusted=TRUSTED))
        assert kept[0][0] > ACCOUNTS / 3


_NAMED = f"starts_with(provisional_reason, 'product of {BROKEN} is ')"
_STATES = """
    select account_id, health_band, score_micropoints, worst_component, segment
    from marts.account_health_daily
    inner join marts.account_segments_daily using (account_id, as_of_date)
    where as_of_date = date '{day}'
"""
_MOVED = f"""
    ({_STATES.format(day="{night}")})
    except all ({_STATES.format(day="{trusted}")})
"""
_KEPT = f"""
    select count(score_micropoints) from (
        ({_STATES.format(day="{night}")}) intersect all ({_STATES.format(day="{trusted}")})
    )
"""


@pytest.mark.parametrize("status", ["missing", "partial"])
def test_one_select_tells_a_broken_feed_from_a_drop(replays: Replays, status: str) -> None:
    for night, serving in getattr(replays, status).during.items():
        unhealthy = ask(
            serving, "select system, as_of_date, status, held_days_count from marts.data_health where not is_trusted"
        )
        assert unhealthy == [("product", BROKEN, status, (night - BROKEN).days + 1)]
        [(landed, expected)] = ask(
            serving,
            f"""
            select landed_rows, expected_rows from marts.data_health
            where system = 'product' and as_of_date = date '{BROKEN}'
            """,
        )
        assert landed < expected / 2


@pytest.mark.parametrize("status", ["missing", "partial"])
def test_usage_of_the_broken_day_is_unknown_not_zero(replays: Replays, status: str) -> None:
    serving = getattr(replays, status).during[GAP[1]]
    usage = ask(
        serving, f"select distinct is_usage_known, credits from marts.account_usage_daily where as_of_date = '{BROKEN}'"
    )
    assert usage == [(False, None)]


@pytest.mark.parametrize("status", ["missing", "partial"])
def test_history_heals_to_what_it_would_have_been(replays: Replays, status: str) -> None:
    """Every mart equals, row for row, that of a refresh which had the day in time."""
    healed = getattr(replays, status).settings.serving
    assert ask(healed, "select distinct is_provisional from marts.account_health_daily") == [(False,)]
    assert differences(healed, replays.undisturbed.serving) == []
