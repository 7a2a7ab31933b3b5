"""The gate as a step: what the run log tells, what stops the run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode
from pipelines.quality import gate
from pipelines.quality.gate import GateError
from pipelines.quality.step import gate_step
from pipelines.quality.suites import SuiteError
from pipelines.runlog import read_runs, record_run
from tests.pipelines.quality_look import look_plainly
from tests.pipelines.quality_raw import Delivery, Raw

DAY = date(2026, 3, 2)
NO_STATUS = {"status": "null"}
UNKNOWN_STATUS = {"status": "'asleep'"}


@pytest.fixture
def raw(settings: Settings) -> Raw:
    return Raw(settings)


def tickets(**options: Any) -> Delivery:
    return Delivery("tickets", DAY, 19, **options)


def test_step_stops_the_run_and_says_where(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "look_in_process", look_plainly)
    raw.land("zendesk", tickets(broken=NO_STATUS, count=19))
    with pytest.raises(CommandError) as blocked, record_run(raw.settings, "test") as recorder:
        gate_step(raw.settings, recorder)
    assert blocked.value.exit_code == ExitCode.BLOCKED == 7
    assert blocked.value.message == (
        "1 critical expectation failed on what has landed, nothing is built: zendesk tickets.status_is_given:"
        f" tickets without a status: 19 of 19 on {DAY}"
        " (at most 50% are allowed, days with fewer than 10 are not judged)"
    )
    assert '--accept "REASON"' in blocked.value.hint
    assert str(raw.settings.runs_dir / "data_docs" / "index.html") in blocked.value.hint
    (run,) = read_runs(raw.settings, 1)
    assert (run.steps[0].status, run.exit_code) == ("failed", 7)
    assert run.steps[0].facts["failures"][0]["drop_dates"] == [DAY.isoformat()]


@pytest.mark.parametrize(
    ("broken", "accept", "status", "summary"),
    [
        ({}, None, "ok", "14 expectations, 19 rows"),
        (UNKNOWN_STATUS, None, "warned", "14 expectations, 1 warning failed, 19 rows"),
        ({"type": "'joke'"}, None, "ok", "14 expectations, 1 info failed, 19 rows"),
        (NO_STATUS, "known", "warned", "14 expectations, 1 critical failed, 19 rows"),
    ],
)
def test_step_tells_what_it_found(
    raw: Raw, monkeypatch: pytest.MonkeyPatch, broken: dict[str, str], accept: str | None, status: str, summary: str
) -> None:
    monkeypatch.setattr(gate, "look_in_process", look_plainly)
    raw.land("zendesk", tickets(broken=broken, count=19))
    with record_run(raw.settings, "test") as recorder:
        gate_step(raw.settings, recorder, accept=accept)
        again = gate_step(raw.settings, recorder)
    first, second = recorder.run.steps
    assert (first.status, first.summary, first.facts["scanned_rows"]) == (status, summary, 19)
    assert first.facts.get("accepted_reason") == accept
    assert (second.status, second.summary, again.expectations) == ("ok", "nothing new", 0)


@pytest.mark.parametrize("error", [GateError("raw_zendesk.tickets: no"), SuiteError("zendesk.yml: no")])
def test_gate_that_cannot_look_lets_nothing_pass(raw: Raw, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
        raise error

    monkeypatch.setattr(gate, "look_in_process", fail)
    raw.land("zendesk", tickets())
    with pytest.raises(CommandError, match="no") as refused, record_run(raw.settings, "test") as recorder:
        gate_step(raw.settings, recorder)
    assert refused.value.exit_code == ExitCode.BLOCKED
    assert raw.query("select count(*) from ops.gated_loads") == [(0,)]
