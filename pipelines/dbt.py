"""dbt as a child process: what it built, what its tests said.

A process of its own, because dbt keeps global state, and because it must be possible to stop it.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.lock import HeldLock
from pipelines.memory import peak_mb
from pipelines.progress import StepProgress
from pipelines.redact import redact_lines, redacted
from pipelines.runlog import shorten

# dbt makes many objects and keeps them: looking less often for what to collect saves a tenth of a night's CPU.
DBT = (
    *(sys.executable, "-c"),
    "import gc, runpy; gc.set_threshold(20_000); runpy.run_module('dbt.cli.main', run_name='__main__')",
)
# Unit tests are for development.
EXCLUDED_RESOURCE_TYPES = ("unit_test",)
RESULTS = "run_results.json"
_BUILT_KINDS = ("model", "seed", "snapshot", "test")
_SECONDS_TO_STOP = 15.0
_KEPT_LOG_ERRORS = 5
_LONGEST_MESSAGE = 200  # characters; the whole message is in dbt's log


@dataclass(frozen=True, slots=True)
class NodeMessage:
    """A node that failed or warned and what dbt says about it."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {shorten(self.message, _LONGEST_MESSAGE)}"


@dataclass(slots=True)
class DbtResult:
    """What one dbt command did.

    Attributes:
        built: nodes that succeeded, by resource type (model, seed, snapshot).
        tests_passed: data tests that passed.
        skipped: nodes that were left out because one before them failed.
        test_failures: tests of severity error that found rows.
        test_warnings: tests of severity warn that found rows.
        errors: models, seeds, snapshots and tests that could not run; also what kept dbt from starting.
        peak_memory_mb: the most memory that dbt held; None where nobody can tell.
    """

    built: Counter[str] = field(default_factory=Counter)
    tests_passed: int = 0
    skipped: int = 0
    test_failures: list[NodeMessage] = field(default_factory=list)
    test_warnings: list[NodeMessage] = field(default_factory=list)
    errors: list[NodeMessage] = field(default_factory=list)
    peak_memory_mb: float | None = None

    @property
    def summary(self) -> str:
        """Counts on one line."""
        parts = [f"{count} {kind}s" for kind, count in sorted(self.built.items())]
        parts.append(f"{self.tests_passed} tests passed")
        for count, word in (
            (len(self.test_warnings), "warned"),
            (len(self.test_failures), "failed"),
            (len(self.errors), "errors"),
            (self.skipped, "skipped"),
        ):
            if count:
                parts.append(f"{count} {word}")
        return ", ".join(parts)


def target_dir(settings: Settings) -> Path:
    """Where dbt keeps its manifest and what it parsed; each home has its own."""
    return settings.home / "target"


def manifest_path(settings: Settings) -> Path:
    """The manifest of the last build of this home."""
    return target_dir(settings) / "manifest.json"


def dbt_build(
    settings: Settings,
    run_dir: Path,
    lock: HeldLock,
    progress: StepProgress,
    as_of: date | None = None,
    retry_of: Path | None = None,
) -> DbtResult:
    """Seeds, snapshots, models and data tests in the order of the graph.

    Args:
        settings: whose warehouse to build.
        run_dir: folder that gets dbt's log and `run_results.json`.
        lock: the refresh lock, which dbt inherits.
        progress: sees each node as it ends.
        as_of: value for the `as_of_date` variable; None leaves the clock to `util_as_of`.
        retry_of: folder with the `run_results.json` of a build that failed: only what failed or was skipped
            then runs, with the variables of then, and the result is that of both together.
    """
    if retry_of is not None:
        arguments = ["retry", "--state", str(retry_of)]
    else:
        arguments = ["build"]
        for kind in EXCLUDED_RESOURCE_TYPES:
            arguments += ["--exclude-resource-type", kind]
        if as_of is not None:
            arguments += ["--vars", json.dumps({"as_of_date": as_of.isoformat()})]
    earlier = read_json(retry_of / RESULTS) if retry_of is not None else None
    return _run(settings, arguments, run_dir, lock, progress, earlier)


def _run(
    settings: Settings,
    arguments: list[str],
    run_dir: Path,
    lock: HeldLock,
    progress: StepProgress,
    earlier: dict[str, Any] | None,
) -> DbtResult:
    run_dir.mkdir(parents=True, exist_ok=True)
    results = target_dir(settings) / RESULTS
    results.unlink(missing_ok=True)
    command = [
        *DBT,
        *("--log-format", "json", "--log-format-file", "text", "--log-path", str(run_dir)),
        *(arguments[0], "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target-path", str(target_dir(settings)), *arguments[1:]),
    ]
    # A session of its own: Ctrl-C on the terminal reaches us alone, and we stop dbt in our own way.
    process = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=settings.child_env(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=(lock.fd,),
        start_new_session=True,
    )
    with process:
        try:
            said = _Said()
            for line in process.stdout or ():
                said.hear(line, progress)
                # Asked while dbt lives: what a child needed at most is not known once it has ended.
                said.peak_memory_mb = peak_mb(process.pid) or said.peak_memory_mb
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
        finally:
            with contextlib.suppress(OSError):
                redact_lines(run_dir / "dbt.log")
    result = DbtResult()
    if results.exists():
        whole = _merged(earlier, read_json(results))
        # Kept without values: the folder of a run is what one looks at, and hands on.
        for path in (run_dir / RESULTS, results):
            path.write_text(json.dumps(whole), encoding="utf-8")
        result = read_results(whole)
    if code != 0 and not (result.errors or result.test_failures):
        result.errors.append(NodeMessage("dbt", redacted(said.last_words or f"ended with exit code {code}")))
    if code == 0 and (left := untouched_nodes(settings, run_dir)):
        result.errors.append(NodeMessage("dbt", f"left out {len(left)} nodes of the project, such as {left[0]}"))
    result.peak_memory_mb = said.peak_memory_mb
    return result


def untouched_nodes(settings: Settings, run_dir: Path) -> list[str]:
    """Nodes of the project that the results in `run_dir` say nothing about: built, tested or skipped."""
    nodes = read_json(manifest_path(settings)).get("nodes", {})
    known = {result["unique_id"] for result in read_json(run_dir / RESULTS).get("results", [])}
    return sorted(
        name
        for name, node in nodes.items()
        if node["resource_type"] in _BUILT_KINDS
        and node["resource_type"] not in EXCLUDED_RESOURCE_TYPES
        and node.get("config", {}).get("materialized") != "ephemeral"
        and name not in known
    )


def read_json(path: Path) -> dict[str, Any]:
    """An artifact of dbt; empty when there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _merged(earlier: dict[str, Any] | None, later: dict[str, Any]) -> dict[str, Any]:
    """The results of a build and of its retry as one; each node as it stands now, without values of rows."""
    nodes = {node["unique_id"]: node for results in (earlier or {}, later) for node in results.get("results", [])}
    clean = [{**node, "message": redacted(node.get("message") or "")} for node in nodes.values()]
    return {**later, "results": clean}


def read_results(run_results: dict[str, Any]) -> DbtResult:
    """Sorts the nodes of a `run_results.json`."""
    result = DbtResult()
    for node in run_results["results"]:
        kind, _, name = [*str(node["unique_id"]).split("."), "", ""][:3]
        status, message = node["status"], NodeMessage(name, redacted(node.get("message") or ""))
        if status == "skipped":
            result.skipped += 1
        elif status == "warn":
            result.test_warnings.append(message)
        elif status == "fail":
            result.test_failures.append(message)
        elif status == "pass":
            result.tests_passed += 1
        elif status == "success":
            result.built[kind] += 1
        elif status != "no-op":  # exposures and the like have nothing to run
            result.errors.append(message)
    return result


class _Said:
    """What dbt writes while it runs: shown as progress; its last errors are kept, or its last line in plain text."""

    def __init__(self) -> None:
        self.peak_memory_mb: float | None = None
        self._errors: list[str] = []
        self._last_plain = ""

    def hear(self, line: str, progress: StepProgress) -> None:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            self._last_plain = line.strip() or self._last_plain
            return
        if info.get("level") == "error":
            self._errors = [*self._errors, str(info.get("msg", ""))][-_KEPT_LOG_ERRORS:]
        index, total = data.get("index"), data.get("total")
        if info["name"].endswith("Result") and isinstance(index, int) and isinstance(total, int) and total:
            progress.update(str(data.get("node_info", {}).get("node_name", "")), index / total)

    @property
    def last_words(self) -> str:
        return " ".join(self._errors) or self._last_plain


def _stop(process: subprocess.Popen[str]) -> None:
    """Ends dbt: politely first, so that it cancels its queries; DuckDB rolls back what is open either way."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
