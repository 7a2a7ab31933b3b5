"""The whole way, with everything real: a company's exports, landing, dbt, publishing, readers.

Building a warehouse takes tens of seconds, so the homes are built once.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.config import PROJECT_ROOT, Settings
from pipelines.dbt import DBT
from pipelines.explain import NotFoundError, explain
from pipelines.runlog import read_runs
from tests.pipelines.homes import LAST, command, company, differences, home, snapshot_rows

pytestmark = pytest.mark.slow

# The exports go one day further than the nights that are compared: nothing of that day may be seen in them.
NIGHTS = [LAST - timedelta(days=back) for back in range(5, 0, -1)]


@dataclass
class Watch:
    """What a BI tool saw that held the serving file open during a refresh, and one that came afterwards."""

    before: str = ""
    during: set[str] = field(default_factory=set)
    after: str = ""
    afresh: str = ""


@dataclass(frozen=True)
class Homes:
    """Warehouses of one company, built on different ways.

    Attributes:
        replayed: five nights, one by one; `watch` looked on during the last.
        rebuilt: fresh, with everything landed up to LAST, then `nightly --as-of` the last of these nights.
        repeated: a copy of `rebuilt` after the same nightly once more.
    """

    replayed: Settings
    rebuilt: Settings
    repeated: Settings
    watch: Watch


class Reader:
    """A BI tool: one process that keeps the serving file open and asks again and again."""

    SCRIPT = """
import sys, duckdb
safe = {"enable_external_access": "false", "lock_configuration": "true"}
connection = duckdb.connect(sys.argv[1], read_only=True, config=safe)
for _ in sys.stdin:
    print(connection.execute(
        "select max(as_of_date), count(*), sum(monthly_revenue_usd) from marts.account_health"
    ).fetchone(), flush=True)
"""

    def __init__(self, serving: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.SCRIPT, str(serving)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print("?", file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.communicate()


def watched(settings: Settings, work: Callable[[], None]) -> Watch:
    """Does `work` under the eyes of an open reader that keeps asking."""
    watch, reader, over = Watch(), Reader(settings.serving), threading.Event()
    watch.before = reader.ask()

    def keep_asking() -> None:
        while not over.wait(0.1):
            watch.during.add(reader.ask())

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        work()
    finally:
        over.set()
        asking.join()
    watch.after = reader.ask()
    reader.close()
    late = Reader(settings.serving)
    watch.afresh = late.ask()
    late.close()
    return watch


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    base = tmp_path_factory.mktemp("homes")
    exports = base / "exports"
    company(exports)
    replayed, rebuilt, repeated = (home(base / name, exports) for name in ("replayed", "rebuilt", "repeated"))

    for night in NIGHTS[:-1]:
        command(replayed, "nightly", "--as-of", str(night))
    watch = watched(replayed, lambda: command(replayed, "nightly", "--as-of", str(NIGHTS[-1])))
    command(rebuilt, "land")
    command(rebuilt, "nightly", "--as-of", str(NIGHTS[-1]), tested=True)
    shutil.copytree(rebuilt.home, repeated.home)
    command(repeated, "nightly", "--as-of", str(NIGHTS[-1]))
    return Homes(replayed, rebuilt, repeated, watch)


def test_marts_are_not_empty(homes: Homes) -> None:
    with duckdb.connect(str(homes.rebuilt.serving), read_only=True) as connection:
        counts = dict(
            connection.execute(
                "select table_name, rows_count from ops.published_tables where schema_name = 'marts'"
            ).fetchall()
        )
    assert counts["account_health"] > 0
    # Recommendations can be judged only after expansion_minimum_history of them: this company is too young.
    assert [table for table, rows in counts.items() if rows == 0] == ["expansion_backtest"]


def test_five_nights_give_what_one_build_as_of_the_last_gives(homes: Homes) -> None:
    """Also where a later day has landed already: nothing of it shows."""
    assert differences(homes.replayed.serving, homes.rebuilt.serving) == []


def test_histories_of_replayed_nights_are_whole(homes: Homes) -> None:
    """Intervals of a key touch without overlap or gap; the open one says what the mart of today says."""
    with duckdb.connect(str(homes.replayed.serving), read_only=True) as connection:
        histories = [
            table
            for (table,) in connection.execute(
                "select table_name from duckdb_columns() where column_name = 'valid_from_at' and schema_name = 'marts'"
            ).fetchall()
        ]
        assert "account_band_history" in histories
        for table in histories:
            broken = connection.execute(
                f"""
                with versions as (
                    select
                        account_id, valid_from_at, valid_to_at, is_current,
                        lead(valid_from_at) over (partition by account_id order by valid_from_at) as next_from_at
                    from marts.{table}
                )
                select * from versions
                where valid_to_at is distinct from next_from_at
                    or valid_to_at <= valid_from_at
                    or is_current <> (valid_to_at is null)
                """
            ).fetchall()
            assert broken == [], table
        stale = connection.execute(
            """
            select health.account_id from marts.account_health as health
            left join marts.account_band_history as history
                on health.account_id = history.account_id and history.is_current
            where health.health_band is distinct from history.health_band
            """
        ).fetchall()
    assert stale == []


def test_every_account_is_explained_to_the_last_micropoint(homes: Homes) -> None:
    serving = homes.rebuilt.serving
    with duckdb.connect(str(serving), read_only=True) as connection:
        accounts = connection.execute("select account_id, account_name from marts.account_health").fetchall()
    scored = 0
    for account, name in accounts:
        explanation = explain(serving, account, 28)
        micropoints = explanation.health[5]
        total = sum(part[-1] for part in explanation.parts)
        scored += micropoints is not None
        assert micropoints in (None, total)
        text = str(explanation)
        assert text.startswith(f"# {name} on {NIGHTS[-1]}")
        assert f"{total / 1e6:.6f} |" in text
    assert scored > len(accounts) / 2


def test_an_account_that_cannot_be_told_is_an_error(homes: Homes) -> None:
    serving = homes.rebuilt.serving
    with pytest.raises(NotFoundError, match="No account has the id nobody"):
        explain(serving, "nobody at all", 28)
    with pytest.raises(NotFoundError, match=r"\d+ accounts go by a: name one by its id\.\n  "):
        explain(serving, "a", 28)
    with pytest.raises(NotFoundError, match="over 1, 7, 28, 90 days, not 5"):
        explain(serving, _some_account(serving), 5)


def _some_account(serving: Path) -> str:
    with duckdb.connect(str(serving), read_only=True) as connection:
        return str(connection.execute("select min(account_id) from marts.account_health").fetchall()[0][0])


def test_a_full_refresh_keeps_history(homes: Homes, tmp_path: Path) -> None:
    settings = home(tmp_path, Path(homes.replayed.exports))
    shutil.copy(homes.replayed.warehouse, settings.warehouse)
    before = snapshot_rows(settings.warehouse)
    assert all(len(rows) > 0 for rows in before.values())
    refresh = ["build", "--full-refresh", "--select", "util_as_of", "resource_type:snapshot"]
    folders = ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    clock = ["--vars", f"as_of_date: {NIGHTS[-1]}"]
    done = subprocess.run(
        [*DBT, "--quiet", *refresh, *clock, *folders],
        cwd=PROJECT_ROOT,
        env=settings.child_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert snapshot_rows(settings.warehouse) == before


def test_nightly_twice_lands_nothing_and_changes_nothing(homes: Homes) -> None:
    first, second = read_runs(homes.repeated, 2)
    land = second.step("land")
    assert land is not None
    assert land.rows == 0
    assert (first.command, first.as_of_date) == (second.command, second.as_of_date)
    assert differences(homes.rebuilt.serving, homes.repeated.serving) == []


def test_open_reader_neither_waits_nor_blocks_nor_sees_half_a_refresh(homes: Homes) -> None:
    watch = homes.watch
    assert repr(NIGHTS[-2]) in watch.before
    assert watch.during == {watch.before}
    assert watch.after == watch.before
    assert repr(NIGHTS[-1]) in watch.afresh
