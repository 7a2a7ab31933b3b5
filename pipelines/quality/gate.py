"""The gate: do the loads that just landed hold what their suites expect?

Great Expectations runs in a process of its own (`__main__`), so that its imports cost nobody else time or memory. That
process reads the warehouse; this one plans before it and records after it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.landing.contract import SYSTEMS
from pipelines.ops import ensure_ops
from pipelines.quality.measure import day_table, statements
from pipelines.quality.records import FailedDay, Verdict, is_unlanded, record_gate
from pipelines.quality.scope import Scope, find_scope
from pipelines.quality.suites import SUITES_DIR, Severity, Suite, load_suites
from pipelines.runlog import plural
from pipelines.serving.gate import marts_untouched

Progress = Callable[[str, float], None]
Look = Callable[[Settings, dict[str, Any]], dict[str, Any]]

_QUIET = {"GX_ANALYTICS_ENABLED": "false"}


class GateError(Exception):
    """The gate could not look at what landed. The message says why; it holds no value of a row."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold."""

    system: str
    expectation: str
    table: str
    severity: Severity
    unexpected_count: int
    message: str
    days: tuple[date, ...]
    accepted_reason: str | None

    def __str__(self) -> str:
        return f"{self.system} {self.expectation}: {self.message}"


@dataclass(frozen=True, slots=True)
class GateResult:
    """What the gate found.

    Attributes:
        expectations: how many were checked; 0 where nothing new has landed.
        failures: those that did not hold, critical ones first.
        is_blocked: whether a critical one failed that nobody accepted.
        scanned_rows: landed rows that were looked at.
        seconds: wall-clock time of everything.
        parts: seconds of the parts of the gate's own process.
        docs: index page of Data Docs, None where there is none yet.
    """

    expectations: int
    failures: tuple[Failure, ...]
    is_blocked: bool
    scanned_rows: int
    seconds: float
    parts: dict[str, float]
    docs: Path | None


def data_docs(settings: Settings) -> Path:
    """Index page of Data Docs; it shows the gate that looked at something last."""
    return settings.runs_dir / "data_docs" / "index.html"


def run_gate(
    settings: Settings,
    run_id: str,
    systems: Iterable[str] = SYSTEMS,
    as_of: date | None = None,
    accept: str | None = None,
    progress: Progress | None = None,
    suites_dir: Path = SUITES_DIR,
    look: Look | None = None,
) -> GateResult:
    """Judges the drop days that new loads of `systems` touched and records it in the `ops` schema.

    Args:
        settings: whose warehouse.
        run_id: the run in the log.
        systems: those that landed.
        as_of: the night's day: it gets a row in `gate_days` even where nothing has landed for it.
        accept: an operator's reason to let pass what would block.
        progress: sees what is being looked at.
        suites_dir: folder of the suites.
        look: looks at the scopes of a request; None starts a process for it.

    Raises:
        GateError: the warehouse could not be looked at.
        SuiteError: a suite cannot be used.
        duckdb.IOException: another process has the warehouse open.
    """
    started = time.monotonic()
    suites = load_suites(systems, settings.contract_dir, suites_dir)
    scopes = _scopes(settings, suites, as_of)
    new = [scope for scope in scopes if scope.rows]
    scanned = sum(scope.rows_count for scope in new)
    answer: dict[str, Any] = {"results": [], "seconds": {}}
    if new:
        if progress:
            progress(f"looking at {plural(scanned, 'row')} of {', '.join(scope.system for scope in new)}", 0.1)
        settings.runs_dir.mkdir(parents=True, exist_ok=True)
        answer = (look or look_in_process)(settings, _request(settings, run_id, new, suites))
    verdicts = _verdicts(suites, answer["results"])
    if accept:
        verdicts = [verdict.accepted(accept) for verdict in verdicts]
    record_gate(settings, run_id, scopes, suites, verdicts, as_of)
    docs = data_docs(settings)
    return GateResult(
        expectations=len(verdicts),
        failures=_failures(verdicts),
        is_blocked=any(verdict.blocks for verdict in verdicts),
        scanned_rows=scanned,
        seconds=time.monotonic() - started,
        parts={part: round(seconds, 3) for part, seconds in answer["seconds"].items()},
        docs=docs if docs.exists() else None,
    )


def _request(settings: Settings, run_id: str, scopes: Sequence[Scope], suites: Sequence[Suite]) -> dict[str, Any]:
    """What the gate's own process is told; see `validate.run`."""
    by_system = {suite.system: suite for suite in suites}
    return {
        "run_id": run_id,
        "warehouse": str(settings.warehouse),
        "site": str(data_docs(settings).parent),
        "statements": list(statements(scopes, suites)),
        "suites": [
            {
                "system": scope.system,
                "day_table": day_table(scope.system),
                "expectations": [
                    {
                        "id": item.id,
                        "severity": item.severity,
                        "description": item.description,
                        "failed_days": item.failed_days,
                    }
                    for item in by_system[scope.system].expectations
                    if item.table in scope.rows
                ],
            }
            for scope in scopes
        ],
    }


def look_in_process(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """Answers a request in a process of its own.

    Raises:
        GateError: it did not come to its end.
    """
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "response.json"
        asked.write_text(json.dumps({**request, "asked_by": os.getpid()}), encoding="utf-8")
        with subprocess.Popen(
            [sys.executable, "-m", "pipelines.quality", str(asked), str(answered)],
            cwd=PROJECT_ROOT,
            # Great Expectations leaves a temporary folder behind
            env={**settings.child_env(), **_QUIET, "TMPDIR": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                process.wait()
            except BaseException:
                process.kill()
                raise
        if not answered.exists():
            raise GateError(f"its process ended with exit code {process.returncode} and without an answer")
        answer: dict[str, Any] = json.loads(answered.read_text(encoding="utf-8"))
        if "error" in answer:
            raise GateError(answer["error"])
        return answer


def _scopes(settings: Settings, suites: Sequence[Suite], as_of: date | None) -> list[Scope]:
    with marts_untouched(settings), duckdb.connect(str(settings.warehouse)) as connection:
        ensure_ops(connection)
        scopes = []
        for suite in suites:
            again = [as_of] if as_of and is_unlanded(connection, suite.system, as_of) else []
            scopes.append(find_scope(connection, suite.system, suite.schema, again))
        return scopes


def _verdicts(suites: Sequence[Suite], results: Sequence[dict[str, Any]]) -> list[Verdict]:
    expectations = {(suite.system, item.id): item for suite in suites for item in suite.expectations}
    return [
        Verdict(
            expectations[result["system"], result["id"]],
            tuple(FailedDay(date.fromisoformat(day), *numbers) for day, *numbers in result["days"]),
        )
        for result in results
    ]


def _failures(verdicts: Iterable[Verdict]) -> tuple[Failure, ...]:
    failed = [verdict for verdict in verdicts if not verdict.holds]
    ranks = ("critical", "warning", "info")
    return tuple(
        Failure(
            verdict.expectation.system,
            verdict.expectation.id,
            verdict.expectation.table,
            verdict.expectation.severity,
            verdict.unexpected_count,
            verdict.message,
            tuple(day.day for day in verdict.days),
            verdict.accepted_reason,
        )
        for verdict in sorted(failed, key=lambda verdict: ranks.index(verdict.expectation.severity))
    )
