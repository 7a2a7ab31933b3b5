"""Lands the exports of all systems: every new file exactly once, and no system waits for another."""

from __future__ import annotations

import posixpath
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import dlt
from dlt.extract import DltSource

from pipelines.config import Settings
from pipelines.landing.billing import billing_source
from pipelines.landing.contract import SYSTEMS, Contract, Table, load_contract
from pipelines.landing.crm import crm_source
from pipelines.landing.errors import LandingError
from pipelines.landing.explain import explain
from pipelines.landing.files import ExportFile, Exports, list_files, open_exports
from pipelines.landing.inspect import InspectedFile, hash_content, inspect
from pipelines.landing.ledger import LEDGER, connect, existing_tables, new_files, read_ledger, remove_incomplete
from pipelines.landing.pipeline import dlt_environment, forget_failures, make_pipeline, run
from pipelines.landing.product import product_source
from pipelines.landing.source import Batch
from pipelines.landing.zendesk import zendesk_source
from pipelines.ops import ensure_ops

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, 0 to 1."""

_SOURCES: dict[str, Callable[[Batch], DltSource]] = {
    "product": product_source,
    "crm": crm_source,
    "billing": billing_source,
    "zendesk": zendesk_source,
}


@dataclass(frozen=True, slots=True)
class TableLanding:
    """What one run landed into one table."""

    table: str
    files: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class LandingResult:
    """What one run did for one system.

    Attributes:
        load_id: dlt's load id; None when there was nothing new, or when the system failed.
        tables: every table of the contract, also those without a new file; empty when the system failed.
        newest_drop_date: newest drop day that has landed, now or before; None when nothing ever landed.
        warnings: one line each: fields and files outside the contract.
        error: why the system failed, in one line; nothing of this run has landed for it then.
        seconds: wall-clock time.
    """

    system: str
    load_id: str | None = None
    tables: tuple[TableLanding, ...] = ()
    newest_drop_date: date | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the system landed, be it nothing new."""
        return self.error is None

    @property
    def files(self) -> int:
        """Files landed by this run."""
        return sum(table.files for table in self.tables)

    @property
    def rows(self) -> int:
        """Rows landed by this run."""
        return sum(table.rows for table in self.tables)


def land(
    systems: Iterable[str],
    settings: Settings,
    until: date | None = None,
    progress: Progress | None = None,
) -> list[LandingResult]:
    """Land every new file of the given systems, up to and including the drop day `until`.

    A system that fails lands nothing, and the others go on: look at each result's `error`. Afterwards all
    tables of the contract exist for every system that did not fail.

    Raises:
        ExportsMissingError: there is no exports folder, or it holds no system's folder.
        ValueError: an unknown system.
    """
    wanted = _checked(systems)
    exports = open_exports(settings.exports, SYSTEMS)
    results = []
    for number, system in enumerate(wanted):

        def report(label: str, share: float, number: int = number) -> None:
            if progress:
                progress(label, (number + share) / len(wanted))

        started = time.monotonic()
        try:
            result = _land_system(system, settings, exports, until, report)
        except LandingError as error:
            result = LandingResult(system, error=str(error))
        results.append(replace(result, seconds=time.monotonic() - started))
    if progress:
        progress("landed", 1.0)
    return results


def create_empty_raw(settings: Settings, systems: Iterable[str] = SYSTEMS) -> None:
    """Create all raw tables, the ledger, dlt's own and `ops` without any export: dbt can then build on nothing."""
    _create_ops(settings)
    for system in _checked(systems):
        contract = load_contract(system, settings.contract_dir)
        with tempfile.TemporaryDirectory() as workdir:
            _load(Batch(contract, {}, root="/", workdir=Path(workdir)), settings)


def _create_ops(settings: Settings) -> None:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with connect(settings.warehouse) as connection:
        ensure_ops(connection)


def _checked(systems: Iterable[str]) -> list[str]:
    wanted = list(systems)
    unknown = [system for system in wanted if system not in SYSTEMS]
    if unknown:
        raise ValueError(f"unknown system {unknown[0]}; there are {', '.join(SYSTEMS)}")
    return wanted


def _land_system(
    system: str, settings: Settings, exports: Exports, until: date | None, report: Progress
) -> LandingResult:
    report(f"{system}: looking for new files", 0.0)
    contract = load_contract(system, settings.contract_dir)
    _create_ops(settings)
    _recover(contract, settings)
    files, warnings = list_files(exports, contract, until)
    landed = read_ledger(settings.warehouse, contract.schema)
    with tempfile.TemporaryDirectory(prefix="landing-") as scratch:
        local = _LocalCopies(exports, Path(scratch) / "exports")
        new = new_files(files, landed, lambda file: hash_content(local.path(file)))
        tables = {table.name: table for table in contract.tables}
        inspected: dict[str, list[InspectedFile]] = {name: [] for name in tables}
        for number, file in enumerate(new):
            inspected[file.table].append(inspect(file, local.path(file), tables[file.table]))
            if number % 100 == 0:
                report(f"{system}: checking {len(new)} new files", 0.5 * number / len(new))
        batch = Batch(contract, inspected, local.root, Path(scratch), warnings)
        missing = {*tables, LEDGER} - existing_tables(settings.warehouse, contract.schema)
        _refuse_lost_tables(contract, missing & {file.table for file in landed.values()})
        load_id = None
        if new or missing:
            report(f"{system}: loading {len(new)} files", 0.5)
            load_id = _load(batch, settings)
    return LandingResult(
        system,
        load_id=load_id if new else None,
        tables=tuple(_summary(name, inspected[name]) for name in tables),
        newest_drop_date=max([f.drop_date for f in landed.values()] + [f.drop_date for f in new], default=None),
        warnings=tuple(batch.warnings),
    )


def _refuse_lost_tables(contract: Contract, lost: set[str]) -> None:
    if lost:
        table = f"{contract.schema}.{min(lost)}"
        raise LandingError(f"{table} is gone, although files have landed in it; restore the warehouse")


def _load(batch: Batch, settings: Settings) -> str:
    """Run the system's pipeline; when it fails, take back what it had landed and leave nothing pending."""
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with dlt_environment(settings):
        pipeline = make_pipeline(batch.contract, settings)
        try:
            return run(pipeline, _SOURCES[batch.contract.system](batch), settings)
        except Exception as error:
            explained = explain(error, _with_tables(batch))
            _roll_back(pipeline, batch.contract, settings)
            raise explained from error
        finally:
            pipeline.deactivate()


def _recover(contract: Contract, settings: Settings) -> None:
    """Take back what a killed landing left: its package is dropped, and its files land anew."""
    with dlt_environment(settings):
        pipeline = make_pipeline(contract, settings)
        try:
            if pipeline.has_pending_data:
                _roll_back(pipeline, contract, settings)
        finally:
            pipeline.deactivate()


def _roll_back(pipeline: dlt.Pipeline, contract: Contract, settings: Settings) -> None:
    # rows first: should this die half-way, the pending package brings the next run here again
    remove_incomplete(settings.warehouse, contract)
    if pipeline.has_pending_data:
        pipeline.abort_packages()
    forget_failures(pipeline)


def _with_tables(batch: Batch) -> list[tuple[Table, InspectedFile]]:
    return [(table, file) for table in batch.contract.tables for file in batch.files.get(table.name, [])]


def _summary(table: str, files: list[InspectedFile]) -> TableLanding:
    return TableLanding(table, len(files), sum(f.rows for f in files), sum(f.file.bytes for f in files))


class _LocalCopies:
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
