"""The demo: a sample company from its first export to the third night's report.

It fills a home of its own from scratch, and never touches one that holds anything else.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.lock import HeldLock
from pipelines.nightly import Refresh, run_nightly
from pipelines.progress import StepProgress
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings

# The first night takes the whole history, each further one a day more.
NIGHTS = 3
_MARKER = ".demo.json"
# In the exports folder, from before the first file on: a generator that was killed may be started again.
_SAMPLE_MARKER = ".sample_company"


@dataclass(frozen=True, slots=True)
class Company:
    """The sample company to make up."""

    accounts: int = 500
    days: int = 450
    seed: int = 7
    until: date = date(2026, 10, 31)
    density: float = 1.0

    def sample_settings(self, exports: Path) -> SampleSettings:
        """For the generator."""
        return SampleSettings(self.accounts, self.days, self.seed, self.until, exports, self.density)


def run_demo(settings: Settings, company: Company, lock: HeldLock, progress: StepProgress) -> Refresh:
    """Starts afresh, generates the company's exports and runs three nights; returns the last one.

    Raises:
        CommandError: USAGE when the home holds something that no demo made; else as `run_nightly`.
    """
    start_afresh(settings)
    generate_exports(settings, company, progress)
    nights = [company.until - timedelta(days=back) for back in reversed(range(NIGHTS))]
    refreshes = [run_nightly(settings, lock, night, progress, f"demo {night}") for night in nights]
    return refreshes[-1]


def generate_exports(settings: Settings, company: Company, progress: StepProgress) -> None:
    """Writes the company's exports below `settings.exports`.

    Raises:
        CommandError: USAGE when that is no local folder, or holds exports that the generator did not write.
    """
    if "://" in settings.exports:
        raise CommandError(
            ExitCode.USAGE,
            f"Exports can be generated into a local folder only, not {settings.exports}.",
            "Unset ACCOUNT_HEALTH_EXPORTS or name a folder.",
        )
    exports = Path(settings.exports)
    if exports.is_dir() and any(exports.iterdir()) and not (exports / _SAMPLE_MARKER).exists():
        raise CommandError(
            ExitCode.USAGE,
            f"{exports} holds files that are no sample company.",
            "Name an empty folder with --exports.",
        )
    exports.mkdir(parents=True, exist_ok=True)
    (exports / _SAMPLE_MARKER).touch()
    started = time.monotonic()
    progress.start("generate")
    generate(company.sample_settings(exports), progress.update)
    progress.finish(
        "generate",
        "ok",
        time.monotonic() - started,
        f"{company.accounts} accounts, {company.days} days: {exports}",
    )


def start_afresh(settings: Settings) -> None:
    """Empties the home of what an earlier demo left and marks it as a demo's.

    Raises:
        CommandError: USAGE when something is in the way that no demo wrote.
    """
    marker = settings.home / _MARKER
    places = _places(settings)
    earlier = set(json.loads(marker.read_text())) if marker.exists() else set()
    foreign = [str(place) for place in places if place.exists() and str(place) not in earlier]
    if "://" in settings.exports or foreign:
        raise CommandError(
            ExitCode.USAGE,
            f"The demo would overwrite {', '.join(foreign) or settings.exports}, which no demo made.",
            "Give it a folder of its own: ACCOUNT_HEALTH_HOME=data/demo account-health demo",
        )
    # Marked first: a demo that is killed on the way may be started again.
    settings.home.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps([str(place) for place in places]))
    for place in places:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def _places(settings: Settings) -> list[Path]:
    """Everything that a demo writes, but for the lock that it holds."""
    files = [settings.warehouse, settings.serving]
    return [
        Path(settings.exports),
        *files,
        *(file.with_name(f"{file.name}.wal") for file in files),
        settings.dlt_dir,
        settings.runs_dir,
        settings.briefings_dir,
        settings.home / "tmp",
    ]
