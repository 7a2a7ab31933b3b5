"""What `account-health explain` prints: where every point of an account's score comes from, as Markdown.

Everything is read from the serving file: the page explains what readers see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.serving.reading import reading

_POINT = 1_000_000
_LISTED = 10

_MATCHES = """
    select account_id, account_name from marts.account_health
    where account_id = $account or contains(lower(account_name), lower($account))
    order by account_id = $account desc, lower(account_name) = lower($account) desc, account_name, account_id
"""
_HEALTH = """
    select
        today.account_name, today.as_of_date, today.health_score_version, today.health_band, today.health_score,
        daily.score_micropoints, today.coverage_ratio, today.override_reason, today.provisional_reason
    from marts.account_health as today
    inner join marts.account_health_daily as daily using (account_id, as_of_date)
    where today.account_id = $account
"""
_PARTS = """
    select
        parts.component, coalesce(drivers.driver, 'Decided by people'), parts.points, parts.weight,
        parts.contribution_micropoints
    from marts.account_health_contributions_daily as parts
    inner join marts.account_health using (account_id, as_of_date)
    left join marts.account_health_drivers as drivers using (account_id, component)
    where account_id = $account
    order by parts.contribution_micropoints desc, parts.component
"""
_UNKNOWN = """
    select driver from marts.account_health_drivers
    where account_id = $account and not is_measured order by component
"""
_CHANGES = """
    select
        component, reason, input_effect_micropoints, coverage_effect_micropoints, configuration_effect_micropoints,
        override_effect_micropoints, change_micropoints, previous_as_of_date, previous_health_score_version
    from marts.account_health_changes
    where account_id = $account and window_days = $days
    order by abs(change_micropoints) desc, component
"""
_VERSIONS = """
    select health_score_version, health_score, health_band, versions.coverage_ratio, is_official
    from marts.account_health_versions_daily as versions
    inner join (select account_id, as_of_date from marts.account_health) as today using (account_id, as_of_date)
    where account_id = $account
    order by is_official desc, health_score_version
"""


class NotFoundError(Exception):
    """No account, several accounts, or no comparison goes by what was asked for. The message says which."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The score of one account taken apart.

    Attributes:
        health: one row of `_HEALTH`.
        parts, unknown, changes, versions: rows of the queries of that name.
        days: how far back the changes look.
    """

    health: tuple[Any, ...]
    parts: list[tuple[Any, ...]]
    unknown: list[tuple[Any, ...]]
    changes: list[tuple[Any, ...]]
    versions: list[tuple[Any, ...]]
    days: int

    def __str__(self) -> str:
        name, day, version, band, score, micropoints, coverage, override, provisional = self.health
        lines = [f"# {_plain(name)} on {day}", ""]
        lines.append(
            f"Score {_score(score)}, band {band}, version {version}; {coverage:.0%} of the weight has a measure."
        )
        lines += [f"Overridden: {_plain(override)}."] if override else []
        lines += [f"Provisional: {_plain(provisional)}."] if provisional else []
        rows = [
            (part, reason, _score(points), str(weight), _points(added))
            for part, reason, points, weight, added in self.parts
        ]
        rows.append(("**sum**", "", "", "", _points(sum(part[-1] for part in self.parts))))
        lines += ["", *_table(("component", "what it is", "points", "weight", "adds"), rows)]
        if micropoints is None:
            lines += ["", "The score is withheld: too little is known, or the subscription has ended."]
        if self.unknown:
            lines += ["", "; ".join(_plain(driver) for (driver,) in self.unknown) + "."]
        return "\n".join([*lines, *self._changes(), *self._versions()]) + "\n"

    def _changes(self) -> list[str]:
        if not self.changes:
            return ["", f"The account was not there {self.days} days before."]
        *_, since, version = self.changes[0]
        totals = [sum(change[number] for change in self.changes) for number in range(2, 7)]
        rows = [
            (change[0], change[1], *(_points(effect) for effect in change[2:7]))
            for change in self.changes
            if any(change[2:7])
        ]
        rows.append(("**sum**", "", *(_points(total) for total in totals)))
        headings = ("component", "now and then", "input", "coverage", "configuration", "override", "change")
        return ["", f"## Since {since} (version {version})", "", *_table(headings, rows)]

    def _versions(self) -> list[str]:
        rows = [
            (f"**{name}**" if is_official else name, _score(score), band, f"{coverage:.0%}")
            for name, score, band, coverage, is_official in self.versions
        ]
        return ["", "## Under every version", "", *_table(("version", "score", "band", "coverage"), rows)]


def explain(serving: Path, account: str, days: int) -> Explanation:
    """Takes the score of an account apart.

    Args:
        serving: the file that readers see.
        account: its id, or a part of its name that no other account has.
        days: against how many days before.

    Raises:
        NotFoundError: nothing or more than one account goes by that name, or scores are not compared over that time.
    """
    with reading(serving) as connection:
        connection.execute("use serving")
        found = _one(connection.execute(_MATCHES, {"account": account}).fetchall(), account)
        windows = connection.execute(
            "select distinct window_days from marts.account_health_changes order by 1"
        ).fetchall()
        if (days,) not in windows:
            listed = ", ".join(str(window) for (window,) in windows)
            raise NotFoundError(f"Scores are compared over {listed} days, not {days}: see health_change_windows_days.")
        health, parts, unknown, versions = (
            connection.execute(query, {"account": found}).fetchall() for query in (_HEALTH, _PARTS, _UNKNOWN, _VERSIONS)
        )
        changes = connection.execute(_CHANGES, {"account": found, "days": days}).fetchall()
    return Explanation(health[0], parts, unknown, changes, versions, days)


def _one(matches: Sequence[tuple[str, str]], account: str) -> str:
    if not matches:
        raise NotFoundError(f"No account has the id {account} or a name that holds it.")
    exact = [found for found, name in matches if account == found or account.lower() == name.lower()]
    if len(exact) == 1 or len(matches) == 1:
        return exact[0] if exact else matches[0][0]
    listed = "".join(f"\n  {found}  {_plain(name)}" for found, name in matches[:_LISTED])
    raise NotFoundError(f"{len(matches)} accounts go by {account}: name one by its id.{listed}")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [[_plain(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(headings))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return [texts[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *texts[1:]]


def _points(micropoints: int) -> str:
    """Exact: all six decimals of a millionth of a point."""
    return f"{micropoints / _POINT:.6f}"


def _score(score: object) -> str:
    return "" if score is None else f"{score:.2f}"


def _plain(value: str) -> str:
    """Text from outside, without control characters and what would end a cell."""
    return "".join(char if char.isprintable() else " " for char in value).replace("|", "/")
