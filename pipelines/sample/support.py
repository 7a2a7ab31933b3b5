"""Writes the sample company's Zendesk exports: one folder a drop day, one NDJSON file a stream.

A ticket, its metrics and its rating are exported again on each day on which they change, with their state at the end
of that day. Support works around the clock, so business minutes equal calendar minutes.
"""

from __future__ import annotations

from itertools import count

import numpy as np

from pipelines.sample.billing_files import DropFiles
from pipelines.sample.billing_time import Calendar
from pipelines.sample.model import World
from pipelines.sample.support_directory import Directory, write_agents, write_organizations
from pipelines.sample.support_plots import draw_plots
from pipelines.sample.support_shapes import ESCALATION_GROUP_ID, GROUP_ID, metrics_object, rating_object, ticket_object
from pipelines.sample.support_state import UNSOLVED, Plot, Step, Ticket
from pipelines.sample.support_ticket import Replay

_TICKETS = 202
_FIRST_TICKET = 10_001
_FIRST_EVENT, _FIRST_RATING = 500_000_000_001, 600_000_000_001


def write_support(world: World) -> dict[int, dict[str, object]]:
    """Writes `<exports>/zendesk` and returns planted facts by account index."""
    settings = world.settings
    calendar = Calendar(settings.start, settings.days)
    files = DropFiles(settings.exports / "zendesk", calendar, "ndjson")
    directory = Directory(world, calendar)
    agents = write_agents(world, calendar, files)
    write_organizations(world, calendar, files)
    plots: list[Plot] = []
    for account in world.accounts:
        rng = np.random.default_rng([settings.seed, _TICKETS, account.index])
        plots.extend(draw_plots(account, directory, agents, calendar, rng))
    plots.sort(key=lambda plot: (plot.created, plot.account_index))
    directory.write_users(plots, files)
    return _write_tickets(world, plots, calendar, files)


def _write_tickets(
    world: World, plots: list[Plot], calendar: Calendar, files: DropFiles
) -> dict[int, dict[str, object]]:
    """Numbers the tickets by creation, replays them and counts what happened."""
    first_day, last_second = calendar.epoch(0) // 86_400, calendar.epoch(calendar.days) - 1
    events, ratings = count(_FIRST_EVENT), count(_FIRST_RATING)
    seen: dict[int, list[Ticket]] = {account.index: [] for account in world.accounts if not account.is_prospect}
    for number, plot in enumerate(plots):
        plot.ticket_id = _FIRST_TICKET + number
        group = ESCALATION_GROUP_ID if plot.priority == "urgent" else GROUP_ID
        replay = Replay(plot, group, events.__next__, ratings.__next__)
        for epoch_day, ticket, is_rated in replay.days(last_second):
            day = epoch_day - first_day
            files.add("tickets", day, ticket_object(ticket))
            files.add("ticket_metrics", day, metrics_object(ticket))
            for event in replay.events:
                files.add("ticket_metric_events", day, event)
            if is_rated and ticket.rating is not None:
                files.add("satisfaction_ratings", day, rating_object(ticket, ticket.rating))
        seen[plot.account_index].append(replay.ticket)
    files.flush()
    return {index: _truth(tickets, last_second) for index, tickets in seen.items()}


def _truth(tickets: list[Ticket], last_second: int) -> dict[str, object]:
    """What the exports hold of an account, by the end of the window."""
    scores = [ticket.rating.score for ticket in tickets if ticket.rating is not None]
    turned = 0
    for ticket in tickets:
        given = [m.value for m in ticket.plot.moves if m.step is Step.RATE and m.at <= last_second]
        turned += given == ["good", "bad"]
    return {
        "zendesk_tickets": len(tickets),
        "zendesk_tickets_without_organization": sum(1 for t in tickets if t.plot.organization_id is None),
        "zendesk_urgent_tickets": sum(1 for t in tickets if t.priority == "urgent"),
        "zendesk_merged_tickets": sum(1 for t in tickets if "closed_by_merge" in t.tags),
        "zendesk_deleted_tickets": sum(1 for t in tickets if t.status == "deleted"),
        "zendesk_open_tickets": sum(1 for t in tickets if t.status in UNSOLVED),
        "zendesk_reopens": sum(t.reopens for t in tickets),
        "zendesk_good_ratings": scores.count("good"),
        "zendesk_bad_ratings": scores.count("bad"),
        "zendesk_ratings_turned_bad": turned,
    }
