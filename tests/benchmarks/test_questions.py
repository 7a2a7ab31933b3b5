"""Questions of BI: each runs, is asked in a process of its own, and the page says where it is too slow."""

from __future__ import annotations

import json
import random
from pathlib import Path

import duckdb
import pytest

from benchmarks.cold import forget
from benchmarks.measure import Cost, percentile
from benchmarks.page import write_page
from benchmarks.questions import Target, answer, questions
from benchmarks.workspace import Workspace


def test_there_are_twelve_with_one_parameter_at_most() -> None:
    asked = questions()
    assert len(asked) == 12
    assert {question.parameter for question in asked} == {None, "account_id", "owner_name", "segment"}
    assert all(question.tables and "$account_id" not in question.query for question in asked)


def test_each_is_asked_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "serving.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table accounts as select 'a' || i as account_id from range(10) as accounts (i)")
    target = Target(lambda: str(file), lambda: forget([file]))
    query = "select account_id from accounts where account_id = $1"
    said = answer(Workspace(tmp_path), target, [("one", query, ["a3"]), ("none", query, ["b"])])
    assert [(name, rows) for name, _, _, rows in said["answers"]] == [("one", 1), ("none", 0)]
    assert said["open"] > 0
    assert all(wall > 0 for _, wall, _, _ in said["answers"])


def test_a_question_names_somebody_of_its_pool() -> None:
    worklist = next(question for question in questions() if question.name == "owner_worklist")
    assert worklist.ask({"owner_name": ["Kim"]}, random.Random(1))[2] == ["Kim"]


@pytest.mark.parametrize(("share", "expected"), [(50, 2), (95, 4), (25, 1)])
def test_percentiles_are_values_that_were_measured(share: int, expected: int) -> None:
    assert percentile([4, 1, 3, 2], share) == expected


def test_the_page_names_the_question_that_is_too_slow(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    times = {"book": [10.0, 20.0], "history": [30.0, 80.0]}
    target = {
        **{"start": [200.0], "open_cold": [30.0] * 4, "open_warm": [5.0], "is_cold": True},
        **{"cold": times, "warm": {"book": [1.0], "history": [2.0]}, "warm_cpu": {"book": [1.0], "history": [1.5]}},
    }
    facts = {
        "meanings": {"book": "The book.", "history": "A history."},
        "targets": {"published": target},
        "megabytes": {"published": 75.0, "as_built": 100.0},
        "counts": [10, 20, 200],
        "priority": 0,
    }
    costs = {"as_built": [Cost(2, 2, 100.0)], "published": [Cost(3, 3, 150.0)]}
    workspace.save("questions-10x20", {"memory": "3GB", "reps": 2}, costs, json.loads(json.dumps(facts)))
    write_page(workspace, tmp_path / "benchmarks.md")
    page = (tmp_path / "benchmarks.md").read_text()
    assert "**missed** (1.60 times the goal). Single questions beyond it: history by 30 ms." in page
    assert "Publishing in order takes 1.5 times the CPU" in page
    assert "a file of 75% of the size" in page
