"""Asks what is published and lays it out as the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from pipelines.briefing import headline, lists, renewals
from pipelines.briefing.asking import Reader, Rows, asking
from pipelines.briefing.page import Page, Table
from pipelines.briefing.seen import Seen, follow, new_from, read_before
from pipelines.words import count, moment

_WEEK = 7
_ALL = 1_000_000  # rows, of lists from which the new ones are taken
# Lists without a history in the marts: their query, the column of their key, how they are drawn and ordered.
_TRACKED: dict[str, tuple[str, str, Callable[[Rows, Mapping[str, bool], str], Table], str]] = {
    "running_out": ("credits_running_out", "credit_grant_id", lists.running_out, "commits, by overage"),
    "wasting": ("credits_wasting", "credit_grant_id", lists.wasting, "commits, by what expires unused"),
    "expansion": ("expansion", "key", lists.expansion, "opportunities, by expected revenue"),
    "disagreements": ("disagreements", "key", lists.disagreements, "disagreements, by revenue"),
}


def lay_out(serving: Path, folder: Path) -> tuple[Page, Seen]:
    """The page of what is published, and what it leaves for the next.

    Args:
        serving: the published file.
        folder: where earlier briefings left what they showed.

    Raises:
        duckdb.Error: nothing is published, or by an older version.
    """
    with asking(serving) as reader:
        [publish] = reader.ask("publish")
        [run_id] = reader.connection.execute("select run_id from ops.publishes").fetchall()[0]
        as_of: date = publish["as_of_date"]
        states = headline.states(reader.ask("bands"))
        before = read_before(folder, as_of)
        rows = {name: reader.ask(query, row_limit=_ALL) for name, (query, *_) in _TRACKED.items()}
        rows["running_out"].sort(key=lambda row: -(row["p50_overage_usd"] or 0))
        seen = follow(before, as_of, {name: [row[_TRACKED[name][1]] for row in found] for name, found in rows.items()})
        new = {name: _new(name, found, before, seen) for name, found in rows.items()}
        due = reader.ask("renewals")
        page = Page(
            title="What changed for our customers",
            subtitle=f"As of {as_of}, against the day and the week before. Money is in US dollars.",
            day=as_of.isoformat(),
            notices=headline.notices(reader.ask("feeds"), publish),
            tiles=headline.tiles(states),
            bars=headline.bars(states),
            tables=(
                headline.band_table(states, as_of),
                *_moves(reader, as_of),
                lists.signals(reader.ask("signals", window_days=_WEEK, row_limit=lists.LISTED), _WEEK),
                new["running_out"],
                new["wasting"],
                renewals.due(due, as_of),
                renewals.at_risk(due, lists.LISTED),
                new["expansion"],
                new["disagreements"],
            ),
            run_page=f"../runs/{run_id}/report.html",
            footer=(
                f"Published {moment(publish['published_at'])} by run {run_id}.",
                "Every number is a column of a published mart, or a sum of one; the dashboard has the whole lists. A"
                " night that is computed anew, because late data came, may correct them.",
            ),
        )
    return page, seen


def _moves(reader: Reader, as_of: date) -> tuple[Table, ...]:
    bands = [
        lists.band_moves(reader.ask("book_changes", window_days=days, row_limit=lists.LISTED), days, as_of)
        for days in (1, _WEEK)
    ]
    scores = [
        lists.score_moves(
            reader.ask("score_moves", window_days=_WEEK, direction=direction, row_limit=lists.LISTED_MOVES), word, _WEEK
        )
        for word, direction in (("falls", -1), ("rises", 1))
    ]
    return (*bands, *scores)


def _new(name: str, rows: Rows, before: Seen | None, seen: Seen) -> Table:
    """Those that are new within the week, the last night's first; all where there is nothing to tell them by."""
    _, key, draw, what = _TRACKED[name]
    since = seen.lists[name]
    if before is None or name not in before.lists:
        shown = rows[: lists.LISTED]
        caption = (
            f"{len(shown)} of {count(len(rows))} {what}. The first briefing: which of them are new, the next will tell."
        )
        return draw(shown, dict.fromkeys(since, False), caption if rows else "")
    start = new_from(before, seen.day, _WEEK)
    is_new = {one: when is not None and when > before.day for one, when in since.items()}
    fresh = [row for row in rows if (when := since[row[key]]) is not None and when > start]
    fresh.sort(key=lambda row: not is_new[row[key]])
    shown = fresh[: lists.LISTED]
    if not fresh:
        return draw(shown, is_new, f"None of {count(len(rows))} is new since {start}" if rows else "")
    whole = f"{count(len(fresh))} that are new since {start}, of {count(len(rows))}"
    return draw(shown, is_new, f"{len(shown)} of {whole} {what}; last night's first")
