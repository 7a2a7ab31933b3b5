"""Lands one system: look for new files, inspect them, load them, count what has landed."""

from __future__ import annotations

import posixpath
from datetime import date
from pathlib import Path

from pipelines.config import Settings
from pipelines.landing.checks import check_full_extracts, refuse_many_rejects, refuse_unfinished
from pipelines.landing.contract import Contract, load_contract
from pipelines.landing.errors import FileError, LandingError
from pipelines.landing.files import ExportFile, Exports, list_files
from pipelines.landing.inspect import InspectedFile, hash_content, inspect
from pipelines.landing.ledger import LEDGER, existing_tables, new_files, read_ledger, upgrade_ledger
from pipelines.landing.loads import load, miscounted, recover, refused_files, take_back
from pipelines.landing.rejects import REJECTS
from pipelines.landing.results import LandingResult, Progress, TableLanding
from pipelines.landing.scratch import scratch_folder
from pipelines.landing.sorting import sort_file
from pipelines.landing.source import Batch


def land_system(
    system: str, settings: Settings, exports: Exports, until: date | None, report: Progress, accept: str | None
) -> LandingResult:
    """Land the new files of one system.

    Raises:
        LandingError: nothing of them has landed.
    """
    report(f"{system}: looking for new files", 0.0)
    contract = load_contract(system, settings.contract_dir)
    upgrade_ledger(settings.warehouse, contract.schema)
    recover(contract, settings)
    files, warnings = list_files(exports, contract, until)
    landed = read_ledger(settings.warehouse, contract.schema)
    with scratch_folder(settings) as scratch:
        local = LocalCopies(exports, scratch / "exports")
        new = new_files(files, landed, lambda file: hash_content(local.path(file)))
        tables = {table.name: table for table in contract.tables}
        inspected: dict[str, list[InspectedFile]] = {name: [] for name in tables}
        for number, file in enumerate(new):
            table = tables[file.table]
            inspected[file.table].append(inspect(file, local.path(file), local.root, table, contract.limits))
            if number % 100 == 0:
                report(f"{system}: checking {len(new)} new files", 0.5 * number / len(new))
        batch = Batch(contract, inspected, scratch, [*warnings, *_changed(new)], landed)
        batch.warnings += check_full_extracts(contract, inspected, landed, accept)
        missing = {*tables, LEDGER, REJECTS} - existing_tables(settings.warehouse, contract.schema)
        _refuse_lost_tables(contract, missing & {file.table for file in landed.values()})
        load_id = None
        if new or missing:
            report(f"{system}: loading {len(new)} files", 0.5)
            load_id = _load_carefully(batch, settings, exports)
    return LandingResult(
        system,
        load_id=load_id if new else None,
        tables=tuple(_summary(name, batch.files[name]) for name in tables),
        newest_drop_date=max([f.drop_date for f in landed.values()] + [f.drop_date for f in new], default=None),
        warnings=(*batch.warnings, *batch.unlisted_warnings()),
    )


def _load_carefully(batch: Batch, settings: Settings, exports: Exports) -> str:
    """Load in the strict way; where that fails, sort the records of the files at fault, and load once more."""
    _sort(batch, {file.file.path for _, file in batch.with_tables() if file.is_suspect})
    try:
        load_id = load(batch, settings)
        wrong = miscounted(batch.contract, settings, load_id)
    except LandingError:
        unsorted = [(table, file) for table, file in batch.with_tables() if not file.is_sorted]
        at_fault = refused_files(batch, unsorted)
        if not at_fault:
            raise
    else:
        at_fault = set(wrong)
        if not wrong:
            return _trusted(batch, settings, exports, load_id)
        take_back(batch.contract, settings, load_id)
    # a file that changed under the reader is no bad file
    refuse_unfinished(exports, [file for _, file in batch.with_tables()])
    _sort(batch, at_fault)
    load_id = load(batch, settings)
    wrong = miscounted(batch.contract, settings, load_id)
    if wrong:
        take_back(batch.contract, settings, load_id)
        refuse_unfinished(exports, [file for _, file in batch.with_tables()])
        raise FileError(wrong[0], "its rows and rejects do not add up to its records")
    return _trusted(batch, settings, exports, load_id)


def _trusted(batch: Batch, settings: Settings, exports: Exports, load_id: str) -> str:
    try:
        refuse_unfinished(exports, [file for _, file in batch.with_tables()])
    except FileError:
        take_back(batch.contract, settings, load_id)
        raise
    return load_id


def _sort(batch: Batch, at_fault: set[str]) -> None:
    """Replace the files at fault by copies without the records that do not fit."""
    for table in batch.contract.tables:
        files = batch.files.get(table.name, [])
        for place, file in enumerate(files):
            if file.file.path in at_fault:
                files[place] = sort_file(batch.contract, table, file, batch.workdir / "sorted", batch.rejects)
    batch.rejects.flush()
    refuse_many_rejects(batch.contract, [file for _, file in batch.with_tables()], batch.rejects)


def _changed(files: list[ExportFile]) -> list[str]:
    return [
        f"{file.path}: WAS CHANGED after it had landed; it lands again as version {file.version},"
        " and the rows of the version before no longer count"
        for file in files
        if file.version > 1
    ]


def _refuse_lost_tables(contract: Contract, lost: set[str]) -> None:
    if lost:
        table = f"{contract.schema}.{min(lost)}"
        raise LandingError(f"{table} is gone, although files have landed in it; restore the warehouse")


def _summary(table: str, files: list[InspectedFile]) -> TableLanding:
    return TableLanding(
        table,
        len(files),
        sum(file.rows for file in files),
        sum(file.file.bytes for file in files),
        sum(file.rejected for file in files),
    )


class LocalCopies:
    """Local paths of export files: the files themselves, or copies in `folder` when they lie elsewhere."""

    def __init__(self, exports: Exports, folder: Path) -> None:
        self._exports = exports
        self.root = exports.root if exports.is_local else str(folder)

    def path(self, file: ExportFile) -> str:
        if self._exports.is_local:
            return file.location
        path = posixpath.join(self.root, file.path)
        if not Path(path).exists():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._exports.fs.get_file(file.location, path)
        return path
