"""Replays many nights in several ways, with late and doubled files; all ways end with the same marts."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from pipelines.config import Settings
from tests.pipelines.homes import LAST, command, company, home
from tests.soak.kills import compare

_WARM_UP_DAYS = 60  # of history before the first night
_LONGEST_DELAY = 5  # days that a file comes late, nights that are caught up at once
_LATE_SHARE, _DOUBLED_SHARE = 0.04, 0.04


def soak_nights(folder: Path, nights: int, accounts: int, seed: int) -> list[str]:
    """Differences that were found, one a line; none is what one wants."""
    draw = random.Random(seed)
    exports = folder / "exports"
    company(exports, accounts, _WARM_UP_DAYS + nights, seed=seed)
    late, doubled = disturb(exports, draw)
    print(f"nights: {late} files come late, {doubled} are delivered twice", flush=True)
    days = [LAST - timedelta(days=back) for back in range(nights - 1, -1, -1)]
    one_by_one = [[day] for day in days]
    # A new warehouse starts with its newest night, so all that keep history start with the same one.
    in_chunks = [days[:1], *split(days[1:], draw)]
    with ThreadPoolExecutor(2) as pool:
        replayed = pool.submit(replay, folder / "replayed", exports, one_by_one, by_jumps=False)
        caught_up = pool.submit(replay, folder / "caught_up", exports, in_chunks, by_jumps=False)
        jumped = pool.submit(replay, folder / "jumped", exports, list(split(days, draw)), by_jumps=True)
        built_once = pool.submit(replay, folder / "built_once", exports, [days], by_jumps=True)
        homes = [future.result() for future in (replayed, caught_up, jumped, built_once)]
    found = [f"caught up in chunks: {line}" for line in compare(homes[1], homes[0])]
    found += [f"in jumps: {line}" for line in compare(homes[2], homes[0], with_snapshots=False)]
    found += [f"one full build: {line}" for line in compare(homes[3], homes[0], with_snapshots=False)]
    return found


def disturb(exports: Path, draw: random.Random) -> tuple[int, int]:
    """Moves some files into the folder of a later day, and copies some under another name; how many of each."""
    late = doubled = 0
    for path in sorted(exports.glob("*/*/*")):
        day, chance = date.fromisoformat(path.parent.name), draw.random()
        other = min(day + timedelta(days=draw.randint(1, _LONGEST_DELAY)), LAST)
        stem, _, suffix = path.name.partition(".")
        target = path.parents[1] / other.isoformat() / f"{stem}-of-{day:%Y%m%d}.{suffix}"
        if chance < _LATE_SHARE and other > day:
            target.parent.mkdir(exist_ok=True)
            path.rename(target)
            late += 1
        elif chance > 1 - _DOUBLED_SHARE:
            target = draw.choice([target, path.with_name(f"{stem}-again.{suffix}")])
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
            doubled += 1
    return late, doubled


def split(days: Sequence[date], draw: random.Random) -> Iterator[list[date]]:
    """The days in chunks of random length."""
    rest = list(days)
    while rest:
        length = draw.randint(1, _LONGEST_DELAY)
        yield rest[:length]
        rest = rest[length:]


def replay(folder: Path, exports: Path, chunks: Sequence[Sequence[date]], by_jumps: bool) -> Settings:
    """Delivers chunk after chunk of days; each is caught up night by night, or in one jump to its last day."""
    settings = home(folder, folder / "exports")
    for number, chunk in enumerate(chunks, start=1):
        deliver(exports, Path(settings.exports), chunk[-1])
        command(settings, "nightly", *(("--as-of", str(chunk[-1])) if by_jumps else ()))
        print(f"nights: {folder.name} {number}/{len(chunks)}, stands at {chunk[-1]}", flush=True)
    return settings


def deliver(source: Path, target: Path, until: date) -> None:
    """Every file of the days up to `until` lies in `target` afterwards."""
    for path in source.glob("*/*/*"):
        copy = target / path.relative_to(source)
        if date.fromisoformat(path.parent.name) <= until and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, copy)
