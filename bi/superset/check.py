"""`make bi-test`: imports the assets into a real Superset and compares what its charts say with SQL on the marts.

The home of ACCOUNT_HEALTH_HOME must have a published file; a copy of it is read, so nothing of the home changes. The
picture of the dashboard goes to ACCOUNT_HEALTH_SCREENSHOTS (default `target`). Exit codes: 1 something differs or does
not run, 2 nothing is published.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bi.superset import answers, browsing, server
from bi.superset.assets import Asset, read_assets, write_bundle
from bi.superset.rest import Client, RefusedError, Rows
from pipelines.config import PROJECT_ROOT, Settings

_NEXT_PUBLISH = Path(__file__).with_name("next_publish.sql")
# What a user of Superset could try, and words of the refusal.
_FORBIDDEN = {
    "select * from read_text('/etc/hostname')": "disabled by configuration",
    "attach '/tmp/not-there.duckdb' as other": "disabled by configuration",
    "set enable_external_access = true": "locked",
    "delete from marts.account_health": "",
    "create table marts.mine as select 1 as one": "",
}


class Check:
    """One Superset on one published file. What does not agree is collected."""

    def __init__(self, superset: server.Superset, serving: Path) -> None:
        self._superset, self._serving = superset, serving
        self._client = Client(superset)
        self._charts: dict[str, Asset] = read_assets("charts")
        self.problems: list[str] = []

    def saved_questions(self, when: str) -> dict[str, answers.Cells]:
        """What every chart answers when a program asks."""
        numbers = self._client.charts()
        rows = {name: self._client.rows(numbers[chart["uuid"]]) for name, chart in self._charts.items()}
        return self._compare(f"REST, {when}", rows)

    def browser(self, when: str, picture: Path | None = None) -> None:
        """What every chart answers when somebody opens the dashboard."""
        numbers = self._client.charts()
        slug = read_assets("dashboards")["account_health"]["slug"]
        seen = browsing.look(self._superset, slug, len(self._charts), picture)
        self._compare(
            f"browser, {when}", {name: seen.get(numbers[chart["uuid"]], []) for name, chart in self._charts.items()}
        )

    def import_again(self, bundle: Path) -> None:
        """A second import replaces everything, and doubles nothing."""
        write_bundle(self._serving, bundle, replace=True)
        before = self._client.charts()
        self._client.replace_assets(bundle)
        if self._client.charts() != before:
            self.problems.append("a second import changed which charts there are")

    def sandbox(self) -> None:
        """SQL Lab reads the marts and nothing else."""
        if self._client.sql("select count(*) as n from marts.account_health") == []:
            self.problems.append("SQL Lab does not read the marts")
        for sql, reason in _FORBIDDEN.items():
            try:
                self._client.sql(sql)
            except RefusedError as error:
                if reason not in str(error):
                    self.problems.append(f"SQL Lab refuses {sql!r} for another reason: {error}")
            else:
                self.problems.append(f"SQL Lab runs {sql!r}")
        print(f"SQL Lab: {len(_FORBIDDEN)} forbidden statements tried")

    def publish(self) -> None:
        """Replaces the file under the running server, as a refresh does; every chart tells the new one.

        Asked just before: what a cache keeps is forgotten by an import.
        """
        before = self.saved_questions("imported again")
        following = self._serving.with_name("next.duckdb")
        shutil.copyfile(self._serving, following)
        with duckdb.connect(following) as connection:
            connection.execute(_NEXT_PUBLISH.read_text())
        following.chmod(0o444)
        following.replace(self._serving)
        after = self.saved_questions("after a publish")
        stale = [name for name, cells in after.items() if cells and cells == before[name]]
        if stale:
            self.problems.append(f"the next publish did not change {', '.join(stale)}: no proof that it is read")
        self.browser("after a publish")

    def _compare(self, who: str, rows: dict[str, Rows]) -> dict[str, answers.Cells]:
        told = {}
        for name, chart in self._charts.items():
            columns, wanted = answers.expected(self._serving, name)
            told[name] = answers.received(rows[name], columns)
            ordered = "orderby" in chart["query_context"]["queries"][0]
            wrong = answers.difference(wanted, told[name], ordered)
            if wrong:
                self.problems.append(f"{name} ({who}): {wrong}")
        empty = [name for name, cells in told.items() if not cells]
        print(f"{who}: {len(told)} charts compared" + (f", without rows: {', '.join(empty)}" if empty else ""))
        return told


def check(serving: Path, picture: Path) -> Iterator[str]:
    """Everything that does not agree, in words."""
    with tempfile.TemporaryDirectory(prefix="superset-") as name:
        folder = Path(name)
        copy, bundle = folder / "serving.duckdb", folder / "bundle.zip"
        shutil.copy(serving, copy)
        write_bundle(copy, bundle)
        print("preparing Superset: minutes, the first time")
        with server.running(bundle, folder) as superset:
            one = Check(superset, copy)
            one.saved_questions("as published")
            one.browser("as published", picture)
            one.import_again(bundle)
            one.sandbox()
            one.publish()
    yield from one.problems


def main() -> int:
    """Runs the check; the exit code."""
    serving = Settings.from_env().serving
    if not serving.exists():
        print(f"Nothing is published at {serving}. Run `make demo` first, or set ACCOUNT_HEALTH_HOME.", file=sys.stderr)
        return 2
    picture = Path(os.environ.get("ACCOUNT_HEALTH_SCREENSHOTS") or PROJECT_ROOT / "target") / "superset.png"
    try:
        problems = list(check(serving, picture))
    except (server.SupersetError, RefusedError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"WRONG: {problem}", file=sys.stderr)
    print("Superset says what the marts say." if not problems else f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
