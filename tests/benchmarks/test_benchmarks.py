"""The benchmarks measure what they say: whole process trees, equal records in every form, dbt's own statements."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks import overhead, product_files
from benchmarks.measure import BenchmarkError, Cost, run, take_turns
from benchmarks.page import write_page
from benchmarks.workspace import Workspace

BURN = "import hashlib; hashlib.pbkdf2_hmac('sha256', b'x', b'y', 400_000)"
GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}], check=True)"


def test_a_cost_counts_grandchildren(tmp_path: Path) -> None:
    start = run([sys.executable, "-c", "import hashlib, subprocess"], tmp_path / "log")
    burnt = run([sys.executable, "-c", BURN], tmp_path / "log")
    whole = run([sys.executable, "-c", GRANDCHILD], tmp_path / "log")
    assert whole.cpu > start.cpu + 0.5 * (burnt.cpu - start.cpu)


def test_cpu_goes_to_the_step_that_runs(tmp_path: Path) -> None:
    current = tmp_path / "runs" / "current.json"
    current.parent.mkdir()
    current.write_text(json.dumps({"steps": [{"name": "land"}, {"name": "gate"}]}))
    cost = run([sys.executable, "-c", BURN], tmp_path / "log", home=tmp_path)
    assert set(cost.steps) == {"gate"}
    assert 0 < cost.steps["gate"] <= cost.cpu + 0.01


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="ended with 3") as failure:
        run([sys.executable, "-c", "print('no disk'); raise SystemExit(3)"], tmp_path / "log")
    assert "no disk" in str(failure.value)


def test_variants_take_turns() -> None:
    order: list[str] = []

    def variant(name: str) -> Cost:
        order.append(name)
        return Cost(cpu=len(order), wall=1.0, peak_mb=1.0)

    costs = take_turns({"a": lambda: variant("a"), "b": lambda: variant("b")}, 2)
    assert order == ["a", "b", "a", "b"]
    assert [cost.cpu for cost in costs["b"]] == [2, 4]


@pytest.mark.slow
def test_every_form_holds_the_same_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in product_files.FORMS:
        monkeypatch.setattr(sys, "argv", ["product_files", form, "2000", str(tmp_path / form)])
        product_files.main()
    columns = '"messageId", "userId", cast(context as json), cast(properties as json), cast("timestamp" as timestamptz)'
    types = {
        "messageId": "VARCHAR",
        "userId": "VARCHAR",
        "timestamp": "VARCHAR",
        "context": "JSON",
        "properties": "JSON",
    }
    readers = {
        "jsonl.gz": f"read_json('{tmp_path}/jsonl.gz/product/*/*', columns = {types})",
        "csv": f"read_csv('{tmp_path}/csv/product/*/*', all_varchar = true)",
        "parquet": f"read_parquet('{tmp_path}/parquet/product/*/*')",
    }
    with duckdb.connect() as connection:
        rows = {
            form: sorted(map(str, connection.execute(f"select {columns} from {reader}").fetchall()))
            for form, reader in readers.items()
        }
    assert len(rows["csv"]) > 1000
    assert rows["jsonl.gz"] == rows["csv"] == rows["parquet"]


def test_transactions_are_replayed_as_dbt_closed_them(tmp_path: Path) -> None:
    def query(sql: str, kind: str = "model") -> dict[str, Any]:
        return {"info": {"name": "SQLQuery"}, "data": {"sql": sql, "node_info": {"resource_type": kind}}}

    rollback = {"info": {"name": "Rollback"}, "data": {}}
    events = [
        *(query("BEGIN"), query("create table a as select 1"), query("COMMIT"), rollback),
        *(query("BEGIN"), query("select 1", "test"), rollback, query("select * from duckdb_tables()")),
    ]
    log = tmp_path / "dbt.log"
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    assert list(overhead._statements(log)) == [
        ("transaction", "begin"),
        ("model", "create table a as select 1"),
        ("transaction", "commit"),
        ("transaction", "begin"),
        ("test", "select 1"),
        ("transaction", "rollback"),
        ("catalog", "select * from duckdb_tables()"),
    ]


def test_the_page_says_what_was_missed_and_keeps_what_was_not_measured(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    seconds = {"floor": 10, "like_landing": 8, "land": 18, "nothing": 2}
    seconds |= {"small_floor": 1, "small_like_landing": 1, "small_land": 3, "small_ordinary": 20}
    costs = {name: [Cost(cpu, cpu, 100.0)] for name, cpu in seconds.items()}
    facts = {"rows": 1_000_000, "small_rows": 100_000, "files": 4, "megabytes": 120, "form": "csv"}
    workspace.save("landing-1000k-csv", {"events": 1_000_000, "reps": 1}, costs, facts)
    earlier = "# Old\n\n## Landing\n\nold\n\n## Memory\n\nkept\n\n### a part of it\n\n- too\n"
    (tmp_path / "benchmarks.md").write_text(earlier)
    write_page(workspace, tmp_path / "benchmarks.md")
    page = (tmp_path / "benchmarks.md").read_text()
    assert page.endswith("\n\n## Memory\n\nkept\n\n### a part of it\n\n- too\n")
    assert "\nold\n" not in page
    assert "| 2.25 | 1.80 | at most 1.2: **missed** (1.50 times the goal) |" in page
    assert "looking into files 80%, fixed 20%" in page
    assert "| 200.0 | 18.0 | 11.1 | at least 10: kept |" in page
    assert "## One night" not in page
