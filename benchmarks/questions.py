"""How fast twelve questions of BI are answered: by the serving file, by others that hold the same tables."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.cold import forget
from benchmarks.measure import BenchmarkError, Cost, python, run, take_turns
from benchmarks.nightly import company
from benchmarks.postgres_copy import PostgresCopy
from benchmarks.workspace import Workspace, land_env

QUESTIONS = Path(__file__).with_name("bi_questions")
_WARM_ROUND = 20  # times that each question is asked on one connection, after once unmeasured
_SEED = 1
_POOLS = {
    "account_id": "select account_id from marts.account_health order by account_id",
    "owner_name": "select distinct owner_name from marts.account_health where owner_name is not null order by 1",
    "segment": "select distinct segment from marts.account_health order by segment",
}

Asked = tuple[str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One select; `parameter` names the pool of its only value, where it has one."""

    name: str
    meaning: str
    query: str
    parameter: str | None
    tables: frozenset[str]

    def ask(self, pools: dict[str, list[str]], chance: random.Random) -> Asked:
        """The question about somebody."""
        return self.name, self.query, [chance.choice(pools[self.parameter])] if self.parameter else []


@dataclass(slots=True)
class Target:
    """What is asked, and what it took in milliseconds; `freeze` makes it and the machine forget what they read."""

    address: Callable[[], str]
    freeze: Callable[[], bool]
    start: list[float] = field(default_factory=list)
    open_cold: list[float] = field(default_factory=list)
    open_warm: list[float] = field(default_factory=list)
    cold: dict[str, list[float]] = field(default_factory=dict)
    warm: dict[str, list[float]] = field(default_factory=dict)
    warm_cpu: dict[str, list[float]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    is_cold: bool = True


def questions() -> list[Question]:
    """Those of the folder, by name; `$name` becomes `$1`, which DuckDB and PostgreSQL both know."""
    return [_question(path) for path in sorted(QUESTIONS.glob("*.sql"))]


def measure_questions(
    workspace: Workspace, built: Path | None, accounts: int, days: int, density: float, memory: str, reps: int
) -> None:
    """Publishes a built home as it is now and without an order, copies it into PostgreSQL, and asks them all.

    Args:
        built: a home whose build is green; it is only read. Without one a company is generated and built.
        memory: limit of DuckDB's memory while it publishes.
        reps: cold answers a question; times twenty, the warm ones.
    """
    home = built or _build(workspace, accounts, days, density)
    scratch = workspace.fresh("questions")
    costs, files = _publish(workspace, home, scratch, memory)
    asked = questions()
    server = PostgresCopy(scratch / "postgres")
    try:
        server.load(files["published"], {table for question in asked for table in question.tables}, scratch)
        files["warehouse"] = home / "warehouse.duckdb"
        targets = {name: _file(path) for name, path in files.items()}
        targets["postgres"] = Target(lambda: server.uri, server.restart_cold)
        _ask(workspace, targets, asked, _pools(files["published"]), reps)
        sizes = {name: path.stat().st_size / 1e6 for name, path in files.items()}
        sizes["postgres"] = server.megabytes()
    finally:
        server.stop()
    with duckdb.connect(str(files["published"]), read_only=True) as connection:
        counts = connection.execute(
            "select count(distinct account_id), count(distinct as_of_date), count(*) from marts.account_health_daily"
        ).fetchone()
    facts = {
        "meanings": {question.name: question.meaning for question in asked},
        "targets": {name: _told(target) for name, target in targets.items()},
        "megabytes": sizes,
        "counts": counts,
        "priority": os.nice(0),
    }
    parameters = {"accounts": accounts, "days": days, "density": density, "memory": memory, "reps": reps}
    assert counts is not None
    workspace.save(f"questions-{counts[0]}x{counts[1]}", parameters, costs, facts)
    workspace.clear_scratch()


def answer(workspace: Workspace, target: Target, asked: list[Asked]) -> dict[str, Any]:
    """What a new process says that asked all of these, one after the other."""
    path = workspace.home / "scratch" / "asked.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asked), encoding="utf-8")
    command = python("benchmarks.ask", target.address(), str(path), str(time.time()))
    said: dict[str, Any] = json.loads(run(command, workspace.logs / "ask.log").said.splitlines()[-1])
    return said


def _question(path: Path) -> Question:
    query = path.read_text(encoding="utf-8")
    names = set(re.findall(r"\$(\w+)", query))
    if len(names) > 1:
        raise BenchmarkError(f"{path} has {len(names)} parameters: at most one")
    return Question(
        path.stem,
        query.splitlines()[0].removeprefix("-- "),
        re.sub(r"\$\w+", "$1", query),
        names.pop() if names else None,
        frozenset(re.findall(r"\b(?:marts|metrics)\.\w+", query)),
    )


def _build(workspace: Workspace, accounts: int, days: int, density: float) -> Path:
    home = workspace.data / f"questions-{accounts}x{days}-density-{density:g}"
    if not (home / ".complete").exists():
        env = land_env(home, company(workspace, accounts, days, density))
        for step in ("land", "build"):
            run(python("pipelines", step), workspace.logs / f"questions_{step}.log", env, home)
        (home / ".complete").touch()
    return home


def _publish(
    workspace: Workspace, home: Path, scratch: Path, memory: str
) -> tuple[dict[str, list[Cost]], dict[str, Path]]:
    """The serving file as publishing writes it, and as it would be without an order."""
    manifest = json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))
    for node in manifest["nodes"].values():
        node.pop("test_metadata", None)  # a table whose key nobody tells has no order
    keyless = scratch / "manifest.json"
    keyless.write_text(json.dumps(manifest), encoding="utf-8")
    manifests = {"as_built": keyless, "published": home / "target" / "manifest.json"}

    def publishing(name: str) -> Callable[[], Cost]:
        command = python("benchmarks.run_publish", str(home / "warehouse.duckdb"), str(manifests[name]))
        log = workspace.logs / f"questions_{name}.log"
        return lambda: run([*command, str(scratch / name), memory], log)

    costs = take_turns({name: publishing(name) for name in manifests}, 1)
    return costs, {name: scratch / name / "serving.duckdb" for name in ("published", "as_built")}


def _file(path: Path) -> Target:
    return Target(lambda: str(path), lambda: forget([path]))


def _pools(serving: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(serving), read_only=True) as connection:
        return {name: [row[0] for row in connection.execute(query).fetchall()] for name, query in _POOLS.items()}


def _ask(
    workspace: Workspace, targets: dict[str, Target], asked: list[Question], pools: dict[str, list[str]], reps: int
) -> None:
    chance = random.Random(_SEED)
    print("asking", flush=True)
    for number in range(reps):
        for question in asked:
            once = [question.ask(pools, chance)]
            for target in targets.values():
                target.is_cold &= target.freeze()
                _note_cold(target, answer(workspace, target, once))
        often = list(_often(asked, pools, chance))
        for target in targets.values():
            _note_warm(target, answer(workspace, target, often), len(asked))
        print(f"  {number + 1}/{reps} rounds", flush=True)
    for name, target in targets.items():
        if target.rows != targets["published"].rows:
            raise BenchmarkError(f"{name} gives other numbers of rows than the published file")


def _often(asked: list[Question], pools: dict[str, list[str]], chance: random.Random) -> Iterator[Asked]:
    for _ in range(1 + _WARM_ROUND):
        yield from (question.ask(pools, chance) for question in asked)


def _note_cold(target: Target, said: dict[str, Any]) -> None:
    ((name, wall, _, rows),) = said["answers"]
    target.start.append(said["start"])
    target.open_cold.append(said["open"])
    target.cold.setdefault(name, []).append(wall)
    target.rows.append(rows)


def _note_warm(target: Target, said: dict[str, Any], unmeasured: int) -> None:
    target.open_warm.append(said["open"])
    for name, wall, cpu, rows in said["answers"][unmeasured:]:
        target.warm.setdefault(name, []).append(wall)
        target.warm_cpu.setdefault(name, []).append(cpu)
        target.rows.append(rows)


def _told(target: Target) -> dict[str, Any]:
    return {
        "is_cold": target.is_cold,
        **{name: _rounded(getattr(target, name)) for name in ("start", "open_cold", "open_warm")},
        **{
            name: {question: _rounded(times) for question, times in getattr(target, name).items()}
            for name in ("cold", "warm", "warm_cpu")
        },
    }


def _rounded(times: list[float]) -> list[float]:
    return [round(time_, 2) for time_ in times]
