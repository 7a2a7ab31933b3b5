"""dbt as a child process: what it built, what its tests said.

A process of its own, because dbt keeps global state, and because it must be possible to stop it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.lock import HeldLock
from pipelines.progress import StepProgress
from pipelines.runlog import shorten

# Unit tests are for development.
EXCLUDED_RESOURCE_TYPES = ("unit_test",)
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
    """

    built: Counter[str] = field(default_factory=Counter)
    tests_passed: int = 0
    skipped: int = 0
    test_failures: list[NodeMessage] = field(default_factory=list)
    test_warnings: list[NodeMessage] = field(default_factory=list)
    errors: list[NodeMessage] = field(default_factory=list)

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
    select: Sequence[str] = (),
) -> DbtResult:
    """Seeds, snapshots, models and data tests in the order of the graph.

    Args:
        settings: whose warehouse to build.
        run_dir: folder that gets dbt's log and `run_results.json`.
        lock: the refresh lock, which dbt inherits.
        progress: sees each node as it ends.
        as_of: value for the `as_of_date` variable; None leaves the clock to `util_as_of`.
        select: dbt selectors; empty builds everything.
    """
    arguments = ["build"]
    for kind in EXCLUDED_RESOURCE_TYPES:
        arguments += ["--exclude-resource-type", kind]
    if as_of is not None:
        arguments += ["--vars", json.dumps({"as_of_date": as_of.isoformat()})]
    if select:
        arguments += ["--select", *select]
    return _run(settings, arguments, run_dir, lock, progress)


def _run(settings: Settings, arguments: list[str], run_dir: Path, lock: HeldLock, progress: StepProgress) -> DbtResult:
    run_dir.mkdir(parents=True, exist_ok=True)
    results = target_dir(settings) / "run_results.json"
    results.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "dbt.cli.main"),
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
            said = _follow(process.stdout or (), progress)
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
    result = DbtResult()
    if results.exists():
        text = results.read_text(encoding="utf-8")
        (run_dir / "run_results.json").write_text(text, encoding="utf-8")
        result = read_results(json.loads(text))
    if code != 0 and not (result.errors or result.test_failures):
        result.errors.append(NodeMessage("dbt", " ".join(said) or f"ended with exit code {code}"))
    return result


def read_results(run_results: dict[str, Any]) -> DbtResult:
    """Sorts the nodes of a `run_results.json`."""
    result = DbtResult()
    for node in run_results["results"]:
        kind, _, name = [*str(node["unique_id"]).split("."), "", ""][:3]
        status, message = node["status"], NodeMessage(name, node["message"] or "")
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


def _follow(lines: Iterable[str], progress: StepProgress) -> list[str]:
    """Shows what dbt does; returns the last errors it wrote, or its last line where it died in plain text."""
    errors: list[str] = []
    last_plain = ""
    for line in lines:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            last_plain = line.strip() or last_plain
            continue
        if info.get("level") == "error":
            errors = [*errors, str(info.get("msg", ""))][-_KEPT_LOG_ERRORS:]
        index, total = data.get("index"), data.get("total")
        if info["name"].endswith("Result") and isinstance(index, int) and isinstance(total, int) and total:
            progress.update(str(data.get("node_info", {}).get("node_name", "")), index / total)
    return errors or [last_plain]


def _stop(process: subprocess.Popen[str]) -> None:
    """Ends dbt: politely first, so that it cancels its queries; DuckDB rolls back what is open either way."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
