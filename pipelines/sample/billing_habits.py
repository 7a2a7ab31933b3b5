"""How a customer pays and leaves: drawn once for an account, from its plan and its story."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.sample.billing_time import Calendar
from pipelines.sample.draws import between, pick
from pipelines.sample.model import Plan, SampleAccount, Story

_EURO_TAX_PERCENT = 20


class Ending(StrEnum):
    """The way a subscription comes to its end."""

    PERIOD_END = "cancel_at_period_end"  # asked for, then ends on the first of a month
    CANCEL_AT = "cancel_at"  # a date agreed on
    AT_ONCE = "immediate"
    PAYMENT_FAILED = "payment_failed"


@dataclass(slots=True)
class Habits:
    """Days are day numbers; shares are probabilities an invoice."""

    is_invoiced: bool  # send_invoice instead of a card
    trial_days: int
    tax_percent: int
    fail_share: float
    late_share: float
    trouble_from: int | None  # since then payments fail or come late much more often
    card_dies_day: int | None  # no charge succeeds from here on
    ending: Ending | None
    cancel_asked_day: int | None
    end_day: int | None
    reconsiders: tuple[int, int] | None  # asks for the end on the first day, takes it back on the second
    feedback: str | None
    is_voiding_grants: bool  # left-over credits are voided when the contract ends early
    promo_cents: int
    promo_days: int
    goodwill_day: int | None  # credits given to keep a customer in trouble
    has_mistaken_grant: bool  # a grant that is voided the day after
    second_start_day: int | None  # a second subscription, for premium support
    hides_item_end: bool
    deleted_days_after_end: int | None
    complains: bool  # gets more credit notes than others

    @property
    def days_until_due(self) -> int | None:
        return 30 if self.is_invoiced else None


def draw_habits(account: SampleAccount, calendar: Calendar, rng: np.random.Generator) -> Habits:
    """Draws the habits; the order of draws is fixed, so that one habit does not move another."""
    dice = rng.random(14)
    is_enterprise = account.plan is Plan.ENTERPRISE
    signup, days = account.signup_day, calendar.days
    is_invoiced = is_enterprise or (account.plan is Plan.GROWTH and bool(dice[0] < 0.15))
    ending, asked, end_day = _ending(account, calendar, is_invoiced, rng)
    has_trial = account.plan is Plan.STARTER and bool(dice[1] < 0.45) and signup + 30 < days
    reconsiders: tuple[int, int] | None = None
    may_reconsider = account.story is Story.SICK_BUT_STAYS or bool(dice[2] < 0.02)
    if ending is None and may_reconsider and account.onset_day is not None:
        first = account.onset_day + between(rng, 5, 15)
        if calendar.next_month(first) - first < 4:
            first += 5
        reconsiders = (first, calendar.next_month(first) - 2)
    is_promoted = bool(dice[3] < 0.3)
    second = between(rng, signup + 20, signup + 90)
    has_second = account.plan is not Plan.STARTER and bool(dice[4] < 0.06) and second < min(end_day or days, days)
    trouble: int | None = None
    is_wooed = account.story in (Story.CHURN, Story.CONTRACT, Story.SICK_BUT_STAYS) and bool(dice[13] < 0.4)
    if account.story is Story.SICK_BUT_STAYS or (account.story is Story.CHURN and bool(dice[5] < 0.35)):
        trouble = account.onset_day
    return Habits(
        is_invoiced=is_invoiced,
        trial_days=14 if has_trial else 0,
        tax_percent=_EURO_TAX_PERCENT if account.currency == "eur" and dice[6] < 0.4 else 0,
        fail_share=0.03 + 0.04 * float(dice[7]),
        late_share=0.6 if dice[8] < 0.12 else 0.06,
        trouble_from=trouble,
        card_dies_day=calendar.month_start(end_day - 16) if end_day and ending is Ending.PAYMENT_FAILED else None,
        ending=ending,
        cancel_asked_day=asked,
        end_day=end_day,
        reconsiders=reconsiders,
        feedback=_feedback(account, rng) if ending in (Ending.PERIOD_END, Ending.CANCEL_AT, Ending.AT_ONCE) else None,
        is_voiding_grants=bool(dice[9] < 0.5),
        promo_cents=int(pick(rng, (5_000, 10_000, 25_000, 50_000))) if is_promoted else 0,
        promo_days=int(pick(rng, (30, 60, 90, 180))),
        goodwill_day=account.onset_day + between(rng, 10, 40) if is_wooed and account.onset_day else None,
        has_mistaken_grant=bool(dice[12] < 0.03),
        second_start_day=second if has_second else None,
        hides_item_end=bool(dice[10] < 0.02),
        deleted_days_after_end=between(rng, 30, 75) if ending is not None and dice[11] < 0.25 else None,
        complains=account.story is Story.ANGRY_HEALTHY,
    )


def _ending(
    account: SampleAccount, calendar: Calendar, is_invoiced: bool, rng: np.random.Generator
) -> tuple[Ending | None, int | None, int | None]:
    """The way out, the day it is asked for and the day it takes effect; a day may lie after the window."""
    churn = account.churn_day
    if churn is None:
        return None, None, None
    earliest = account.signup_day + 1
    if account.plan is Plan.ENTERPRISE:
        return Ending.CANCEL_AT, max(earliest, churn - between(rng, 20, 60)), churn
    kinds = (Ending.PERIOD_END, Ending.CANCEL_AT, Ending.AT_ONCE, Ending.PAYMENT_FAILED)
    kind = pick(rng, kinds, (0.5, 0.15, 0.2, 0.0 if is_invoiced else 0.15))
    if account.story is Story.CHURN_SILENT and kind is Ending.CANCEL_AT:
        kind = Ending.AT_ONCE
    if kind is Ending.PERIOD_END:
        first = calendar.month_start(churn)
        end = churn if first == churn else calendar.next_month(churn)
        opened = calendar.month_start(end - 1)
        return kind, max(earliest, opened, min(churn, end - 1) - between(rng, 0, 12)), end
    if kind is Ending.CANCEL_AT:
        return kind, max(earliest, churn - between(rng, 8, 30)), churn
    return kind, churn, churn


def _feedback(account: SampleAccount, rng: np.random.Generator) -> str | None:
    if account.story is Story.CHURN_SILENT:
        return pick(rng, ("switched_service", "too_expensive", None))
    options = (
        "unused",
        "missing_features",
        "too_complex",
        "switched_service",
        "customer_service",
        "too_expensive",
    )
    return pick(rng, (*options, None))
