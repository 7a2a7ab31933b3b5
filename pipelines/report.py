"""What people read after a refresh, and what `status` shows.

Everything about accounts comes from the serving file: the report shows what readers see.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.freshness import SourceAge
from pipelines.lock import Holder
from pipelines.nightly import Refresh
from pipelines.runlog import Run, Step, plural, shorten
from pipelines.serving.reading import reading

_LISTED = 5
_LONGEST_WARNING = 160

_IN_TROUBLE = """
    select account_name, owner_name, health_score, health_band, monthly_revenue_usd, worst_driver
    from serving.marts.account_health
    where health_band in ('at_risk', 'watch')
    order by
        case health_band when 'at_risk' then 0 else 1 end, monthly_revenue_usd desc nulls last, account_id
    limit $limit
"""
_BAND_CHANGES = """
    select
        account_name, previous_health_band, health_band, monthly_revenue_usd,
        case when health_band = 'healthy' then best_driver else worst_driver end
    from serving.marts.account_health
    where previous_health_band is not null and previous_health_band <> health_band
    order by monthly_revenue_usd desc nulls last, account_id
"""
_SEGMENT_CHANGES = """
    select
        today.account_name, yesterday.segment, today.segment, health.monthly_revenue_usd, today.segment_reason
    from serving.marts.account_segments as today
    inner join serving.marts.account_segments_daily as yesterday
        on today.account_id = yesterday.account_id and yesterday.as_of_date = today.as_of_date - 1
    left join serving.marts.account_health as health on today.account_id = health.account_id
    where yesterday.segment <> today.segment
    order by health.monthly_revenue_usd desc nulls last, today.account_id
"""
_QUERY_TO_PASTE = """\
{python} -c "
import duckdb
safe = {{'enable_external_access': 'false', 'lock_configuration': 'true'}}
duckdb.connect({path!r}, read_only=True, config=safe).sql('''
    select account_name, health_band, health_score, monthly_revenue_usd, worst_driver
    from marts.account_health order by health_score nulls last limit 20
''').show()"
"""


def print_refresh(refresh: Refresh, page: Path, console: Console) -> None:
    """The summary of a refresh: what landed, what the tests said, who is in trouble, what changed."""
    published = refresh.published
    console.print()
    console.print(Text(f"Account health as of {published.as_of}", style="bold"))
    for result in refresh.landed:
        if result.error:
            _line(console, "failed", f"{result.system}: {shorten(result.error)}", "red")
        else:
            _line(console, "landed", f"{result.system}: {plural(result.files, 'file')}, {plural(result.rows, 'row')}")
        _warnings(console, result.warnings)
    for age in refresh.sources:
        if age.is_late:
            _line(console, "late", str(age), "yellow")
    build = refresh.run.step("build")
    _line(console, "built", build.summary if build else refresh.built.summary)
    _warnings(console, refresh.built.test_warnings)
    for leftover in published.leftovers:
        _line(console, "leftover", f"{leftover} is made by no model any more and was not published", "yellow")
    _line(
        console,
        "published",
        f"{len(published.tables)} tables, {published.rows:,} rows, {published.bytes / 1e6:.1f} MB: {published.path}",
    )
    _line(console, "report", str(page))
    if refresh.briefing is not None:
        _line(console, "briefing", str(refresh.briefing))
    try:
        _print_accounts(published.path, console)
    except duckdb.Error as error:
        _line(console, "warning", f"no account report: {str(error).splitlines()[0]}", "yellow")
    console.print("\nRead it (open it read-only, like this, in BI tools too):")
    query = _QUERY_TO_PASTE.format(python=shlex.quote(sys.executable), path=str(published.path))
    console.print(Text(query), soft_wrap=True)


def _print_accounts(serving: Path, console: Console) -> None:
    with reading(serving) as connection:
        trouble = connection.execute(_IN_TROUBLE, {"limit": _LISTED}).fetchall()
        bands = connection.execute(_BAND_CHANGES).fetchall()
        segments = connection.execute(_SEGMENT_CHANGES).fetchall()
    _print_rows(
        console,
        "In trouble, by revenue",
        ("account", "owner", "score", "band", "$ a month", "why"),
        trouble,
        "No account is at risk.",
    )
    for what, rows in (("Health bands", bands), ("Segments", segments)):
        _print_rows(
            console,
            f"{what} that changed overnight: {len(rows)}",
            ("account", "from", "to", "$ a month", "why"),
            rows[:_LISTED],
            "",
        )


def print_status(runs: Sequence[Run], sources: Sequence[SourceAge], holder: Holder | None, console: Console) -> None:
    """The last runs and the age of each source."""
    if holder is not None:
        console.print(Text(f"Running now: {holder}", style="bold"))
    if not runs:
        console.print("No run yet. Start with `account-health demo` or `account-health nightly`.")
    else:
        table = _table("Last runs", ("started (UTC)", "command", "as of", "status", "exit", "seconds", "steps"))
        for run in runs:
            seconds = sum(step.seconds for step in run.steps)
            table.add_row(
                _cell(run.started_at[:19].replace("T", " ")),
                _cell(run.command.removeprefix("account-health ")),
                _cell(run.as_of_date),
                Text(run.status, style=_STATUS_STYLES.get(run.status, "red")),
                *(_cell(value) for value in (run.exit_code, f"{seconds:.1f}", _steps(run.steps))),
            )
        console.print(table)
        last = runs[-1]
        if last.message:
            console.print(Text(f"Last run: {last.message}", style="red"), soft_wrap=True)
    if sources:
        table = _table("Sources", ("system", "newest drop", "days behind", "rows", "last landed (UTC)"))
        for age in sources:
            table.add_row(
                _cell(age.system),
                Text(age.newest_drop_date or "never", style="yellow" if age.is_late else ""),
                _cell(age.days_behind),
                _cell(age.rows),
                _cell(age.last_landed_at),
            )
        console.print(table)


_STATUS_STYLES = {"ok": "green", "running": "yellow", "degraded": "yellow"}


def _steps(steps: Sequence[Step]) -> str:
    return ", ".join(step.name if step.status == "ok" else f"{step.name} {step.status}" for step in steps)


def _print_rows(
    console: Console, title: str, headings: tuple[str, ...], rows: Sequence[tuple[Any, ...]], empty: str
) -> None:
    console.print()
    if not rows:
        console.print(Text(empty or title))
        return
    table = _table(title, headings)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in _NUMERIC else "left", overflow="fold", no_wrap=heading in _WHOLE
        )
    return table


_WHOLE = ("started (UTC)", "as of", "newest drop", "last landed (UTC)")
_NUMERIC = ("score", "$ a month", "days behind", "rows", "seconds", "exit")


def _cell(value: Any) -> Text:
    """Names come from outside: shown as plain text, without markup and control characters."""
    if value is None:
        return Text("-")
    if isinstance(value, (Decimal, float)):
        return Text(f"{value:,.1f}" if abs(float(value)) < 100 else f"{value:,.0f}")
    if isinstance(value, int):
        return Text(f"{value:,}")
    if isinstance(value, date | datetime):
        return Text(value.isoformat())
    return Text("".join(char if char.isprintable() else " " for char in str(value)))


def _warnings(console: Console, warnings: Sequence[object]) -> None:
    for warning in warnings[:_LISTED]:
        _line(console, "warning", shorten(str(warning), _LONGEST_WARNING), "yellow")
    if len(warnings) > _LISTED:
        _line(console, "warning", f"and {len(warnings) - _LISTED} more: see the run log", "yellow")


def _line(console: Console, label: str, text: str, style: str = "") -> None:
    console.print(Text(f"{label:<11}{text}", style=style), soft_wrap=True)
