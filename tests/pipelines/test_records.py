"""What is told about runs: the `ops` tables, the page, the dead-man check. None of it may hold a row's value."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import recorded as recording
from pipelines import run_page
from pipelines.config import Settings
from pipelines.dbt import DbtResult, NodeMessage
from pipelines.errors import MEANINGS, CommandError, ExitCode
from pipelines.lock import hold_lock
from pipelines.nightly import run_nightly
from pipelines.ops import ensure_ops
from pipelines.recorded import recorded
from pipelines.redact import redact_lines, redacted
from pipelines.runlog import Run, Step, read_runs
from pipelines.serving.age import require_fresh
from pipelines.serving.gate import marts_untouched, require_green
from pipelines.steps import publish_step
from tests.pipelines.fakes import FakeDbt, FakeLanding


@pytest.fixture(autouse=True)
def dbt_needs_memory(builds: FakeDbt) -> None:
    builds.result.peak_memory_mb = 300.0


def refresh(settings: Settings) -> Run:
    with hold_lock(settings.lock, "test") as lock:
        return run_nightly(settings, lock, command="account-health nightly").run


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as it (read_only)")
        connection.execute("use it")
        return connection.execute(query).fetchall()


def page(settings: Settings) -> str:
    return (settings.runs_dir / "report.html").read_text()


def test_runs_and_steps_are_tables_of_the_warehouse(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    run = refresh(settings)
    assert ask(settings.warehouse, "select run_id, status, exit_code, as_of_date::varchar from ops.runs") == [
        (run.run_id, "ok", 0, "2026-03-31")
    ]
    steps_of_run = ask(
        settings.warehouse,
        "select step_number, step, status, rows_count, seconds >= 0, peak_memory_mb from ops.run_steps order by 1",
    )
    assert [row[:5] for row in steps_of_run] == [
        (1, "land", "ok", 28, True),
        (2, "freshness", "ok", None, True),
        (3, "gate", "ok", None, True),
        (4, "build", "ok", None, True),
        (5, "publish", "ok", 12, True),
        (6, "briefing", "warned", None, True),
    ]
    own = [row[5] for row in steps_of_run]
    assert all(10 < peak < 5000 for peak in own)
    assert own[3] > 310  # with what dbt needed
    with hold_lock(settings.lock, "test"), recorded(settings, "publish") as recorder:
        publish_step(settings, recorder)  # writing the tables has not made the build look foreign


def test_tables_catch_up_with_the_log(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    with pytest.raises(CommandError), recorded(settings, "nightly"):
        raise CommandError(ExitCode.USAGE, "before there was a warehouse")
    refresh(settings)
    refresh(settings)
    codes = ask(settings.warehouse, "select exit_code from ops.runs")
    assert sorted(codes) == [(0,), (0,), (2,)]


def test_readers_see_runs_and_findings(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    first = refresh(settings)
    with marts_untouched(settings), duckdb.connect(str(settings.warehouse)) as connection:
        finding = "'crm', 'not null', 'accounts', 'warning', false, 3, 'column name', null"
        connection.execute(f"insert into ops.gate_results select '{first.run_id}', now()::timestamp, {finding}")
        connection.execute(f"insert into ops.gate_results select 'a run of long ago', now()::timestamp, {finding}")
    second = refresh(settings)
    assert ask(settings.serving, "select run_id, status from ops.runs order by started_at, status") in (
        [(first.run_id, "ok"), (second.run_id, "running")],
        [(second.run_id, "running"), (first.run_id, "ok")],
    )
    assert ask(settings.serving, "select run_id, unexpected_count from ops.gate_results") == [(first.run_id, 3)]
    assert ask(settings.serving, "select count(*) from ops.run_steps") == [(11,)]


def test_page_of_a_good_night(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    builds.result.test_warnings.append(NodeMessage("orphans", "Got 2 results"))
    landing.silent = ("zendesk",)
    run = refresh(settings)
    text = page(settings)
    for said in (
        "2026-03-31: published",
        "Exit code 0",
        "orphans: Got 2 results",
        "10 days behind",
        "marts.account_health",
        "MB",
    ):
        assert said in text
    assert "What to do" not in text
    own = (settings.runs_dir / run.run_id / "report.html").read_text()
    assert "this run" in own
    assert re.findall(r"(?:src|href)=\"(?!\.\./|[0-9]{8}T)", text + own) == []  # nothing from elsewhere


def test_page_of_a_bad_night_says_why_and_what_to_do(settings: Settings, landing: FakeLanding, builds: FakeDbt) -> None:
    refresh(settings)
    builds.result = DbtResult(test_failures=[NodeMessage("unique_<b>accounts</b>", "Got 3 results")])
    with pytest.raises(CommandError):
        refresh(settings)
    text = page(settings)
    assert MEANINGS[ExitCode.GATE_FAILED].what in text
    assert "Readers keep the last publish" in text
    assert "unique_&lt;b&gt;accounts&lt;/b&gt;" in text
    assert "<b>" not in text
    first, second = read_runs(settings, 2)
    assert f'href="{first.run_id}/report.html"' in text
    assert f'href="../{first.run_id}/report.html"' in (settings.runs_dir / second.run_id / "report.html").read_text()


def test_page_of_a_night_without_a_system_and_with_findings(
    settings: Settings, landing: FakeLanding, builds: FakeDbt
) -> None:
    refresh(settings)
    landing.errors = {"crm": "crm/2026-03-31/Account.csv: column Industry is gone"}
    run = refresh(settings)
    with duckdb.connect(str(settings.warehouse)) as connection:
        finding = "'billing', 'row count', 'invoices', 'critical', false, 40, 'volume is 12 % of usual', 'month end'"
        connection.execute(f"insert into ops.gate_results select '{run.run_id}', now()::timestamp, {finding}")
        connection.execute(
            f"""
            create table marts.data_health as
            select 'crm' as system, date '{run.as_of_date}' as as_of_date, 'flagged' as status,
                'Industry is gone' as reason, false as is_trusted, true as is_holding,
                date '{run.as_of_date}' as held_by_date, date '2026-03-30' as measured_on_date
            """
        )
    (settings.runs_dir / "data_docs").mkdir()
    (settings.runs_dir / "data_docs" / "index.html").touch()
    run_page.write(settings, run)
    text = page(settings)
    for said in (
        "column Industry is gone",
        "Exit code 4",
        "volume is 12 % of usual",
        "Accepted: month end",
        "held at 2026-03-30",
    ):
        assert said in text
    assert 'href="data_docs/index.html"' in text
    assert 'href="../data_docs/index.html"' in (settings.runs_dir / run.run_id / "report.html").read_text()


@pytest.mark.parametrize("code", [None, 129, 130, 143, *(int(code) for code in ExitCode)])
def test_every_exit_code_has_a_page(settings: Settings, code: int | None) -> None:
    settings.home.mkdir()
    run = Run("20260101T000000Z-abcd", "nightly", "2026-01-01T00:00:00+00:00", exit_code=code, status="failed")
    run.steps.append(Step("land", "failed"))
    assert "What to do" in run_page.render(settings, run, "", "")


def test_what_cannot_be_told_does_not_change_how_a_run_ends(
    settings: Settings, landing: FakeLanding, builds: FakeDbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(recording.run_page, "write", full)
    monkeypatch.setattr(recording.ops, "sync_runs", full)
    assert refresh(settings).status == "ok"
    require_green(settings)


def publish_at(settings: Settings, hours_ago: float) -> None:
    settings.serving.parent.mkdir(parents=True, exist_ok=True)
    settings.serving.unlink(missing_ok=True)
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours_ago)
    with duckdb.connect(str(settings.serving)) as connection:
        connection.execute("create schema ops")
        connection.execute(f"create table ops.publishes as select timestamp '{moment}' as published_at")


def fail_to_land(settings: Settings) -> None:
    with recorded(settings, "nightly") as recorder, recorder.step("land"):
        shutil.copy(settings.runs_dir / "current.json", settings.runs_dir / "seen.json")
        raise CommandError(ExitCode.LAND_FAILED, "crm did not land")


def test_dead_man_check(settings: Settings) -> None:
    def refuse(said: str, hours: float = 30, is_running: bool = False) -> None:
        with pytest.raises(CommandError, match=said) as refused:
            require_fresh(settings, hours, is_running)
        assert refused.value.exit_code == ExitCode.STALE

    refuse("Nothing is published")
    publish_at(settings, 20)
    require_fresh(settings, 30, is_running=False)
    refuse("20.0 hours ago: more than 12", hours=12)
    publish_at(settings, -5)
    refuse("lies in the future")
    publish_at(settings, 20)
    with pytest.raises(CommandError):
        fail_to_land(settings)
    current = (settings.runs_dir / "seen.json").read_text()
    refuse("failed with exit code 4: crm did not land")
    with recorded(settings, "nightly") as recorder, recorder.step("land"):
        pass
    require_fresh(settings, 30, is_running=False)
    (settings.runs_dir / "current.json").write_text(current)
    require_fresh(settings, 30, is_running=True)
    refuse("was killed")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "Conversion Error: Could not convert string 'Ann O''Neil' to INT32 when casting from source column name",
            "Conversion Error: Could not convert string '...' to INT32 when casting from source column name",
        ),
        (
            'Constraint Error: Duplicate key "email: x, id: 3" violates unique constraint',
            "Constraint Error: Duplicate key '...' violates unique constraint",
        ),
        (
            'Runtime Error in model "accounts"\n  Invalid Input Error: Malformed JSON. Input: "{secret}"',
            "Runtime Error in model \"accounts\"\n  Invalid Input Error: Malformed JSON. Input: '...'",
        ),
        ('Binder Error: column "owner" not found', 'Binder Error: column "owner" not found'),
        ("whatever ann.b+c@mail.example.com says", "whatever <e-mail> says"),
    ],
)
def test_values_are_taken_out_of_messages(text: str, clean: str) -> None:
    assert redacted(text) == clean


def test_logs_are_redacted_in_place(tmp_path: Path) -> None:
    log = tmp_path / "dbt.log"
    log.write_text("12:00 select 'literal' from x\n12:01 Conversion Error: string 'Ann' to INT\n")
    redact_lines(log)
    assert log.read_text() == "12:00 select 'literal' from x\n12:01 Conversion Error: string '...' to INT\n"


def test_ops_tables_are_made_once(settings: Settings) -> None:
    settings.home.mkdir()
    with duckdb.connect(str(settings.warehouse)) as connection:
        ensure_ops(connection)
        connection.execute("insert into ops.runs (run_id) values ('one')")
        ensure_ops(connection)
        assert connection.execute("select count(*) from ops.runs").fetchone() == (1,)
