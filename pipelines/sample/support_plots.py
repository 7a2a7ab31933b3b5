"""Plans the tickets of an account: when, by whom, about what, and which are merged into another."""

from __future__ import annotations

import numpy as np

from pipelines.sample.billing_time import HOUR, Calendar
from pipelines.sample.draws import between, pick
from pipelines.sample.model import SampleAccount
from pipelines.sample.support_directory import Directory
from pipelines.sample.support_plan import (
    MERGE_SHARE,
    daily_rate,
    draw_moves,
    draw_priority,
    in_order,
    mood_of,
)
from pipelines.sample.support_state import Move, Plot, Step
from pipelines.sample.support_texts import CHANNELS, TOPICS, TYPES


def draw_plots(
    account: SampleAccount,
    directory: Directory,
    agents: list[tuple[int, int]],
    calendar: Calendar,
    rng: np.random.Generator,
) -> list[Plot]:
    """All tickets of an account within the window, in the order of creation days."""
    if account.is_prospect:
        return []
    plots: list[Plot] = []
    numbers = rng.poisson(daily_rate(account, calendar))
    for day in np.flatnonzero(numbers):
        for _ in range(int(numbers[day])):
            plots.extend(_plot(account, int(day), directory, agents, calendar, rng))
    return plots


def _plot(
    account: SampleAccount,
    day: int,
    directory: Directory,
    agents: list[tuple[int, int]],
    calendar: Calendar,
    rng: np.random.Generator,
) -> list[Plot]:
    """One ticket, and sometimes its twin that is merged into it."""
    requester = directory.requester(account, day, rng)
    if requester is None:
        return []
    mood = mood_of(account, day)
    created = calendar.epoch(day, between(rng, 7 * HOUR, 20 * HOUR))
    priority = draw_priority(mood, rng)
    area = pick(rng, tuple(TOPICS))
    subject, description = pick(rng, TOPICS[area])
    present = [agent for agent, last in agents if day < last]
    ticket = Plot(
        account_index=account.index,
        requester=requester,
        organization_id=requester.organization_id,
        created=created,
        subject=subject,
        description=description,
        type=pick(rng, TYPES, (0.5, 0.25, 0.1, 0.05, 0.1)),
        priority=priority,
        channel="email" if requester.is_mailbox else pick(rng, CHANNELS, (0.55, 0.3, 0.05, 0.1)),
        tags=(area,),
        moves=draw_moves(created, priority, mood, present, rng),
    )
    is_doubled = bool(rng.random() < MERGE_SHARE)
    later, merged = between(rng, 10 * 60, 2 * HOUR), between(rng, 20 * 60, 6 * HOUR)
    if not is_doubled:
        return [ticket]
    again = created + later
    moves = [
        Move(again, Step.CREATE),
        Move(again + merged // 2, Step.ASSIGN, pick(rng, present)),
        Move(again + merged, Step.MERGE),
    ]
    twin = Plot(
        account_index=account.index,
        requester=requester,
        organization_id=ticket.organization_id,
        created=again,
        subject=f"Re: {subject}",
        description=description,
        type=ticket.type,
        priority=None,
        channel="email",
        tags=(area,),
        moves=in_order(moves, again, None),
    )
    return [ticket, twin]
