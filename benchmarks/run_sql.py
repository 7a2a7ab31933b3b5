"""Runs SQL statements on one DuckDB connection: `python -m benchmarks.run_sql DATABASE STATEMENTS.json`.

The file holds a list of [kind, statement]. Says what each kind cost, as the last line, in JSON. Imports nothing but
DuckDB: it is the floor that others are compared with.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import duckdb


def main() -> None:
    """Runs the statements in their order."""
    database, statements = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    kinds: dict[str, dict[str, float]] = {}
    rows = 0
    connection = duckdb.connect(database)
    for kind, statement in statements:
        cpu, wall = _cpu(), time.monotonic()
        found = connection.execute(statement).fetchall()
        cost = kinds.setdefault(kind, {"statements": 0, "cpu": 0.0, "wall": 0.0})
        cost["statements"] += 1
        cost["cpu"] += _cpu() - cpu
        cost["wall"] += time.monotonic() - wall
        if kind == "count":
            rows = found[0][0]
    cpu = _cpu()
    connection.close()
    kinds["close"] = {"statements": 1, "cpu": _cpu() - cpu, "wall": 0.0}
    print(json.dumps({"kinds": kinds, "rows": rows}))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
