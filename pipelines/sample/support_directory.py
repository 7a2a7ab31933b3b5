"""Who is known to support: agents, organizations and the end users who write."""

from __future__ import annotations

import numpy as np

from pipelines.sample.billing_files import DropFiles
from pipelines.sample.billing_time import HOUR, Calendar
from pipelines.sample.draws import between, pick
from pipelines.sample.model import SampleAccount, SampleUser, World
from pipelines.sample.names import FREE_MAIL
from pipelines.sample.support_shapes import agent_object, organization_object, user_object
from pipelines.sample.support_state import Plot, Requester
from pipelines.sample.support_texts import TIME_ZONES

_AGENTS, _ORGANIZATIONS, _USERS = 203, 204, 205
_USER_ID, _MAILBOX_ID = 380_000_000_000, 390_000_000_000
_BEFORE = 200 * 86_400


def write_agents(world: World, calendar: Calendar, files: DropFiles) -> list[tuple[int, int]]:
    """Exports the agents on the first day; returns each one's id and last day. One in eight leaves and is deleted."""
    rng = np.random.default_rng([world.settings.seed, _AGENTS])
    support = [person for person in world.staff if person.role == "support"]
    created = calendar.epoch(0) - _BEFORE
    agents: list[tuple[int, int]] = []
    for place, person in enumerate(support):
        role = "admin" if place == 0 else "agent"
        leaves = place % 8 == 1 and calendar.days > 40
        last = between(rng, calendar.days // 3, calendar.days - 10) if leaves else calendar.days
        row = (person.zendesk_user_id, person.name, person.email, role, created)
        files.add("users", 0, agent_object(*row, calendar.epoch(0), True))
        if leaves:
            files.add("users", last, agent_object(*row, calendar.epoch(last, 17 * HOUR), False))
        agents.append((person.zendesk_user_id, last))
    return agents


def write_organizations(world: World, calendar: Calendar, files: DropFiles) -> None:
    """Exports organizations when they are set up; a few of those that left are deleted later."""
    for account in world.accounts:
        if account.zendesk_organization_id is None:
            continue
        rng = np.random.default_rng([world.settings.seed, _ORGANIZATIONS, account.index])
        links = account.identity_links
        external_id = links.get("zendesk_external_id")
        domain = links.get("zendesk_domain")
        created = calendar.epoch(account.signup_day, between(rng, 9 * HOUR, 17 * HOUR))
        delay, is_late, is_deleted = between(rng, 5, 40), bool(rng.random() < 0.2), bool(rng.random() < 0.25)
        row = (account.zendesk_organization_id, account.name)
        first_id = None if is_late else external_id
        domains = [domain] if domain else []
        plan = account.plan.value
        files.add(
            "organizations",
            account.signup_day,
            organization_object(*row, first_id, domains, plan, created, created, None),
        )
        if is_late and external_id:
            day = account.signup_day + delay
            now = calendar.epoch(day, 12 * HOUR)
            shape = organization_object(*row, external_id, domains, plan, created, now, None)
            files.add("organizations", day, shape)
        if is_deleted and account.churn_day is not None:
            day = account.churn_day + 45
            now = calendar.epoch(day, 12 * HOUR)
            shape = organization_object(*row, external_id, domains, plan, created, now, now)
            files.add("organizations", day, shape)


class Directory:
    """Finds who may write on a day; an end user is exported on the day of the first ticket."""

    def __init__(self, world: World, calendar: Calendar) -> None:
        self._calendar = calendar
        self._seed = world.settings.seed
        self._people: dict[int, list[SampleUser]] = {}
        for user in world.users:
            self._people.setdefault(user.account_index, []).append(user)
        self._known: dict[int, Requester] = {}
        self._mailboxes = 0

    def requester(self, account: SampleAccount, day: int, rng: np.random.Generator) -> Requester | None:
        """A user who is there on that day; some write from a private address that nobody knows."""
        draw = float(rng.random())
        present = [user for user in self._people.get(account.index, []) if user.first_day <= day <= user.last_day]
        if not present:
            return None
        user = pick(rng, present)
        if draw < 0.04:
            return self._mailbox(user, rng)
        known = self._known.get(user.index)
        if known is None:
            known = self._known[user.index] = self._register(account, user)
        return known

    def _register(self, account: SampleAccount, user: SampleUser) -> Requester:
        rng = np.random.default_rng([self._seed, _USERS, user.index])
        has_free_mail = user.email.rsplit("@", 1)[-1] in FREE_MAIL
        is_routed = not has_free_mail or bool(rng.random() < 0.3)
        has_left = user.last_day < self._calendar.days - 10 and bool(rng.random() < 0.3)
        return Requester(
            id=_USER_ID + user.index * 37,
            external_id=user.user_id if rng.random() < 0.4 else None,
            organization_id=account.zendesk_organization_id if is_routed else None,
            name=user.name,
            email=user.email,
            time_zone=pick(rng, TIME_ZONES),
            is_mailbox=False,
            left_day=user.last_day + 5 if has_left else None,
        )

    def _mailbox(self, user: SampleUser, rng: np.random.Generator) -> Requester:
        self._mailboxes += 1
        local = user.email.split("@", 1)[0]
        return Requester(
            id=_MAILBOX_ID + self._mailboxes * 41,
            external_id=None,
            organization_id=None,
            name=user.name,
            email=f"{local}{between(rng, 10, 99)}@{pick(rng, FREE_MAIL)}",
            time_zone="Etc/UTC",
            is_mailbox=True,
        )

    def write_users(self, plots: list[Plot], files: DropFiles) -> None:
        """Exports each requester on the day of the first ticket, and those that are deleted once more."""
        calendar = self._calendar
        written: dict[int, int] = {}
        for plot in plots:
            user = plot.requester
            if user.id not in written:
                user.created = plot.created
                login = None if user.is_mailbox else plot.created - 300
                files.add("users", calendar.day_of(plot.created), user_object(user, plot.created, login))
            written[user.id] = plot.created
        gone = {plot.requester.id: plot.requester for plot in plots if plot.requester.left_day is not None}
        for key, user in gone.items():
            day = max(user.left_day or 0, calendar.day_of(written[key]) + 3)
            now = calendar.epoch(day, 10 * HOUR)
            files.add("users", day, user_object(user, now, written[key], is_active=False))
