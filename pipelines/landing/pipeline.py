"""Runs dlt: one pipeline a system, state in `settings.dlt_dir`, rows in the dataset `raw_<system>`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dlt
import duckdb
from dlt.extract import DltSource

from pipelines.config import TELEMETRY_OFF, Settings
from pipelines.landing.contract import Contract
from pipelines.sql import literal

_DLT_CONFIG = {
    **TELEMETRY_OFF,
    "RUNTIME__LOG_LEVEL": "CRITICAL",  # its messages quote rows
    # rows carry the load that brought them; a row id would cost half as much again in time and disk
    "NORMALIZE__MODEL_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    "NORMALIZE__MODEL_NORMALIZER__ADD_DLT_ID": "false",
    # a broken file does not heal by reading it again
    "LOAD__RAISE_ON_MAX_RETRIES": "1",
    "LOAD__WORKERS": "1",
    # packages name the files and queries of a load: nothing of them is needed once it completed
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}


def make_pipeline(contract: Contract, settings: Settings) -> dlt.Pipeline:
    """The pipeline of a system; call it inside `dlt_environment`."""
    return dlt.pipeline(
        pipeline_name=f"account_health_{contract.system}",
        pipelines_dir=str(settings.dlt_dir),
        destination=dlt.destinations.duckdb(str(settings.warehouse)),
        dataset_name=contract.schema,
    )


def run(pipeline: dlt.Pipeline, source: DltSource, settings: Settings) -> str:
    """Extract, normalize and load the source as one package; returns its load id."""
    # dlt closes its last connection after each table; while another one is open that stays cheap
    with duckdb.connect(str(settings.warehouse)) as connection:
        # both hold for the whole process
        connection.execute(f"set memory_limit = {literal(settings.memory)}")
        # in the order of files, threads leave row groups half full, and checkpoints write the table a second time
        connection.execute("set preserve_insertion_order = false")
        return pipeline.run(source).loads_ids[-1]


def forget_failures(pipeline: dlt.Pipeline) -> None:
    """Remove what dlt keeps of failed loads: the engine's messages in there quote rows."""
    folder = Path(pipeline.working_dir)
    (folder / "trace.pickle").unlink(missing_ok=True)
    for failed in folder.glob("load/loaded/*/failed_jobs"):
        if any(failed.iterdir()):
            shutil.rmtree(failed.parent)


@contextmanager
def dlt_environment(settings: Settings) -> Iterator[None]:
    """Configuration of dlt as environment variables, which win over any config.toml on the machine."""
    wanted = {**_DLT_CONFIG, "DLT_DATA_DIR": str(settings.dlt_dir)}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
