"""A refresh that failed after landing continues where it stopped, if nothing that it was built from has changed.

What a build is made from is put into one fingerprint: the loads and the verdicts of the gate that the warehouse
holds, the night, and the files of the project. A build that failed is continued when the fingerprint of now is that
of then and nobody else wrote into the warehouse; what was green but never reached the readers is published as it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines import dbt
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.landing.contract import SYSTEMS
from pipelines.serving.gate import is_untouched, read_state

_PROJECT_FOLDERS = ("models", "seeds", "macros", "snapshots", "tests", "sources")
_PROJECT_FILES = ("dbt_project.yml", "profiles.yml", "packages.yml", "package-lock.yml")
_SUFFIXES = (".sql", ".yml", ".csv")
_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb")

_VERDICTS = """
    select system, cast(drop_date as varchar), warnings_count, reasons from ops.gate_days
    qualify row_number() over (partition by system, drop_date order by checked_at desc, run_id desc) = 1
    order by all
"""


@dataclass(frozen=True, slots=True)
class Resumable:
    """A build to continue: `is_green` when only publishing is left to do, else `folder` has its results."""

    run_id: str
    folder: Path
    is_green: bool


def inputs_of(settings: Settings, clock: date) -> str:
    """Fingerprint of everything that a build of the warehouse for the night `clock` is made from."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        loads = {system: _loads(connection, system) for system in SYSTEMS}
        verdicts = _rows(connection, _VERDICTS)
    parts = [clock.isoformat(), dbt.EXCLUDED_RESOURCE_TYPES, loads, verdicts, _project(), _versions()]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def resumable(settings: Settings, inputs: str) -> Resumable | None:
    """The last build, if it failed or was never published and is made from `inputs`; else None."""
    state = read_state(settings)
    if state is None or state.inputs != inputs or not is_untouched(settings, state):
        return None
    folder = settings.runs_dir / state.run_id
    # Results that miss a node were cut short: what became of that node is not known.
    if state.is_published or not (folder / dbt.RESULTS).exists() or dbt.untouched_nodes(settings, folder):
        return None
    return Resumable(state.run_id, folder, is_green=state.status == "green")


def _loads(connection: duckdb.DuckDBPyConnection, system: str) -> list[tuple[object, ...]]:
    return _rows(connection, f"select load_id from raw_{system}._dlt_loads where status = 0 order by all")


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    try:
        return connection.execute(query).fetchall()
    except duckdb.CatalogException:
        return []


def _project() -> list[tuple[str, str]]:
    files = [PROJECT_ROOT / name for name in _PROJECT_FILES]
    for folder in _PROJECT_FOLDERS:
        files += (PROJECT_ROOT / folder).rglob("*")
    return sorted(
        (path.relative_to(PROJECT_ROOT).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
        if path.suffix in _SUFFIXES and path.is_file()
    )


def _versions() -> list[str]:
    return [f"{package} {version(package)}" for package in _PACKAGES]
