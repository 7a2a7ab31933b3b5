"""One load of a system: run, taken back when it failed, and trusted only once its rows have been counted."""

from __future__ import annotations

from collections.abc import Callable

import dlt
import duckdb
from dlt.extract import DltSource

from pipelines.config import Settings
from pipelines.landing.billing import billing_source
from pipelines.landing.contract import LOAD_ID, SOURCE_FILE, Contract, Table
from pipelines.landing.crm import crm_source
from pipelines.landing.explain import explain
from pipelines.landing.inspect import InspectedFile
from pipelines.landing.ledger import LEDGER, connect, remove_incomplete, tables_of
from pipelines.landing.pipeline import dlt_environment, forget_failures, make_pipeline, run
from pipelines.landing.product import product_source
from pipelines.landing.rejects import REJECTS
from pipelines.landing.source import Batch
from pipelines.landing.zendesk import zendesk_source
from pipelines.sql import quoted

_SOURCES: dict[str, Callable[[Batch], DltSource]] = {
    "product": product_source,
    "crm": crm_source,
    "billing": billing_source,
    "zendesk": zendesk_source,
}


def load(batch: Batch, settings: Settings) -> str:
    """Run the system's pipeline; when it fails, take back what it had landed and leave nothing pending.

    Raises:
        LandingError: the load failed.
    """
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with dlt_environment(settings):
        pipeline = make_pipeline(batch.contract, settings)
        try:
            return run(pipeline, _SOURCES[batch.contract.system](batch), settings)
        except Exception as error:
            explained = explain(error, [file for _, file in batch.with_tables()])
            _roll_back(pipeline, batch.contract, settings)
            raise explained from error
        finally:
            pipeline.deactivate()


def recover(contract: Contract, settings: Settings) -> None:
    """Take back what a killed landing left: its files land anew.

    The newest load is counted again as well: it may have been killed before it could be.
    """
    with dlt_environment(settings):
        pipeline = make_pipeline(contract, settings)
        try:
            if pipeline.has_pending_data:
                _roll_back(pipeline, contract, settings)
        finally:
            pipeline.deactivate()
    newest = _newest_load(contract, settings)
    if newest and miscounted(contract, settings, newest):
        take_back(contract, settings, newest)


def take_back(contract: Contract, settings: Settings, load_id: str) -> None:
    """Remove a load that had completed."""
    remove_incomplete(settings.warehouse, contract, load_id)


def miscounted(contract: Contract, settings: Settings, load_id: str) -> list[str]:
    """Files of a load that do not have exactly the rows and rejects that its ledger says."""
    with connect(settings.warehouse) as connection:
        present = tables_of(connection, contract.schema)
        if not {LEDGER, REJECTS, *(table.name for table in contract.tables)} <= present:
            return []  # a table that was lost is another error
        landed = " union all ".join(
            f"select {SOURCE_FILE} as file, count(*) as found, 0 as refused from {contract.schema}.{table.name}"
            f" where {LOAD_ID} = $load group by 1"
            for table in contract.tables
        )
        wrong = connection.execute(
            f"""
            with counted as (
                {landed}
                union all
                select file, 0, count(*) from {contract.schema}.{REJECTS} where {LOAD_ID} = $load group by 1
            ),

            totals as (
                select file, sum(found) as found, sum(refused) as refused from counted group by file
            ),

            ledger as (
                select file, rows, coalesce(rejected_rows, 0) as refused
                from {contract.schema}.{LEDGER} where {LOAD_ID} = $load
            )

            select coalesce(ledger.file, totals.file)
            from ledger
            full join totals on ledger.file = totals.file
            where coalesce(ledger.rows, -1) <> coalesce(totals.found, 0)
                or coalesce(ledger.refused, -1) <> coalesce(totals.refused, 0)
            """,
            {"load": load_id},
        ).fetchall()
    return sorted(file for (file,) in wrong)


def refused_files(batch: Batch, files: list[tuple[Table, InspectedFile]]) -> set[str]:
    """Paths of the files that the strict way refuses; the failed load has named only the first."""
    refused: set[str] = set()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        # Where several JSON files are read by several threads, DuckDB 2.0 may lose the error of a malformed line, and
        # rows with it. Of a load the count tells; here the error itself is wanted.
        connection.execute("set threads = 1")
        for table in {table.name: table for table, _ in files}.values():
            own = [file for owner, file in files if owner.name == table.name]
            if not _is_read(connection, batch, table, own):
                refused |= {file.file.path for file in own if not _is_read(connection, batch, table, [file])}
    return refused


def _is_read(connection: duckdb.DuckDBPyConnection, batch: Batch, table: Table, files: list[InspectedFile]) -> bool:
    query = batch.query(table, files)
    columns = ", ".join(f"probed.{quoted(column.name)}" for column in table.columns)
    try:
        # the hash needs every value, so none is left unread
        connection.execute(f"select bit_xor(hash({columns})) from ({query}) as probed").fetchall()
    except duckdb.Error:
        return False
    return True


def _newest_load(contract: Contract, settings: Settings) -> str | None:
    if not settings.warehouse.exists():
        return None
    with connect(settings.warehouse) as connection:
        if "_dlt_loads" not in tables_of(connection, contract.schema):
            return None
        found = connection.execute(f"select max(load_id) from {contract.schema}._dlt_loads where status = 0").fetchone()
    return None if found is None else found[0]


def _roll_back(pipeline: dlt.Pipeline, contract: Contract, settings: Settings) -> None:
    # rows first: should this die half-way, the pending package brings the next run here again
    remove_incomplete(settings.warehouse, contract)
    if pipeline.has_pending_data:
        pipeline.abort_packages()
    forget_failures(pipeline)
