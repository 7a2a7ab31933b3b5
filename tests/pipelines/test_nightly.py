"""The refresh: its order, what stops it, what it leaves behind. Landing and dbt are fakes here."""

from __future__ import annotations

import io
from datetime import date, timedelta

import duckdb
import pytest
from rich.console import Console

from pipelines import steps
from pipelines.config import Settings
from pipelines.dbt import DbtResult, NodeMessage
from pipelines.errors import CommandError, ExitCode
from pipelines.landing import SYSTEMS, ExportsMissingError
from pipelines.lock import hold_lock
from pipelines.nightly import Refresh, run_nightly
from pipelines.ops import ensure_ops
from pipelines.quality import gate
from pipelines.report import print_refresh
from pipelines.runlog import Run, read_runs
from tests.pipelines.fakes import DAY, FakeDbt, FakeLanding, FakeLook

TEST_FAILED = DbtResult(test_failures=[NodeMessage("not_null_accounts", "Got 3 results")], tests_passed=4)
MODEL_FAILED = DbtResult(errors=[NodeMessage("account_health", "Binder Error")], skipped=7)


def refresh(settings: Settings, as_of: date | None = None) -> Refresh:
    with hold_lock(settings.lock, "test") as lock:
        return run_nightly(settings, lock, as_of)


def refuse(settings: Settings, code: ExitCode, as_of: date | None = None) -> tuple[CommandError, Run]:
    with pytest.raises(CommandError) as refused:
        refresh(settings, as_of)
    assert refused.value.exit_code == code
    return refused.value, read_runs(settings, 1)[0]


def served_as_of(settings: Settings) -> date | None:
    if not settings.serving.exists():
        return None
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.serving}' as serving (read_only)")
        row = connection.execute("select as_of_date from serving.ops.publishes").fetchone()
        return row[0] if row else None


def test_steps_run_in_order_and_are_recorded(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    result = refresh(settings)
    (run,) = read_runs(settings, 5)
    assert [(step.name, step.status) for step in run.steps] == [
        ("land", "ok"),
        ("freshness", "ok"),
        ("gate", "ok"),
        ("build", "ok"),
        ("publish", "ok"),
        ("briefing", "warned"),  # the stand-in has no marts for it
    ]
    assert (run.status, run.exit_code, run.as_of_date) == ("ok", 0, DAY.isoformat())
    assert [step.rows for step in run.steps] == [28, None, None, None, 12, None]
    assert result.published.as_of == served_as_of(settings) == DAY


def test_running_twice_is_safe(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)
    refresh(settings)
    assert [run.status for run in read_runs(settings, 5)] == ["ok", "ok"]


def test_the_night_goes_on_without_a_system_that_fails(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    refresh(settings)
    landing.newest += timedelta(days=1)
    landing.errors = {"crm": "crm/2026-04-01/Account.csv line 3: column Id holds no number"}
    result = refresh(settings)
    (run,) = read_runs(settings, 1)
    assert run.status == result.run.status == "degraded"
    assert run.exit_code == ExitCode.LAND_FAILED
    assert run.message == "crm did not land: crm/2026-04-01/Account.csv line 3: column Id holds no number"
    assert "start again" in run.hint
    assert [(step.name, step.status) for step in run.steps] == [
        ("land", "degraded"),
        ("freshness", "ok"),
        ("gate", "ok"),
        ("build", "ok"),
        ("publish", "ok"),
        ("briefing", "warned"),  # the stand-in has no marts for it
    ]
    assert served_as_of(settings) == landing.newest


def test_a_system_that_never_landed_gets_empty_tables(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    landing.errors = {"zendesk": "zendesk/2026-03-31/tickets.ndjson line 1: malformed JSON"}
    result = refresh(settings)
    assert result.run.status == "degraded"
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from raw_zendesk.tickets").fetchone() == (0,)
    late = [age.system for age in result.sources if age.is_late]
    assert late == ["zendesk"]


def test_product_that_fails_does_not_stop_the_clock(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)
    night = DAY + timedelta(days=1)
    landing.newest, landing.errors = night, {"product": "product/2026-04-01/tracks.jsonl.gz: broken gzip stream"}
    assert refresh(settings, night).run.status == "degraded"
    assert builds.told == [None, night]
    assert served_as_of(settings) == night


def test_nothing_is_built_where_no_usage_ever_landed(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    landing.errors = {"product": "product/2026-03-31/tracks.jsonl.gz: broken gzip stream"}
    error, _ = refuse(settings, ExitCode.LAND_FAILED, DAY)
    assert "product/2026-03-31/tracks.jsonl.gz" in error.message
    assert builds.told == []


def test_nothing_is_built_where_no_system_landed(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)
    landing.errors = {system: f"{system}: cannot open the warehouse" for system in SYSTEMS}
    error, run = refuse(settings, ExitCode.LAND_FAILED)
    assert all(f"{system} did not land" in error.message for system in SYSTEMS)
    assert [step.name for step in run.steps] == ["land"]
    assert len(builds.told) == 1


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        (TEST_FAILED, ExitCode.GATE_FAILED, "1 data test failed, nothing is published: not_null_accounts"),
        (MODEL_FAILED, ExitCode.TRANSFORM_FAILED, "account_health: Binder Error"),
    ],
    ids=["test", "model"],
)
def test_build_that_fails_is_not_published_until_a_green_one(
    settings: Settings,
    landing: FakeLanding,
    builds: FakeDbt,
    result: DbtResult,
    code: ExitCode,
    said: str,
) -> None:
    refresh(settings)
    before = settings.serving.read_bytes()
    landing.newest += timedelta(days=1)
    green, builds.result = builds.result, result
    error, run = refuse(settings, code)
    assert said in error.message
    assert run.steps[-1].facts["skipped"] == result.skipped
    assert settings.serving.read_bytes() == before
    builds.result = green
    refresh(settings)
    assert served_as_of(settings) == landing.newest


def test_warnings_do_not_stop_the_run(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    builds.result.test_warnings.append(NodeMessage("orphans", "Got 2 results"))
    landing.silent = ("zendesk",)
    result = refresh(settings)
    assert [(step.name, step.status) for step in result.run.steps][1:4] == [
        ("freshness", "warned"),
        ("gate", "ok"),
        ("build", "warned"),
    ]
    late = [age for age in result.sources if age.is_late]
    assert [(age.system, age.days_behind) for age in late] == [("zendesk", 10)]


def test_gate_stops_the_run_before_the_build(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = {"system": "zendesk", "id": "tickets.status_is_given", "days": [[DAY.isoformat(), 20, 20]]}
    monkeypatch.setattr(gate, "look_in_process", FakeLook([failed]))
    error, run = refuse(settings, ExitCode.BLOCKED)
    assert "zendesk tickets.status_is_given" in error.message
    assert [(step.name, step.status) for step in run.steps][2:] == [("gate", "failed")]
    assert (builds.told, served_as_of(settings)) == ([], None)
    with hold_lock(settings.lock, "test") as lock:
        run_nightly(settings, lock, accept="the status moved")
    assert served_as_of(settings) == DAY


def test_publish_that_fails(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    settings.home.mkdir()
    settings.serving.with_name("serving.duckdb.wal").touch()
    _, run = refuse(settings, ExitCode.PUBLISH_FAILED)
    assert run.steps[-1].name == "publish"


def test_as_of_limits_landing_and_is_told_to_dbt_only_where_it_must(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    night = DAY - timedelta(days=3)
    refresh(settings, night)
    assert landing.untils == [night]
    assert builds.told == [None]  # the newest usage is of that very day
    assert served_as_of(settings) == night
    landing.silent = ("product",)
    refresh(settings, DAY)
    assert builds.told == [None, DAY]
    assert served_as_of(settings) == DAY


def test_warehouse_is_not_taken_back_in_time(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)
    error, run = refuse(settings, ExitCode.USAGE, DAY - timedelta(days=1))
    assert "stands at 2026-03-31 and cannot be taken back to 2026-03-30" in error.message
    assert "ACCOUNT_HEALTH_HOME=" in error.hint
    assert run.steps == []
    assert len(landing.untils) == 1


def test_nothing_to_build_for(settings: Settings, builds: FakeDbt, monkeypatch: pytest.MonkeyPatch) -> None:
    def land_nothing(*args: object, **kwargs: object) -> list[object]:
        with duckdb.connect(str(settings.warehouse)) as connection:
            ensure_ops(connection)
        return []

    settings.home.mkdir()
    monkeypatch.setattr(steps, "land", land_nothing)
    error, _ = refuse(settings, ExitCode.USAGE)
    assert "no day to build for" in error.message


def test_exports_that_do_not_exist_are_a_matter_of_configuration(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def land_fails(*args: object, **kwargs: object) -> None:
        raise ExportsMissingError("no exports in /nowhere: it does not exist")

    monkeypatch.setattr(steps, "land", land_fails)
    error, _ = refuse(settings, ExitCode.USAGE)
    assert "ACCOUNT_HEALTH_EXPORTS" in error.hint


def test_unforeseen_error_ends_with_the_code_of_its_step(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    def explode() -> None:
        raise RuntimeError("no space left on device")

    builds.on_build = explode
    error, run = refuse(settings, ExitCode.TRANSFORM_FAILED)
    assert "RuntimeError: no space left on device" in error.message
    assert run.exit_code == 5


def test_warehouse_that_somebody_else_holds_open(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)

    def collide() -> None:
        raise duckdb.IOException("Could not set lock on file: Conflicting lock is held in python (PID 7)")

    builds.on_build = collide
    error, _ = refuse(settings, ExitCode.TRANSFORM_FAILED)
    assert "PID 7" in error.message
    assert "serving file" in error.hint


def test_interrupted_build_is_recorded_and_not_publishable(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    builds.on_build = interrupt
    with pytest.raises(KeyboardInterrupt):
        refresh(settings)
    (run,) = read_runs(settings, 1)
    assert (run.status, run.exit_code, run.steps[-1].status) == ("interrupted", 130, "interrupted")
    assert served_as_of(settings) is None
    builds.on_build = lambda: None
    refresh(settings)
    assert served_as_of(settings) == DAY


def test_report_shows_accounts_as_plain_text(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    result = refresh(settings)
    out = io.StringIO()
    print_refresh(result, settings.runs_dir / "report.html", Console(file=out, width=160))
    report = out.getvalue()
    assert "Account health as of 2026-03-31" in report
    assert 'Account "2" [red]' in report
    assert "Health bands that changed overnight: 2" in report
    assert "Segments that changed overnight: 4" in report
    assert f"duckdb.connect('{settings.serving}', read_only=True" in report
