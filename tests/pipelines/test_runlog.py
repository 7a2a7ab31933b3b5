"""The run log tells what happened, also when the run could not."""

from __future__ import annotations

import json
import signal

import pytest

from pipelines.config import Settings
from pipelines.errors import CommandError, ExitCode, Interrupted
from pipelines.runlog import read_current, read_runs, record_run


def test_a_run_is_one_line_with_its_steps(settings: Settings) -> None:
    with record_run(settings, "nightly") as recorder:
        recorder.run.as_of_date = "2026-03-31"
        with recorder.step("land") as step:
            step.rows, step.summary, step.facts = 7, "7 rows", {"crm": {"files": 2}}
            current = read_current(settings)
            assert current is not None
            assert (current.status, current.steps[0].status) == ("running", "running")
        with recorder.step("build") as step:
            step.status = "warned"
    (line,) = settings.run_log.read_text().splitlines()
    record = json.loads(line)
    assert (record["status"], record["exit_code"], record["as_of_date"]) == ("ok", 0, "2026-03-31")
    assert [(s["name"], s["status"], s["rows"]) for s in record["steps"]] == [
        ("land", "ok", 7),
        ("build", "warned", None),
    ]
    assert record["started_at"].endswith("+00:00")
    assert read_current(settings) is None
    (run,) = read_runs(settings, 5)
    assert run.steps[0].facts == {"crm": {"files": 2}}


def test_a_failure_is_recorded_with_its_exit_code_on_one_short_line(settings: Settings) -> None:
    message = "crm did not land:\n" + "x" * 2000
    with pytest.raises(CommandError), record_run(settings, "land") as recorder, recorder.step("land"):
        raise CommandError(ExitCode.LAND_FAILED, message)
    (run,) = read_runs(settings, 5)
    assert (run.status, run.exit_code, run.steps[0].status) == ("failed", 4, "failed")
    assert run.message.startswith("crm did not land: xxx")
    assert len(run.message) == 500


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (Interrupted(signal.SIGTERM), 143)], ids=["int", "term"]
)
def test_an_interruption_is_recorded(settings: Settings, error: BaseException, code: int) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        record_run(settings, "nightly") as recorder,
        recorder.step("build"),
    ):
        raise error
    (run,) = read_runs(settings, 5)
    assert (run.status, run.exit_code, run.steps[0].status) == ("interrupted", code, "interrupted")


def test_a_killed_run_is_found_by_the_next_one(settings: Settings) -> None:
    with record_run(settings, "nightly") as recorder:
        recorder.run.steps.clear()
        killed = (settings.runs_dir / "current.json").read_text()
    (settings.runs_dir / "current.json").write_text(killed)
    settings.run_log.unlink()
    with record_run(settings, "nightly"):
        pass
    assert [run.status for run in read_runs(settings, 5)] == ["killed", "ok"]


def test_a_torn_line_costs_only_itself(settings: Settings) -> None:
    with record_run(settings, "first"):
        pass
    with settings.run_log.open("a") as log:
        log.write('{"run_id": "torn", "steps": [')
    with record_run(settings, "second"):
        pass
    with settings.run_log.open("a") as log:
        log.write('not json\n["a list"]\n{"steps": 3}\n')
    assert [run.command for run in read_runs(settings, 5)] == ["first", "second"]
    assert [run.command for run in read_runs(settings, 1)] == ["second"]


def test_records_of_another_version_are_read(settings: Settings) -> None:
    with record_run(settings, "nightly"):
        pass
    record = json.loads(settings.run_log.read_text())
    settings.run_log.write_text(json.dumps({**record, "later_key": 1}) + "\n")
    assert [run.command for run in read_runs(settings, 5)] == ["nightly"]


def test_old_run_folders_are_forgotten(settings: Settings) -> None:
    for number in range(40):
        folder = settings.runs_dir / f"20260101T0000{number:02}Z-aaaa"
        folder.mkdir(parents=True)
        (folder / "dbt.log").touch()
    with record_run(settings, "nightly"):
        pass
    left = sorted(path.name for path in settings.runs_dir.iterdir() if path.is_dir())
    assert len(left) == 30
    assert left[0] == "20260101T000010Z-aaaa"


def test_no_log_yet(settings: Settings) -> None:
    assert read_runs(settings, 5) == []
    assert read_current(settings) is None
