"""Where a benchmark keeps its data, states and results, and what machine it ran on."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import BenchmarkError, Cost
from pipelines.config import PROJECT_ROOT

_PACKAGES = ("duckdb", "dlt", "dbt-core", "dbt-duckdb", "great-expectations")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Folders of the benchmarks; `data` may be deleted at any time."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def results(self) -> Path:
        return self.home / "results"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def fresh(self, name: str) -> Path:
        """An empty folder for one run."""
        folder = self.home / "scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def clear_scratch(self) -> None:
        """Deletes what runs left behind."""
        shutil.rmtree(self.home / "scratch", ignore_errors=True)

    def require_space(self, gigabytes: float) -> None:
        """Raises:
        BenchmarkError: the disk has less room than that.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.home).free / 1e9
        if free < gigabytes:
            raise BenchmarkError(
                f"{self.home} has {free:.0f} GB free, this run wants {gigabytes:.0f}; choose another --home"
            )

    def save(self, name: str, parameters: dict[str, Any], costs: dict[str, list[Cost]], facts: dict[str, Any]) -> None:
        """Keeps the result of a benchmark; one of the same name is replaced."""
        self.results.mkdir(parents=True, exist_ok=True)
        record = {
            "name": name,
            "parameters": parameters,
            "costs": {variant: [cost.to_json() for cost in runs] for variant, runs in costs.items()},
            "facts": facts,
            "where": _where(),
        }
        path = self.results / f"{name}.json"
        path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")

    def load(self) -> list[dict[str, Any]]:
        """All results, by name."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.results.glob("*.json"))]


def land_env(home: Path, exports: Path, **more: str) -> dict[str, str]:
    """The environment that points every command at one home and one exports folder."""
    return {
        "ACCOUNT_HEALTH_HOME": str(home),
        "ACCOUNT_HEALTH_EXPORTS": str(exports),
        "ACCOUNT_HEALTH_WAREHOUSE": str(home / "warehouse.duckdb"),
        "ACCOUNT_HEALTH_SERVING": str(home / "serving.duckdb"),
        **more,
    }


def last_run(home: Path) -> dict[str, Any]:
    """The newest line of a home's run log."""
    lines = (home / "runs" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    record: dict[str, Any] = json.loads(lines[-1])
    return record


def land_step(home: Path) -> dict[str, Any]:
    """The landing step of a home's newest run."""
    step: dict[str, Any] = next(step for step in last_run(home)["steps"] if step["name"] == "land")
    return step


def step_seconds(run: dict[str, Any]) -> dict[str, float]:
    """Wall seconds by step of a run."""
    seconds: dict[str, float] = {}
    for step in run["steps"]:
        seconds[step["name"]] = seconds.get(step["name"], 0.0) + step["seconds"]
    return seconds


def copy_home(source: Path, target: Path) -> None:
    """A copy of a home to run one night on."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def disk_mb(files: Iterable[Path]) -> float:
    """Size of files."""
    return sum(file.stat().st_size for file in files) / 1e6


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _where() -> dict[str, Any]:
    commit = _git("describe", "--always")
    if commit and _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/benchmarks.md"):
        commit += "-dirty"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit or "unknown",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 1),
        "versions": {"python": platform.python_version(), **dict(_versions())},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _versions() -> Iterable[tuple[str, str]]:
    for package in _PACKAGES:
        try:
            yield package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
