"""dbt as a child process: what its results say, and that a build which failed is continued where it stopped."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import dbt, resume
from pipelines.config import PROJECT_ROOT, Settings
from pipelines.dbt import DbtResult, read_results
from pipelines.errors import CommandError, ExitCode
from pipelines.landing import create_empty_raw
from pipelines.lock import hold_lock
from pipelines.progress import Silent
from pipelines.recorded import recorded
from pipelines.runlog import Run, read_runs
from pipelines.serving.gate import marts_untouched, require_green
from pipelines.steps import build_step
from tests.pipelines.fakes import DAY

PROJECT = """
name: tiny
version: 0.1.0
config-version: 2
profile: account_health
flags: {send_anonymous_usage_stats: false}
vars: {as_of_date: null}
models: {+materialized: table}
"""
# `b` reads a file that is not there yet: a cause outside of the project and of the warehouse.
MODELS = {
    "a.sql": "select 1 as id, get_current_timestamp() as built_at",
    "b.sql": "select ref.id, cast('{{ var(\"as_of_date\") }}' as date) as as_of_date"
    " from read_csv('FOLDER/outside.csv') as ref inner join {{ ref('a') }} as a on a.id = ref.id",
    "c.sql": "select * from {{ ref('b') }}",
    "d.sql": "select * from {{ ref('a') }}",
    "models.yml": json.dumps(
        {
            "models": [
                {"name": name, "columns": [{"name": "id", "data_tests": ["unique", "not_null"]}]} for name in "abcd"
            ]
        }
    ),
}


def test_results_of_dbt_are_sorted_by_kind_and_status() -> None:
    def node(kind: str, status: str, message: str = "") -> dict[str, str]:
        return {"unique_id": f"{kind}.account_health.{status}_one.abc", "status": status, "message": message}

    result = read_results(
        {
            "results": [
                node("model", "success"),
                node("model", "success"),
                node("seed", "success"),
                node("snapshot", "success"),
                node("test", "pass"),
                node("test", "warn", "Got 1 result"),
                node("test", "fail", "Got 2 results"),
                node("test", "error", "no such column"),
                node("model", "error", "syntax\n  error"),
                node("model", "skipped"),
                node("exposure", "no-op", "NO-OP"),
            ]
        }
    )
    assert result.built == Counter(model=2, seed=1, snapshot=1)
    assert (result.tests_passed, result.skipped) == (1, 1)
    assert [str(message) for message in result.test_failures] == ["fail_one: Got 2 results"]
    assert [str(message) for message in result.errors] == [
        "error_one: no such column",
        "error_one: syntax error",
    ]
    assert result.summary == ("2 models, 1 seeds, 1 snapshots, 1 tests passed, 1 warned, 1 failed, 2 errors, 1 skipped")


def test_dbt_that_cannot_start_says_why(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dbt, "PROJECT_ROOT", tmp_path)
    with hold_lock(settings.lock, "test") as lock:
        result = dbt.dbt_build(settings, settings.runs_dir / "run", lock, Silent())
    (error,) = result.errors
    assert "dbt_project.yml" in str(error)


@pytest.fixture
def project(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project of four models, and a warehouse with the raw tables of landing."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text((PROJECT_ROOT / "profiles.yml").read_text())
    for name, text in MODELS.items():
        (folder / "models" / name).write_text(text.replace("FOLDER", str(tmp_path)))
    for module in (dbt, resume):
        monkeypatch.setattr(module, "PROJECT_ROOT", folder)
    create_empty_raw(settings)
    return folder


def build(settings: Settings) -> DbtResult:
    with hold_lock(settings.lock, "test") as lock, recorded(settings, "nightly") as recorder:
        return build_step(settings, recorder, lock, DAY, may_resume=True)


def fail(settings: Settings, code: ExitCode = ExitCode.TRANSFORM_FAILED) -> Run:
    with pytest.raises(CommandError) as failed:
        build(settings)
    assert failed.value.exit_code == code
    return read_runs(settings, 1)[0]


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def nodes_of(settings: Settings, run: Run) -> list[str]:
    """Nodes that dbt itself ran in that run, by its log."""
    log = (settings.runs_dir / run.run_id / "dbt.log").read_text()
    return sorted({line.split("Began running node ")[1] for line in log.splitlines() if "Began running node " in line})


@pytest.mark.slow
def test_a_build_that_failed_is_continued_where_it_stopped(settings: Settings, project: Path, tmp_path: Path) -> None:
    first = fail(settings)
    assert "outside.csv" in first.message
    assert first.steps[0].facts["skipped"] == 5  # c, and the tests of b and c
    (built_at,) = ask(settings, "select built_at from main.a")
    with pytest.raises(CommandError, match="failed"):
        require_green(settings)

    second = fail(settings)  # the cause is still there: only the rest is tried, and fails again
    assert second.steps[0].facts["resumed_from"] == first.run_id

    (tmp_path / "outside.csv").write_text("id\n1\n")
    result = build(settings)
    (third,) = read_runs(settings, 1)
    assert third.steps[0].facts["resumed_from"] == second.run_id
    assert third.steps[0].summary.startswith(f"resumed: {second.run_id} failed, only the rest was built; in all 4 mod")
    assert nodes_of(settings, third) == [
        "model.tiny.b",
        "model.tiny.c",
        *sorted(name for name in nodes_of(settings, third) if name.startswith("test.")),
    ]
    assert len(nodes_of(settings, third)) == 6
    assert ask(settings, "select built_at from main.a") == [built_at]
    assert ask(settings, "select as_of_date from main.c") == [(DAY,)]  # the variables of the first build
    # Exactly as green as a whole build: every node and every test of the project passed in one of the two.
    assert (result.built, result.tests_passed, result.skipped) == (Counter(model=4), 8, 0)
    require_green(settings)


@pytest.mark.slow
def test_a_change_of_the_project_or_of_the_data_makes_a_whole_build(
    settings: Settings, project: Path, tmp_path: Path
) -> None:
    fail(settings)
    (project / "models" / "d.sql").write_text("select id, 2 as two from {{ ref('a') }}")
    changed = fail(settings)
    assert changed.steps[0].facts["resumed_from"] is None
    assert "model.tiny.a" in nodes_of(settings, changed)
    with marts_untouched(settings), duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "insert into raw_crm._dlt_loads select * replace ('another' as load_id) from raw_crm._dlt_loads"
        )
    landed = fail(settings)
    assert landed.steps[0].facts["resumed_from"] is None
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create table by_hand as select 1 as one")
    written = fail(settings)
    assert written.steps[0].facts["resumed_from"] is None


@pytest.mark.slow
def test_a_value_that_the_engine_quotes_is_told_nowhere(settings: Settings, project: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("id\nann@example.com\n")
    failed = fail(settings)
    texts = [settings.run_log.read_text(), *(path.read_text() for path in settings.runs_dir.glob("*/*"))]
    texts += [path.read_text() for path in dbt.target_dir(settings).glob("*.json")]
    assert "Conversion Error" in failed.message
    assert [text for text in texts if "ann@example.com" in text] == []
