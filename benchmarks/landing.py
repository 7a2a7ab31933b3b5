"""Landing product events, against DuckDB's own read of the same files and against dlt's ordinary path."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measure import BenchmarkError, Cost, python, run, take_turns
from benchmarks.product_files import FORMS, UNTIL
from benchmarks.workspace import Workspace, disk_mb, land_env, land_step
from pipelines.config import PROJECT_ROOT

_ENGINE_TYPES = {"varchar": "VARCHAR", "timestamp": "TIMESTAMPTZ", "json": "JSON"}
_DLT_TYPES = {"varchar": "text", "timestamp": "timestamp", "json": "json"}
_GB_A_MILLION = 0.9  # of all forms and two warehouses


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    field: str
    data_type: str


def measure_landing(workspace: Workspace, events: int, ordinary_events: int, reps: int) -> None:
    """For each form: `account-health land product` and the floor on all files, those two and dlt's path on fewer."""
    workspace.require_space(_GB_A_MILLION * events / 1e6)
    for form in FORMS:
        root = _files(workspace, form, events)
        files = sorted(root.glob(f"product/*/tracks-*.{form}"))
        small = _subset(workspace, root, form, _share(files, ordinary_events / events))
        nothing_there = _subset(workspace, root, form, [])
        costs, rows = _turns(workspace, form, root, reps, with_ordinary=False)
        small_costs, small_rows = _turns(workspace, form, small, reps, with_ordinary=True)
        nothing = [_land(workspace, nothing_there)[0] for _ in range(reps)]
        facts = {
            "rows": rows,
            "small_rows": small_rows,
            "files": len(files),
            "megabytes": round(disk_mb(files)),
            "form": form,
        }
        costs = {**costs, **{f"small_{name}": runs for name, runs in small_costs.items()}, "nothing": nothing}
        workspace.save(f"landing-{events // 1000}k-{form}", {"events": events, "reps": reps}, costs, facts)
    workspace.clear_scratch()


def _turns(
    workspace: Workspace, form: str, root: Path, reps: int, with_ordinary: bool
) -> tuple[dict[str, list[Cost]], int]:
    counted: dict[str, int] = {}

    def counting(name: str, variant: Callable[[Workspace, Path, str], tuple[Cost, int]]) -> Callable[[], Cost]:
        def measured() -> Cost:
            cost, counted[name] = variant(workspace, root, form)
            return cost

        return measured

    variants = {
        "floor": counting("floor", _floor),
        "like_landing": counting("like_landing", _read_like_landing),
        "land": counting("land", lambda space, files, _form: _land(space, files)),
    }
    if with_ordinary:
        variants["ordinary"] = counting("ordinary", _ordinary)
    print(f"landing {form} from {root}", flush=True)
    costs = take_turns(variants, reps)
    if len(set(counted.values())) > 1:
        raise BenchmarkError(f"{root}: the variants counted different rows: {counted}")
    return costs, counted["land"]


def _land(workspace: Workspace, root: Path) -> tuple[Cost, int]:
    home = workspace.fresh("land")
    cost = run(python("pipelines", "land", "product"), workspace.logs / "land.log", land_env(home, root), home)
    return cost, int(land_step(home)["rows"])


def _floor(workspace: Workspace, root: Path, form: str) -> tuple[Cost, int]:
    return _read(workspace, root, form, "", [])


def _read_like_landing(workspace: Workspace, root: Path, form: str) -> tuple[Cost, int]:
    """The floor with landing's settings and columns."""
    path = f"substr(landing_path, {len(str(root)) + 2})"
    provenance = (
        f", {path} as _source_file, cast(split_part({path}, '/', 2) as date) as _drop_date, '1.0' as _dlt_load_id"
    )
    return _read(workspace, root, form, provenance, [["setting", "set preserve_insertion_order = false"]])


def _read(workspace: Workspace, root: Path, form: str, provenance: str, before: list[list[str]]) -> tuple[Cost, int]:
    """DuckDB's own read into a table of a fresh file."""
    folder = workspace.fresh("floor")
    columns = _columns()
    names = ", ".join(f"'{path}'" for path in sorted(root.glob(f"product/*/tracks-*.{form}")))
    filename = ", filename = 'landing_path'" if provenance else ""
    text_for_json = {**_ENGINE_TYPES, "json": "VARCHAR"}
    types = text_for_json if form == "csv" else _ENGINE_TYPES
    typed = ", ".join(f"'{column.field}': '{types[column.data_type]}'" for column in columns)
    options = f"auto_detect = false, columns = {{{typed}}}{filename}"
    reader = {
        "jsonl.gz": f"read_json([{names}], format = 'newline_delimited', {options})",
        "csv": f"read_csv([{names}], header = true, delim = ',', quote = '\"', escape = '\"', {options})",
        "parquet": f"read_parquet([{names}]{filename})",
    }[form]
    selected = ", ".join(
        f'cast("{column.field}" as {_ENGINE_TYPES[column.data_type]}) as "{column.name}"' for column in columns
    )
    statements = folder / "statements.json"
    table = f"create table tracks as select {selected}{provenance} from {reader}"
    statements.write_text(json.dumps([*before, ["read", table], ["count", "select count(*) from tracks"]]))
    command = python("benchmarks.run_sql", str(folder / "floor.duckdb"), str(statements))
    cost = run(command, workspace.logs / "floor.log")
    return cost, _rows(cost)


def _ordinary(workspace: Workspace, root: Path, form: str) -> tuple[Cost, int]:
    folder = workspace.fresh("ordinary")
    hints = {column.name: {"data_type": _DLT_TYPES[column.data_type]} for column in _columns()}
    (folder / "columns.json").write_text(json.dumps(hints))
    paths = [folder / "ordinary.duckdb", folder / "columns.json", folder / "state"]
    command = python("benchmarks.ordinary", form, str(root), *(str(path) for path in paths))
    cost = run(command, workspace.logs / "ordinary.log", {"DLT_DATA_DIR": str(folder / "state")})
    return cost, _rows(cost)


def _rows(cost: Cost) -> int:
    return int(json.loads(cost.said.splitlines()[-1])["rows"])


def _columns() -> list[_Column]:
    """The columns of tracks that lie in the files, from the contract (read here: landing's own reader imports dlt)."""
    (source,) = yaml.safe_load((PROJECT_ROOT / "sources" / "product.yml").read_text(encoding="utf-8"))["sources"]
    (tracks,) = (table for table in source["tables"] if table["name"] == "tracks")
    return [_column(raw) for raw in tracks["columns"] if not raw["name"].startswith("_")]


def _column(raw: dict[str, Any]) -> _Column:
    field = raw.get("config", {}).get("meta", {}).get("field", raw["name"])
    return _Column(raw["name"], field, raw["data_type"])


def _files(workspace: Workspace, form: str, events: int) -> Path:
    """Files of that many events; made once and kept."""
    root = workspace.data / f"product-{events // 1000}k" / form
    done = root / ".complete"
    if not done.exists():
        print(f"writing {events:,} events as {form}", flush=True)
        run(python("benchmarks.product_files", form, str(events), str(root)), workspace.logs / "product_files.log")
        done.touch()
    return root


def _share(files: list[Path], share: float) -> list[Path]:
    """The newest files that hold such a share of all bytes."""
    wanted = share * disk_mb(files)
    newest = list(files)
    while len(newest) > 1 and disk_mb(newest[1:]) >= wanted:
        newest.pop(0)
    return newest


def _subset(workspace: Workspace, root: Path, form: str, files: list[Path]) -> Path:
    """A folder of links to some of the files; of none, one that holds an empty file."""
    folder = workspace.fresh(f"{form}-{len(files)}")
    for file in files:
        target = folder / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, target)
    if not files:
        target = folder / "product" / UNTIL.isoformat() / "tracks-000.jsonl"
        target.parent.mkdir(parents=True)
        target.touch()
    return folder
