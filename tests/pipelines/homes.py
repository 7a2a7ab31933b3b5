"""Real homes of one small company: run commands in them, and compare what they publish and keep."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.sample.generate import generate
from pipelines.sample.model import SampleSettings

ACCOUNTS, DAYS, SEED = 40, 120, 7
LAST = date(2026, 10, 31)


def home(folder: Path, exports: Path) -> Settings:
    """Settings of a home that reads its exports elsewhere."""
    return Settings.from_env({"ACCOUNT_HEALTH_HOME": str(folder), "ACCOUNT_HEALTH_EXPORTS": str(exports)})


def company(exports: Path, accounts: int = ACCOUNTS, days: int = DAYS, last: date = LAST, seed: int = SEED) -> None:
    """Writes the exports of a small company."""
    generate(SampleSettings(accounts, days, seed, last, exports))


def argv(*arguments: str, tested: bool = False) -> list[str]:
    """The command line of `account-health`, as it is or as `untested` makes it."""
    return [sys.executable, "-m", "pipelines" if tested else "tests.pipelines.untested", *arguments]


def environ(settings: Settings) -> dict[str, str]:
    """The environment of a command in this home; one thread, as two homes are built at a time."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ACCOUNT_HEALTH_")}
    return {
        **others,
        "ACCOUNT_HEALTH_HOME": str(settings.home),
        "ACCOUNT_HEALTH_EXPORTS": settings.exports,
        "ACCOUNT_HEALTH_THREADS": "1",
    }


def attempt(settings: Settings, *arguments: str, tested: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a command in this home, whatever comes of it."""
    return subprocess.run(
        argv(*arguments, tested=tested),
        cwd=PROJECT_ROOT,
        env=environ(settings),
        capture_output=True,
        text=True,
        check=False,
    )


def command(settings: Settings, *arguments: str, tested: bool = False) -> None:
    """Runs a command in this home; it must succeed."""
    done = attempt(settings, *arguments, tested=tested)
    assert done.returncode == 0, f"{arguments} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"


def differences(one: Path, other: Path, histories: bool = False) -> list[str]:
    """Marts in which the two serving files differ, row for row; those of snapshots only where asked for."""
    with duckdb.connect() as connection:
        for name, path in (("one", one), ("other", other)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables = [
            {
                (schema, table)
                for schema, table, is_snapshot in connection.execute(
                    "select schema_name, table_name, bool_or(column_name = 'valid_from_at') from duckdb_columns()"
                    " where database_name = ? group by all",
                    [name],
                ).fetchall()
                if schema != "ops" and (histories or not is_snapshot)
            }
            for name in ("one", "other")
        ]
        assert tables[0]
        assert tables[0] == tables[1]
        found = []
        for schema, table in sorted(tables[0]):
            for left, right in (("one", "other"), ("other", "one")):
                extra = connection.execute(
                    f"select * from {left}.{schema}.{table} except all select * from {right}.{schema}.{table}"
                ).fetchall()
                if extra:
                    found.append(f"{schema}.{table}: {len(extra)} rows only in {left}, such as {extra[0]}")
        return found


def snapshot_rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the snapshots, sorted."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'history'").fetchall()
        return {
            table: connection.execute(f"select * from history.{table} order by dbt_scd_id, dbt_valid_to").fetchall()
            for (table,) in tables
        }
