"""When too much is wrong for a system to land: too many rejects, a truncated extract, a file still being written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pipelines.landing.contract import Contract, Table
from pipelines.landing.errors import FileError
from pipelines.landing.files import Exports, has_changed
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.ledger import LandedFile
from pipelines.landing.rejects import Rejects

_EXTRACTS_BEFORE = 5
"""So many extracts are looked back on, and the smallest counts: one that came twice, or late beside the next, is as
large as two, and the ordinary one after it has lost nothing."""


class _Extract(NamedTuple):
    """A full extract: all files of one drop day."""

    day: date
    records: int


def refuse_many_rejects(contract: Contract, files: Iterable[InspectedFile], rejects: Rejects) -> None:
    """Fail the system when more of the run's records are rejected than its limits allow.

    Raises:
        FileError: names the worst file and what is wrong with it.
    """
    files = list(files)
    records = sum(file.records for file in files)
    if rejects.count <= contract.limits.rejected_share * records:
        return
    worst = max(files, key=lambda file: file.rejected)
    (_, detail), count = rejects.by_file[worst.file.path].most_common(1)[0]
    share = f"{rejects.count:,} of the {records:,} records of {contract.system} would be rejected"
    raise FileError(
        worst.file.path,
        f"{worst.rejected:,} of its {worst.records:,} records cannot land ({count:,}: {detail}); {share}, more than"
        f" the share of {contract.limits.rejected_share:g} that config.meta.limits of its source allows",
    )


def check_full_extracts(
    contract: Contract, files: dict[str, list[InspectedFile]], landed: dict[str, LandedFile], accept: str | None
) -> list[str]:
    """Hold back full extracts that lost too many records.

    Args:
        contract: names the full extracts and says how much is too much.
        files: what is about to land, by table.
        landed: what has landed, by path.
        accept: why they land all the same.

    Returns:
        Warnings: extracts that land only because they were accepted.

    Raises:
        FileError: an extract is held back.
    """
    warnings = []
    for table in contract.tables:
        new = files.get(table.name, []) if table.is_full_extract else []
        for before, after, file in _successions(table, new, landed):
            if after.records >= (1 - contract.limits.lost_share) * before.records:
                continue
            lost = f"it has {after.records:,} records, the extract of {before.day} had {before.records:,}"
            if accept is None:
                raise FileError(
                    file.file.path,
                    f"held back as a truncated export: {lost}; export it again, or land it as it is with"
                    f' `account-health land {contract.system} --accept "reason"`',
                )
            warnings.append(f"{file.file.path}: landed although {lost}; accepted: {accept}")
    return warnings


def refuse_unfinished(exports: Exports, files: Iterable[InspectedFile]) -> None:
    """Fail when a file changed since it was listed.

    Raises:
        FileError: names the file.
    """
    for file in files:
        if has_changed(exports, file.file):
            raise FileError(file.file.path, "changed while it was read: it is still being written; land it later")


def _successions(
    table: Table, new: list[InspectedFile], landed: dict[str, LandedFile]
) -> Iterable[tuple[_Extract, _Extract, InspectedFile]]:
    """(smallest extract before, extract, one of its files) for each drop day of new files that has one before it."""
    old = {path: (file.drop_date, file.records) for path, file in landed.items() if file.table == table.name}
    all_files = old | {file.file.path: (file.file.drop_date, file.records) for file in new}
    days_before, days = _by_day(old), _by_day(all_files)
    for day, file in sorted({file.file.drop_date: file for file in new}.items()):
        earlier = sorted(_Extract(d, n) for d, n in days.items() if d < day)[-_EXTRACTS_BEFORE:]
        smallest = min(earlier, key=lambda extract: extract.records, default=None)
        before = _Extract(day, days_before[day]) if day in days_before else smallest
        if before is not None:
            yield before, _Extract(day, days[day]), file


def _by_day(files: dict[str, tuple[date, int]]) -> dict[date, int]:
    days: dict[date, int] = {}
    for day, records in files.values():
        days[day] = days.get(day, 0) + records
    return days
