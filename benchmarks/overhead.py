"""A whole `dbt build` against the SQL that it sends, run by DuckDB alone on one connection."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import BenchmarkError, Cost, python, run, take_turns
from benchmarks.nightly import company
from benchmarks.workspace import Workspace, copy_home, land_env
from pipelines.config import PROJECT_ROOT
from pipelines.dbt import EXCLUDED_RESOURCE_TYPES

_WITNESS = """
    select sum(estimated_size) from duckdb_tables()
    where schema_name in ('reference', 'intermediate', 'marts', 'metrics', 'history')
"""
_SETTINGS = "set TimeZone = 'UTC'; set memory_limit = '3GB'; set preserve_insertion_order = false"  # as in profiles.yml
_CATALOG = ("information_schema", "duckdb_tables", "duckdb_columns", "duckdb_views", "pg_catalog", "describe (")


def measure_overhead(workspace: Workspace, accounts: int, days: int, density: float, reps: int) -> None:
    """Both build the same landed company from nothing; parsing and importing alone tell where dbt's share goes."""
    exports = company(workspace, accounts, days, density)
    saved, home = workspace.fresh("saved"), workspace.home / "scratch" / "overhead"
    workspace.fresh("overhead")
    env = land_env(home, exports)
    run(python("pipelines", "land"), workspace.logs / "overhead_land.log", env, home)
    copy_home(home, saved / "landed")
    print("recording what dbt sends", flush=True)
    log_dir = saved / "recorded"
    run(_dbt(home, log_dir, "build", "--threads", "1", *_excluded()), workspace.logs / "overhead_record.log", env)
    statements = saved / "statements.json"
    sent = list(_statements(log_dir / "dbt.log"))
    statements.write_text(json.dumps([["settings", _SETTINGS], *sent, ["count", _WITNESS]]))
    expected = _witness(workspace, home)
    target = saved / "target"
    shutil.copytree(home / "target", target)
    replayed: list[dict[str, Any]] = []

    def landed() -> None:
        copy_home(saved / "landed", home)
        shutil.copytree(target, home / "target")  # what dbt parsed stays, as it does from night to night

    def build() -> Cost:
        landed()
        return run(_dbt(home, home / "log", "build", *_excluded()), workspace.logs / "overhead_build.log", env)

    def replay() -> Cost:
        landed()
        command = python("benchmarks.run_sql", str(home / "warehouse.duckdb"), str(statements))
        cost = run(command, workspace.logs / "overhead_replay.log")
        said = json.loads(cost.said.splitlines()[-1])
        if said["rows"] != expected:
            raise BenchmarkError(f"the replayed SQL made {said['rows']} rows where dbt made {expected}")
        replayed.append(said["kinds"])
        return cost

    def parse(*options: str) -> Cost:
        return run(_dbt(home, home / "log", "parse", *options), workspace.logs / "overhead_parse.log", env)

    costs = take_turns(
        {
            "build": build,
            "replay": replay,
            "parse_again": parse,
            "parse_anew": lambda: parse("--no-partial-parse"),
            "import": lambda: run(
                [sys.executable, "-c", "import dbt.cli.main, dbt.adapters.duckdb"],
                workspace.logs / "overhead_import.log",
            ),
        },
        reps,
    )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    kinds = [node["unique_id"].partition(".")[0] for node in results]
    facts = {"nodes": {kind: kinds.count(kind) for kind in sorted(set(kinds))}, "replayed": replayed}
    parameters = {"accounts": accounts, "days": days, "density": density, "reps": reps}
    workspace.save(f"overhead-{accounts}x{days}-density-{density:g}", parameters, costs, facts)
    workspace.clear_scratch()


def _dbt(home: Path, log_dir: Path, verb: str, *options: str) -> list[str]:
    return [
        *python("dbt.cli.main"),
        *("--quiet", "--log-level-file", "debug", "--log-format-file", "json", "--log-path", str(log_dir)),
        *("--log-file-max-bytes", str(10**12)),  # it would start a new file after 10 MB
        *(verb, "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(home / "target"), *options),
    ]


def _excluded() -> list[str]:
    return [text for kind in EXCLUDED_RESOURCE_TYPES for text in ("--exclude-resource-type", kind)]


def _statements(log: Path) -> Iterator[tuple[str, str]]:
    """(kind, statement) of everything that dbt sent, in its order; transactions closed as dbt closed them."""
    is_open = False
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            name, data = event["info"]["name"], event["data"]
            if name == "Rollback" and is_open:
                yield "transaction", "rollback"
                is_open = False
            elif name == "SQLQuery":
                sql = data["sql"]
                word = sql.strip().lower()
                if word in ("begin", "commit"):
                    is_open = word == "begin"
                    yield "transaction", word
                else:
                    kind = _kind(sql.lower(), data)
                    # dbt logs the start of a seed's statement and puts dots behind, also where that is all of it
                    yield kind, sql.removesuffix("...") if kind == "seed" else sql


def _kind(sql: str, data: dict[str, Any]) -> str:
    if any(mark in sql for mark in _CATALOG):
        return "catalog"
    return str(data.get("node_info", {}).get("resource_type") or "other")


def _witness(workspace: Workspace, home: Path) -> int:
    statements = workspace.fresh("witness") / "count.json"
    statements.write_text(json.dumps([["count", _WITNESS]]))
    command = python("benchmarks.run_sql", str(home / "warehouse.duckdb"), str(statements))
    cost = run(command, workspace.logs / "overhead_witness.log")
    return int(json.loads(cost.said.splitlines()[-1])["rows"])
