"""CRM tasks and events: calls, mails and meetings with customers, as often as the account is cared for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from pipelines.sample.crm_accounts import Ownership
from pipelines.sample.crm_contacts import Contact
from pipelines.sample.crm_opportunities import Opportunity
from pipelines.sample.crm_records import (
    CrmLog,
    Value,
    account_reference,
    iso_day,
    office_second,
    reference,
    stamp,
)
from pipelines.sample.draws import Purpose, between, draw, pick
from pipelines.sample.model import Plan, SampleAccount, SampleSettings, Story

_GAP_DAYS = {Plan.STARTER: 60.0, Plan.GROWTH: 22.0, Plan.ENTERPRISE: 9.0}
_THINNING_SHARE = {Story.CHURN: 0.5, Story.QUIET_DYING: 0.7, Story.DORMANT: 0.5, Story.CONTRACT: 0.25}
_SUBJECTS = {
    "Call": (
        "Check-in call", "Call", "Onboarding: first steps", "Intro to new\nowner", "Réunion de suivi",
        "Call: seats, limits, pricing", "Feedback, roadmap & next steps",
    ),
    "Email": (
        "Email: follow-up on last week's call", 'Re: "ingestion" quota, limits, pricing', "打ち合わせのお礼",
        "Email: résumé of workshop", "Invoice question", "Re: Re: connectors; see thread",
    ),
    "Other": ("Send usage report", "Prep for renewal", "Reminder: send slides", 'Update "health" notes'),
}  # fmt: skip
_MEETINGS = ("Quarterly business review", "Kick-off", "Training: first dashboards", "Demo", "Sync, weekly")


def write_activities(
    account: SampleAccount,
    created: int,
    ownership: Ownership,
    contacts: Sequence[Contact],
    opportunities: Sequence[Opportunity],
    log: CrmLog,
) -> list[int]:
    """Notes the touches of one account; returns the days of those that took place, in order."""
    rng = draw(log.settings.seed, Purpose.CRM_ACTIVITY, account.index)
    touched: list[int | None] = []
    for day in _touch_days(account, created, rng, log.settings):
        is_meeting = bool(rng.random() < 0.24)
        ahead = between(rng, 1, 14 if is_meeting else 10) if is_meeting or rng.random() < 0.35 else 0
        made = max(day - ahead, created)
        with_whom = [contact for contact in contacts if contact.day <= made]
        about = [deal for deal in opportunities if deal.day <= made <= deal.close_day]
        who = reference(pick(rng, with_whom).contact_id, rng) if with_whom and rng.random() < 0.9 else None
        what = reference(pick(rng, about).opportunity_id, rng) if about and rng.random() < 0.5 else None
        row: dict[str, Value] = {
            "AccountId": account_reference(account, made, rng),
            "WhoId": who,
            "WhatId": what,
            "OwnerId": log.world.staff[ownership.at(made)].crm_user_id,
            "IsDeleted": False,
        }
        touched.append((_meeting if is_meeting else _task)(row, made, day, rng, log))
    return sorted(day for day in touched if day is not None and day < log.settings.days)


def _on_workday(day: int, start: date) -> int:
    """What falls on a weekend is done on Monday."""
    weekday = (start + timedelta(days=day)).weekday()
    return day + 7 - weekday if weekday >= 5 else day


def _touch_days(account: SampleAccount, created: int, rng: np.random.Generator, settings: SampleSettings) -> list[int]:
    """The days of contact: a gap that grows and shrinks with the plan, the phase of life and the story."""
    days, start = settings.days, settings.start
    care = float(np.exp(rng.normal(0.0, 0.35)))
    thins = bool(rng.random() < _THINNING_SHARE.get(account.story, 0.0))
    since = account.onset_day - between(rng, 0, 20) if thins and account.onset_day is not None else None
    if since is not None:
        account.facts["touches_thin_out_day"] = since
    end = days if account.churn_day is None else account.churn_day
    touches = []
    day = float(created)
    while day < days:
        gap = _GAP_DAYS[account.plan] * care
        if account.is_prospect:
            gap = 12.0 if day < created + 90 else 80.0
        elif day < account.signup_day + 45:
            gap *= 0.5
        elif since is not None and day >= since:
            gap *= 6.0
        elif account.story is Story.SICK_BUT_STAYS and account.onset_day is not None and day > account.onset_day + 10:
            gap *= 0.6
        if day >= end:
            gap = 60.0
        day += max(1.0, float(rng.gamma(2.5, gap / 2.5)))
        workday = _on_workday(int(day), start)
        if workday < days and (day < end or rng.random() < 0.4):
            touches.append(workday)
    return touches


def _task(row: dict[str, Value], made: int, due: int, rng: np.random.Generator, log: CrmLog) -> int | None:
    """A call, mail or to-do: logged when done, or planned before and done, late or never."""
    kind = pick(rng, ("Call", "Email", "Other"), (0.4, 0.42, 0.18))
    is_planned, never_done = made < due, bool(rng.random() < 0.06)
    second, done_second = between(rng, 8 * 3600, 9 * 3600), between(rng, 9 * 3600 + 60, 18 * 3600)
    row |= {
        "Id": log.new_id("Task"),
        "Subject": pick(rng, _SUBJECTS[kind]),
        "Type": kind,
        "TaskSubtype": "Task" if kind == "Other" else kind,
        "Status": "Not Started",
        "Priority": pick(rng, ("Normal", "High", "Low"), (0.85, 0.1, 0.05)),
        "ActivityDate": iso_day(log.settings, due),
        "IsClosed": False,
        "CreatedDate": stamp(log.settings, made, second),
    }
    if is_planned or never_done:
        log.add("Task", made, second, row)
    if never_done:
        return None
    done = due + (between(rng, 1, 6) if is_planned and rng.random() < 0.25 else 0)
    row |= {
        "Status": "Completed",
        "IsClosed": True,
        "CompletedDateTime": stamp(log.settings, done, done_second),
        "CallDurationInSeconds": between(rng, 40, 2700) if kind == "Call" else None,
    }
    log.add("Task", done, done_second, row)
    if rng.random() < 0.01:
        log.add("Task", done + between(rng, 1, 30), office_second(rng), {**row, "IsDeleted": True})
    return done


def _meeting(row: dict[str, Value], made: int, day: int, rng: np.random.Generator, log: CrmLog) -> int | None:
    """A meeting, put into the calendar some days before and now and then called off."""
    hour, minutes = between(rng, 8, 17), pick(rng, (30, 45, 60, 90))
    second = between(rng, 6 * 3600, 7 * 3600)
    row |= {
        "Id": log.new_id("Event"),
        "Subject": pick(rng, _MEETINGS),
        "Type": pick(rng, ("Meeting", "QBR", "Training", "Call"), (0.6, 0.15, 0.1, 0.15)),
        "EventSubtype": "Event",
        "StartDateTime": stamp(log.settings, day, hour * 3600),
        "EndDateTime": stamp(log.settings, day, hour * 3600 + minutes * 60),
        "CreatedDate": stamp(log.settings, made, second),
    }
    log.add("Event", made, second, row)
    if rng.random() < 0.03:
        log.add("Event", day, second + 3600, {**row, "IsDeleted": True})
        return None
    return day
