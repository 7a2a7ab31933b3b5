"""One more night on a short and on a long history of the same company, and the whole history built at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, python, run, take_turns
from benchmarks.product_files import UNTIL
from benchmarks.workspace import Workspace, copy_home, land_env, last_run, step_seconds
from pipelines.config import PROJECT_ROOT

SHORT_DAYS = 30


def measure_nightly(workspace: Workspace, accounts: int, days: int, density: float, reps: int) -> None:
    """A night after 30 days, a night after `days` days, and those `days` days in a home that holds nothing."""
    exports = company(workspace, accounts, days + 1, density)
    first = UNTIL - timedelta(days=days)
    nights: dict[str, list[dict[str, Any]]] = {"short": [], "long": [], "full": []}
    homes = {name: workspace.home / "scratch" / name for name in nights}
    histories = {"short": first + timedelta(days=SHORT_DAYS - 1), "long": UNTIL - timedelta(days=1)}
    saved = workspace.fresh("saved")
    for name, newest in histories.items():
        workspace.fresh(name)
        print(f"history until {newest}", flush=True)
        _refresh(workspace, homes[name], exports, newest)
        copy_home(homes[name], saved / name)

    def night(name: str) -> Callable[[], Cost]:
        def measured() -> Cost:
            # back to the same path: dbt would parse everything anew in another
            copy_home(saved / name, homes[name])
            cost = _refresh(workspace, homes[name], exports, histories[name] + timedelta(days=1))
            nights[name].append(_facts(homes[name]))
            return cost

        return measured

    def full() -> Cost:
        workspace.fresh("full")
        cost = _refresh(workspace, homes["full"], exports, histories["long"])
        nights["full"].append(_facts(homes["full"]))
        return cost

    costs = take_turns({"short": night("short"), "long": night("long"), "full": full}, reps)
    parameters = {"accounts": accounts, "days": days, "density": density, "short_days": SHORT_DAYS, "reps": reps}
    workspace.save(f"nightly-{accounts}x{days}-density-{density:g}", parameters, costs, {"nights": nights})
    workspace.clear_scratch()


def company(workspace: Workspace, accounts: int, days: int, density: float) -> Path:
    """The exports of a sample company; made once and kept."""
    exports = workspace.data / f"company-{accounts}x{days}-density-{density:g}"
    done = exports / ".complete"
    if not done.exists():
        print(f"writing the exports of {accounts} accounts, {days} days, density {density:g}", flush=True)
        options = {"accounts": accounts, "days": days, "density": density, "until": UNTIL, "exports": exports}
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        run(python("pipelines", "generate", *arguments), workspace.logs / "generate.log")
        done.touch()
    return exports


def _refresh(workspace: Workspace, home: Path, exports: Path, night: date) -> Cost:
    command = python("pipelines", "nightly", "--as-of", night.isoformat())
    return run(command, workspace.logs / "nightly.log", land_env(home, exports), home)


def _facts(home: Path) -> dict[str, Any]:
    """What the run log and dbt's results say of the last night: rows, wall seconds by step, kind of node, subject."""
    last = last_run(home)
    rows = {step["name"]: step["rows"] for step in last["steps"] if step["rows"] is not None}
    results = json.loads((home / "runs" / last["run_id"] / "run_results.json").read_text(encoding="utf-8"))["results"]
    files = {file.stem: file for file in (PROJECT_ROOT / "models").rglob("*.sql")}
    incremental = {
        name
        for name, file in files.items()
        if "materialized='incremental'" in file.read_text(encoding="utf-8").replace('"', "'").replace(" ", "")
    }
    nodes: dict[str, float] = {}
    subjects: dict[str, float] = {}
    for node in results:
        kind, _, name = node["unique_id"].split(".")[:3]
        if kind == "model":
            subject = files[name].parent.name
            subjects[subject] = subjects.get(subject, 0.0) + node["execution_time"]
        kind = "incremental model" if kind == "model" and name in incremental else kind
        nodes[kind] = nodes.get(kind, 0.0) + node["execution_time"]
    return {"rows": rows, "steps": step_seconds(last), "nodes": nodes, "subjects": subjects}
