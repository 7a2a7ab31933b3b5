"""Where everything lies: one frozen `Settings`, read from the environment and handed to every step.

    ACCOUNT_HEALTH_HOME       folder of all state (default `<project>/data`)
    ACCOUNT_HEALTH_EXPORTS    exports folder or fsspec URL (default `<home>/exports`)
    ACCOUNT_HEALTH_WAREHOUSE  private DuckDB file that dlt and dbt write (default `<home>/warehouse.duckdb`)
    ACCOUNT_HEALTH_SERVING    published DuckDB file that readers open (default `<home>/serving.duckdb`)
    ACCOUNT_HEALTH_MEMORY     what DuckDB may use in a step, such as 800MB or 6GB (default 3GB); Python comes on top

Set any path to an absolute one to move only that part. `profiles.yml` reads ACCOUNT_HEALTH_WAREHOUSE and
ACCOUNT_HEALTH_MEMORY, so a child process needs `settings.child_env()`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import CommandError, ExitCode

PROJECT_ROOT = Path(__file__).resolve().parents[1]

_MEMORY = "3GB"  # as in profiles.yml

# Nothing of a run is reported to a vendor.
TELEMETRY_OFF = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths of one warehouse and its memory. Build it with `from_env` or, in tests, `for_home`.

    Attributes:
        home: folder of all state; everything below is inside unless it was moved.
        exports: the folder that holds `<system>/<YYYY-MM-DD>/<file>`, as an absolute path or an fsspec URL.
        warehouse: private DuckDB file.
        serving: published DuckDB file.
        memory: limit of DuckDB in one process, as DuckDB writes sizes.
        contract_dir: folder of the input contract, `<system>.yml`.
    """

    home: Path
    exports: str
    warehouse: Path
    serving: Path
    memory: str = _MEMORY
    contract_dir: Path = PROJECT_ROOT / "sources"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from environment variables; empty counts as unset, relative paths start at the project.

        Raises:
            CommandError: ACCOUNT_HEALTH_MEMORY is no size.
        """
        env = os.environ if environ is None else environ
        home = _path(env.get("ACCOUNT_HEALTH_HOME") or "data")
        exports = env.get("ACCOUNT_HEALTH_EXPORTS") or str(home / "exports")
        return cls(
            home=home,
            exports=exports if _is_url(exports) else str(_path(exports)),
            warehouse=_path(env.get("ACCOUNT_HEALTH_WAREHOUSE") or home / "warehouse.duckdb"),
            serving=_path(env.get("ACCOUNT_HEALTH_SERVING") or home / "serving.duckdb"),
            memory=_size(env.get("ACCOUNT_HEALTH_MEMORY") or _MEMORY),
        )

    @classmethod
    def for_home(cls, home: Path | str) -> Settings:
        """Settings with every path at its default place below `home`; reads no environment variable."""
        return cls.from_env({"ACCOUNT_HEALTH_HOME": str(home)})

    @property
    def dlt_dir(self) -> Path:
        """Working folders of dlt, one a system."""
        return self.home / "dlt"

    @property
    def landing_dir(self) -> Path:
        """What a landing needs while it runs; nothing lies there afterwards."""
        return self.home / "landing"

    @property
    def runs_dir(self) -> Path:
        """Run log and what dbt writes while it runs."""
        return self.home / "runs"

    @property
    def run_log(self) -> Path:
        """One JSON line a refresh."""
        return self.runs_dir / "runs.jsonl"

    @property
    def briefings_dir(self) -> Path:
        """One page a night of what changed for the customers."""
        return self.home / "briefings"

    @property
    def lock(self) -> Path:
        """File whose kernel lock the running refresh holds."""
        return self.home / "lock"

    def child_env(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment for a child process: these paths, and no telemetry."""
        return {
            **(os.environ if environ is None else environ),
            **TELEMETRY_OFF,
            "ACCOUNT_HEALTH_HOME": str(self.home),
            "ACCOUNT_HEALTH_EXPORTS": self.exports,
            "ACCOUNT_HEALTH_WAREHOUSE": str(self.warehouse),
            "ACCOUNT_HEALTH_SERVING": str(self.serving),
            "ACCOUNT_HEALTH_MEMORY": self.memory,
        }


def _is_url(location: str) -> bool:
    return "://" in location


def _path(value: Path | str) -> Path:
    return (PROJECT_ROOT / Path(value).expanduser()).resolve()


def _size(value: str) -> str:
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", value, re.IGNORECASE):
        raise CommandError(
            ExitCode.USAGE,
            f"ACCOUNT_HEALTH_MEMORY is {value!r}, which is no size.",
            "Write a size such as 800MB or 6GB.",
        )
    return value
