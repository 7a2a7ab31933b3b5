"""CRM opportunities with their history: first sales, renewals of yearly contracts, upsells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.sample.crm_accounts import Ownership
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
from pipelines.sample.model import Plan, SampleAccount, Story
from pipelines.sample.stories import LEAVING, TERM_DAYS

_STAGES: tuple[tuple[str, int, str, str], ...] = (  # stage, probability, forecast category, its name in history
    ("Prospecting", 10, "Pipeline", "Pipeline"),
    ("Qualification", 20, "Pipeline", "Pipeline"),
    ("Proposal", 50, "Best Case", "BestCase"),
    ("Negotiation", 75, "Commit", "Forecast"),
)
_WON, _LOST = ("Closed Won", 100, "Closed", "Closed"), ("Closed Lost", 0, "Omitted", "Omitted")
_SOURCES = ("Inbound", "Outbound", "Partner Referral", "Event", "Web")
_STEPS = ("Send quote", "Security review", 'Call "the CFO", then legal', "Waiting for PO", "Demo for team\nbook room")
_RENEWAL_NOTICE_DAYS = 90
_PLATFORM_USD = 12_000.0  # yearly platform fee of enterprise contracts


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A written opportunity, for activities to hang on."""

    opportunity_id: str
    day: int
    close_day: int


@dataclass(frozen=True, slots=True)
class _Deal:
    kind: str
    opened: int
    close: int
    is_won: bool
    amount: float
    first_amount: float
    never_closes: bool = False


def write_opportunities(account: SampleAccount, created: int, ownership: Ownership, log: CrmLog) -> list[Opportunity]:
    """Notes the opportunities of one account with every step."""
    rng = draw(log.settings.seed, Purpose.CRM_OPPORTUNITY, account.index)
    written = []
    for deal in _deals(account, created, rng, log):
        if deal.opened < log.settings.days:
            written.append(_write(account, deal, ownership, rng, log))
    return written


def _yearly(account: SampleAccount, log: CrmLog) -> float:
    """What the account is worth in a year at sign-up, in dollars, as sales would quote it."""
    if account.plan is Plan.ENTERPRISE and not account.is_prospect:
        commit = account.facts.get("commit_usd")
        return _PLATFORM_USD + (commit if isinstance(commit, float) else 0.0)
    seats = 5 if account.seats is None or account.is_prospect else int(account.seats[account.signup_day])
    fee, seat = (5_988.0, 540.0) if account.plan is Plan.GROWTH else (0.0, 240.0)
    credits = float(log.world.base_credits[account.index]) * 290.0
    return round((fee + seat * seats + credits) / 100.0) * 100.0 if not account.is_prospect else 18_000.0


def _deals(account: SampleAccount, created: int, rng: np.random.Generator, log: CrmLog) -> list[_Deal]:
    yearly = _yearly(account, log)
    optimism = float(rng.uniform(0.8, 1.4))
    signup, onset = account.signup_day, account.onset_day
    if account.is_prospect:
        close = created + between(rng, 40, 150)
        lost = bool(rng.random() < 0.6)
        amount = round(yearly * optimism * 4 / 500.0) * 500.0
        return [_Deal("New", created + between(rng, 0, 15), close, False, amount, amount, never_closes=not lost)]
    deals = []
    if account.plan is not Plan.STARTER or rng.random() < 0.5:
        opened = min(created + between(rng, 0, 6), signup)
        deals.append(_Deal("New", opened, signup, True, yearly, round(yearly * optimism / 100) * 100.0))
    if account.plan is Plan.ENTERPRISE:
        deals.append(_renewal(account, yearly, rng))
    upsell = round(yearly * float(rng.uniform(0.25, 0.6)) / 100.0) * 100.0
    if account.story is Story.EXPAND_USE_CASE and onset is not None:
        deals.append(_Deal("Upsell", max(signup, onset - between(rng, 15, 40)), onset, True, upsell, upsell))
    elif account.story in (Story.GROW_FAST, Story.COMMIT_FAST, Story.ANGRY_HEALTHY):
        opened = signup + between(rng, 90, 160)
        deals.append(_Deal("Upsell", opened, opened + between(rng, 15, 60), bool(rng.random() < 0.75), upsell, upsell))
    elif rng.random() < 0.15:
        opened = signup + between(rng, 60, 200)
        close = opened + between(rng, 20, 80)
        if account.churn_day is None or close < account.churn_day:
            deals.append(_Deal("Upsell", opened, close, bool(rng.random() < 0.3), upsell, upsell))
    return deals


def _renewal(account: SampleAccount, yearly: float, rng: np.random.Generator) -> _Deal:
    end = account.signup_day + TERM_DAYS
    change = {
        Story.CONTRACT: 0.6,
        Story.COMMIT_SLOW: 0.5,
        Story.QUIET_DYING: 0.5,
        Story.DORMANT: 0.3,
        Story.SICK_BUT_STAYS: 0.85,
        Story.COMMIT_FAST: 1.5,
        Story.GROW_FAST: 1.8,
        Story.EXPAND_USE_CASE: 1.4,
    }.get(account.story, 1.05)
    lost = account.story in LEAVING
    slip = between(rng, 1, 12) if not lost and rng.random() < 0.2 else -between(rng, 0, 14)
    amount = yearly if lost else round(yearly * change / 100.0) * 100.0
    return _Deal("Renewal", end - _RENEWAL_NOTICE_DAYS, end + slip, not lost, amount, yearly)


def _write(
    account: SampleAccount, deal: _Deal, ownership: Ownership, rng: np.random.Generator, log: CrmLog
) -> Opportunity:
    opportunity_id = log.new_id("Opportunity")
    owner = log.world.staff[ownership.at(deal.opened)].crm_user_id
    label = {"New": "New business", "Renewal": "Renewal", "Upsell": "Expansion"}[deal.kind]
    opened_second = between(rng, 8 * 3600, 10 * 3600)
    row: dict[str, Value] = {
        "Id": opportunity_id,
        "AccountId": account_reference(account, deal.opened, rng),
        "Name": f"{account.name} - {label}",
        "Type": deal.kind,
        "LeadSource": pick(rng, _SOURCES) if deal.kind == "New" else None,
        "OwnerId": owner,
        "IsDeleted": False,
        "CreatedDate": stamp(log.settings, deal.opened, opened_second),
    }
    before: dict[str, Value] = {}
    for number, (day, stage, amount, close) in enumerate(_steps(deal, rng)):
        name, probability, category, short = stage
        is_closed = name.startswith("Closed")
        row |= {
            "StageName": name,
            "Amount": amount,
            "Probability": probability,
            "ExpectedRevenue": amount * probability / 100.0,
            "ForecastCategoryName": category,
            "CloseDate": iso_day(log.settings, close),
            "IsWon": name == "Closed Won",
            "IsClosed": is_closed,
            "NextStep": None if is_closed or rng.random() < 0.4 else pick(rng, _STEPS),
            "LastActivityDate": iso_day(log.settings, day) if number else None,
        }
        second = opened_second + number * 1_200 if day == deal.opened else office_second(rng)
        log.add("Opportunity", day, second, row)
        history: dict[str, Value] = {
            "Id": log.new_id("OpportunityHistory"),
            "OpportunityId": reference(opportunity_id, rng),
            "StageName": name,
            "Amount": amount,
            "PrevAmount": before.get("Amount"),
            "CloseDate": row["CloseDate"],
            "PrevCloseDate": before.get("CloseDate"),
            "Probability": probability,
            "ExpectedRevenue": row["ExpectedRevenue"],
            "ForecastCategory": short,
            "CreatedById": owner,
            "IsDeleted": False,
            "CreatedDate": stamp(log.settings, day, second),
        }
        log.add("OpportunityHistory", day, second, history)
        before = {"Amount": amount, "CloseDate": row["CloseDate"]}
    if rng.random() < 0.015 and deal.kind != "Renewal":
        log.add("Opportunity", deal.close + between(rng, 5, 40), office_second(rng), {**row, "IsDeleted": True})
    return Opportunity(opportunity_id, deal.opened, deal.close)


_Stage = tuple[str, int, str, str]


def _steps(deal: _Deal, rng: np.random.Generator) -> list[tuple[int, _Stage, float, int]]:
    """Day, stage, amount and planned closing day of each version, strictly one after the other by day."""
    span = max(deal.close - deal.opened, 0)
    planned = deal.opened + max(1, round(span * float(rng.uniform(0.6, 0.95)))) if rng.random() < 0.4 else deal.close
    steps: list[tuple[int, _Stage, float, int]] = []
    reached = len(_STAGES) if deal.is_won or deal.never_closes else between(rng, 1, len(_STAGES))
    for number, stage in enumerate(_STAGES[:reached]):
        day = deal.opened + (span * number) // (len(_STAGES) + 1)
        if steps and day <= steps[-1][0]:
            continue
        amount = deal.first_amount if number < 2 else deal.amount
        steps.append((day, stage, amount, planned))
    if planned < deal.close and steps and planned > steps[-1][0]:  # the date has passed: it slips
        steps.append((planned, steps[-1][1], steps[-1][2], deal.close))
    if not deal.never_closes:
        steps.append((deal.close, _WON if deal.is_won else _LOST, deal.amount, deal.close))
    return steps
