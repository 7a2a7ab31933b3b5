"""The product's identify and group calls: who people are, which organizations and workspaces there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from pipelines.sample.delivery import DAY_MS
from pipelines.sample.draws import Purpose, between, draw, pick, uuid4
from pipelines.sample.model import SampleAccount, SampleUser, SampleWorkspace
from pipelines.sample.names import TITLES
from pipelines.sample.output import drop_folder, iso_time, json_line, write_gzip
from pipelines.sample.roster import Roster

LIBRARY = {"name": "analytics.js", "version": "2.11.1"}
_LATE_SHARE = 0.01
_NO_GROUP_SHARE = 0.03  # identify calls made before the user chose an organization
_TITLE_CHANGE_SHARE = 0.06


@dataclass(slots=True)
class _Drops:
    """Lines by kind and drop day, with the time of receipt that orders them."""

    lines: dict[tuple[str, int], list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, received: int, line: str) -> None:
        self.lines[kind, received // DAY_MS].append((received, line))


def write_traits(roster: Roster) -> dict[str, int]:
    """Writes all identify and group calls; returns how many of each."""
    world = roster.world
    drops = _Drops()
    by_account: dict[int, list[SampleUser]] = defaultdict(list)
    for user in world.users:
        by_account[user.account_index].append(user)
    teams: dict[int, list[SampleWorkspace]] = defaultdict(list)
    for team in world.workspaces:
        teams[team.account_index].append(team)
    for account in world.accounts:
        if account.is_prospect:
            continue
        people = by_account[account.index]
        rng = draw(world.settings.seed, Purpose.TRAITS, account.index)
        for user in people:
            _identify(roster, drops, account, user, rng)
        _organization(roster, drops, account, people, rng)
        for team in teams[account.index]:
            _workspace(roster, drops, account, team, people, rng)
    written = {"identifies": 0, "groups": 0}
    for kind, day in sorted(drops.lines):
        if day >= world.settings.days:
            continue
        lines = [line for _, line in sorted(drops.lines[kind, day])]
        path = drop_folder(world.settings, "product", day) / f"{kind}-000.jsonl.gz"
        write_gzip(path, ["".join(lines).encode()])
        written[kind] += len(lines)
    return written


def _call(
    roster: Roster,
    drops: _Drops,
    kind: str,
    head: dict[str, object],
    timestamp: int,
    rng: np.random.Generator,
) -> None:
    """Adds one call with its four times; `head` holds what differs by kind."""
    settings = roster.world.settings
    is_late = rng.random() < _LATE_SHARE
    delay = int(rng.exponential(2_000.0)) + (between(rng, 3_600_000, 40 * 3_600_000) if is_late else 0)
    network = 60 + int(rng.exponential(180.0))
    received = timestamp + delay
    record = {
        "messageId": uuid4(rng),
        **head,
        "originalTimestamp": iso_time(settings, timestamp - network),
        "sentAt": iso_time(settings, received - network),
        "receivedAt": iso_time(settings, received),
        "timestamp": iso_time(settings, timestamp),
    }
    drops.add(kind, received, json_line(record))


def _identify(
    roster: Roster, drops: _Drops, account: SampleAccount, user: SampleUser, rng: np.random.Generator
) -> None:
    """On the first sign-in, then every few months, and when the title changes."""
    start = int(roster.user_start[user.index])
    role = "admin" if user.is_champion else pick(rng, ("member", "viewer", "admin"), (0.7, 0.25, 0.05))
    title = user.title
    created = iso_time(roster.world.settings, user.first_day * DAY_MS + start)
    changes = between(rng, user.first_day + 60, user.first_day + 400) if rng.random() < _TITLE_CHANGE_SHARE else -1
    knows_group = rng.random() >= _NO_GROUP_SHARE
    day = user.first_day
    while user.is_identified and day <= user.last_day:
        if 0 <= changes <= day:
            title, changes = pick(rng, [name for name, _ in TITLES if name != user.title]), -1
        context: dict[str, object] = {"library": LIBRARY}
        if knows_group or day > user.first_day:
            context = {"groupId": account.org_id, **context}
        head: dict[str, object] = {
            "type": "identify",
            "userId": user.user_id,
            "anonymousId": user.anonymous_id,
            "context": context,
            "traits": {
                "name": user.name,
                "email": user.email,
                "role": role,
                "title": title,
                "createdAt": created,
            },
        }
        _call(roster, drops, "identifies", head, day * DAY_MS + (start + 500) % DAY_MS, rng)
        day += between(rng, 45, 130)


def _organization(
    roster: Roster, drops: _Drops, account: SampleAccount, people: list[SampleUser], rng: np.random.Generator
) -> None:
    """At sign-up and on each day on which the number of seats changes."""
    seats = account.seats
    if seats is None:
        return
    end = account.churn_day if account.churn_day is not None else roster.world.settings.days
    created = _start_of(roster, people[0], account.signup_day)
    for day in range(account.signup_day, end):
        if day > account.signup_day and seats[day] == seats[day - 1]:
            continue
        traits: dict[str, object] = {
            "group_type": "organization",
            "name": account.name,
            "industry": account.industry,
            "employees": str(account.employees),
            "plan": account.plan.value,
            "seats": int(seats[day]),
            "createdAt": iso_time(roster.world.settings, created),
        }
        if "product_website" in account.identity_links:
            traits["website"] = account.identity_links["product_website"]
        _group(roster, drops, account.org_id or "", traits, _actor(people, day), (day, 2_000), rng)


def _workspace(
    roster: Roster,
    drops: _Drops,
    account: SampleAccount,
    team: SampleWorkspace,
    people: list[SampleUser],
    rng: np.random.Generator,
) -> None:
    own = [user for user in people if user.workspace_index == team.index]
    actor = _actor(own or people, team.first_day)
    traits: dict[str, object] = {
        "group_type": "workspace",
        "name": team.name,
        "organization_id": account.org_id,
        "createdAt": iso_time(roster.world.settings, _start_of(roster, actor, team.first_day)),
    }
    _group(roster, drops, team.workspace_id, traits, actor, (team.first_day, 4_000), rng)


def _group(
    roster: Roster,
    drops: _Drops,
    group_id: str,
    traits: dict[str, object],
    actor: SampleUser,
    when: tuple[int, int],
    rng: np.random.Generator,
) -> None:
    day, after = when
    head: dict[str, object] = {
        "type": "group",
        "userId": actor.user_id,
        "anonymousId": actor.anonymous_id,
        "groupId": group_id,
        "context": {"library": LIBRARY},
        "traits": traits,
    }
    _call(roster, drops, "groups", head, min(_start_of(roster, actor, day) + after, (day + 1) * DAY_MS - 1), rng)


def _actor(people: list[SampleUser], day: int) -> SampleUser:
    """Somebody of the account who is there on the day; its first user when nobody is."""
    return next((user for user in people if user.first_day <= day <= user.last_day), people[0])


def _start_of(roster: Roster, user: SampleUser, day: int) -> int:
    return day * DAY_MS + int(roster.user_start[user.index])
