"""Asks questions in a process of its own: `python -m benchmarks.ask TARGET ASKED.json STARTED`.

TARGET is a DuckDB file, opened as docs/bi-connections.md tells readers to, or a `postgresql://` address; ASKED.json
holds a list of [name, SQL, values]; STARTED is when the process was asked for, in seconds. Says as the last line, in
JSON, what each took in milliseconds. Like a BI tool it imports nothing but the driver.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

_SHUT = {"enable_external_access": "false", "lock_configuration": "true"}


def main() -> None:
    """Opens the target and asks."""
    target, asked, started = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), float(sys.argv[3])
    driver: Any = __import__("adbc_driver_postgresql.dbapi" if _is_postgres(target) else "duckdb", fromlist=["connect"])
    start, opening = time.time() - started, time.perf_counter()
    if _is_postgres(target):
        cursor = driver.connect(target, autocommit=True).cursor()
    else:
        cursor = driver.connect(target, read_only=True, config=_SHUT)
    opened = time.perf_counter() - opening
    answers = [[name, *_ask(cursor, query, values)] for name, query, values in asked]
    print(json.dumps({"start": 1e3 * start, "open": 1e3 * opened, "answers": answers}))


def _ask(cursor: Any, query: str, values: list[str]) -> tuple[float, float, int]:
    """Wall and CPU milliseconds, and rows."""
    cpu, wall = _cpu(), time.perf_counter()
    cursor.execute(query, values)
    rows = len(cursor.fetchall())
    return 1e3 * (time.perf_counter() - wall), 1e3 * (_cpu() - cpu), rows


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _is_postgres(target: str) -> bool:
    return target.startswith("postgresql://")


if __name__ == "__main__":
    main()
