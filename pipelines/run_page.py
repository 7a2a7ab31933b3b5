"""The page about a run: how it ended and what to do next, as one HTML file without anything from elsewhere.

Each run has its own, and `<runs>/report.html` shows the newest. It holds what the run log and the `ops` tables
hold: names of files, columns, models and tests, counts and times, never a value of a row.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.config import Settings
from pipelines.errors import meaning
from pipelines.runlog import Run, read_runs, replace_text

PAGE = "report.html"
_LISTED_NIGHTS = 14
_DATA_DOCS = Path("data_docs") / "index.html"

_GATE = """
    select system, table_name, expectation, severity, unexpected_count, message, accepted_reason
    from ops.gate_results where run_id = ? and not is_success
    order by case severity when 'critical' then 0 when 'warning' then 1 else 2 end, system, table_name, expectation
"""
# What the build of that night knows; a night that was not built shows nothing rather than an earlier one's feeds.
_FEEDS = """
    select system, cast(as_of_date as varchar) as day, status, reason, is_holding, held_by_date, measured_on_date
    from marts.data_health
    where as_of_date = cast(? as date) and (not is_trusted or is_holding)
    order by system
"""


def newest(settings: Settings) -> Path:
    """The page of the newest run, always at the same place."""
    return settings.runs_dir / PAGE


def write(settings: Settings, run: Run) -> None:
    """Writes the page of `run` into its folder, and as the newest beside the run log.

    Raises:
        OSError: it cannot be written.
    """
    folder = settings.runs_dir / run.run_id
    folder.mkdir(parents=True, exist_ok=True)
    replace_text(folder / PAGE, render(settings, run, root="../", folder=""))
    replace_text(newest(settings), render(settings, run, root="", folder=f"{run.run_id}/"))


def render(settings: Settings, run: Run, root: str, folder: str) -> str:
    """The page as text.

    Args:
        settings: whose run.
        run: what is shown.
        root: way from the page to the folder of all runs, for links.
        folder: way from the page to the folder of this run.
    """
    environment = Environment(
        loader=PackageLoader("pipelines"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["count"] = lambda value: "" if value is None else f"{value:,}"
    facts = {step.name: step.facts for step in run.steps}
    log = "dbt.log"
    return environment.get_template("run.html").render(
        run=run,
        meaning=meaning(run.exit_code),
        command=run.command.removeprefix("account-health "),
        seconds=sum(step.seconds for step in run.steps),
        landed={name: fact for name, fact in facts.get("land", {}).items() if isinstance(fact, dict)},
        late=[source for source in facts.get("freshness", {}).get("sources", []) if _is_late(source)],
        build=facts.get("build") or {},
        tables=facts.get("publish", {}).get("tables") or {},
        leftovers=facts.get("publish", {}).get("leftovers") or [],
        gate=_ask(settings, _GATE, run.run_id),
        feeds=_ask(settings, _FEEDS, run.as_of_date),
        nights=_nights(settings, run),
        data_docs=f"{root}{_DATA_DOCS.as_posix()}" if (settings.runs_dir / _DATA_DOCS).exists() else None,
        briefing=_briefing(settings, root, run),
        log=f"{folder}{log}" if (settings.runs_dir / run.run_id / log).exists() else None,
        root=root,
        page=PAGE,
    )


def _briefing(settings: Settings, root: str, run: Run) -> str | None:
    """Way to the briefing that this run wrote, as long as it is kept."""
    step = run.step("briefing")
    page = settings.briefings_dir / f"{run.as_of_date}.html"
    return f"{root}../{page.parent.name}/{page.name}" if step and step.facts and page.exists() else None


def _nights(settings: Settings, run: Run) -> list[Run]:
    """The newest refreshes up to this one, newest first."""
    runs = [one for one in read_runs(settings, 4 * _LISTED_NIGHTS) if one.run_id != run.run_id]
    return [one for one in reversed([*runs, run]) if one.as_of_date][:_LISTED_NIGHTS]


def _is_late(source: dict[str, Any]) -> bool:
    return source["days_behind"] is None or source["days_behind"] > 1


def _ask(settings: Settings, query: str, value: object) -> list[dict[str, Any]]:
    """Rows of the warehouse as they are now; none where it cannot be read or has no such table yet."""
    with contextlib.suppress(duckdb.Error), duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        result = connection.execute(query, [value])
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return []
