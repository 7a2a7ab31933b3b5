"""The course of a subscription: its start, trial, monthly and yearly rolls."""

from __future__ import annotations

from functools import partial

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_changes import (
    add_item,
    add_use_case,
    finish,
    metered_price,
    month_seconds,
    plan_changes,
    plan_end,
    year_later,
)
from pipelines.sample.billing_contracts import plan_top_up, roll_over
from pipelines.sample.billing_credits import PAID, PAID_PRIORITY, PROMOTIONAL, grant_credits, void_grants
from pipelines.sample.billing_grants import Grant
from pipelines.sample.billing_invoices import open_invoice
from pipelines.sample.billing_lines import first_part_line, licensed_line, trial_line, usage_lines
from pipelines.sample.billing_state import Item, Line, Price, Subscription
from pipelines.sample.billing_time import DAY, HOUR
from pipelines.sample.draws import between
from pipelines.sample.model import Plan
from pipelines.sample.rating import minor_units, round_half_up

_PROMO_PRIORITY = 10


def start_main(book: Book, day: int) -> None:
    """Begins the subscription that holds plan, seats and metered items."""
    account, habits = book.account, book.habits
    now = book.calendar.epoch(day, between(book.rng, 8 * HOUR, 18 * HOUR))
    trial_end = now + habits.trial_days * DAY if habits.trial_days else None
    subscription = new_subscription(book, now, trial_end)
    for price, quantity in _licensed_prices(book, day, now):
        add_item(book, subscription, price, quantity, now)
    pending: list[tuple[int, str]] = []
    for use_case, daily in book.usage.items():
        first = int((daily > 0).argmax())
        if first <= day:
            add_item(book, subscription, metered_price(book, use_case), None, now)
        else:
            pending.append((first, use_case))
    book.touch("customers", book.customer)
    for first, use_case in pending:
        book.at(first, Rank.CHANGE, partial(add_use_case, book, subscription, use_case))
    if habits.promo_cents:
        _promote(book, "Welcome credits", habits.promo_cents, now)
    if habits.goodwill_day is not None:
        book.at(habits.goodwill_day, Rank.CORRECT, partial(_show_goodwill, book))
    if habits.has_mistaken_grant:
        wrong = _promote(book, "Migration credits", 100_000, now + HOUR)
        book.at(day + 1, Rank.CORRECT, lambda on: void_grants(book, book.calendar.epoch(on, 9 * HOUR), wrong))
    plan_changes(book, subscription, day)
    _first_invoice(book, subscription, now)
    if trial_end is not None:
        at_end = trial_end
        book.at(book.calendar.day_of(at_end), Rank.ROLL, lambda _: _end_trial(book, subscription, at_end))
    if account.plan is Plan.ENTERPRISE:
        book.at(book.calendar.year_after(day), Rank.ROLL, partial(_roll_year, book, subscription))
    _plan_rolls(book, subscription, day)
    plan_end(book, subscription)


def _promote(book: Book, name: str, us_cents: int, now: int, kind: str = "grant") -> Grant:
    amount = round_half_up(minor_units(us_cents, book.account.currency))
    expires_at = now + book.habits.promo_days * DAY
    return grant_credits(book, PROMOTIONAL, name, _PROMO_PRIORITY, amount, now, expires_at, kind)


def _show_goodwill(book: Book, day: int) -> None:
    if book.subscriptions[0].is_live:
        _promote(book, "Goodwill credits", 20_000, book.calendar.epoch(day, 14 * HOUR), "adjustment")


def start_second(book: Book, day: int) -> None:
    """Begins a second subscription of the same customer, for premium support alone."""
    if not book.subscriptions[0].is_live:
        return
    now = book.calendar.epoch(day, 12 * HOUR)
    subscription = new_subscription(book, now, None)
    add_item(book, subscription, book.catalog.price("premium_support", book.account.currency), 1, now)
    _first_invoice(book, subscription, now)
    _plan_rolls(book, subscription, day)
    if book.habits.end_day is not None:
        book.at(book.habits.end_day, Rank.END, partial(finish, book, subscription))


def new_subscription(book: Book, now: int, trial_end: int | None) -> Subscription:
    """Opens a subscription without items, billed by calendar months."""
    calendar = book.calendar
    month_end = calendar.epoch(calendar.next_month(calendar.day_of(trial_end or now)))
    subscription = Subscription(
        id=book.new_id("sub_1"),
        items=[],
        status="trialing" if trial_end else "active",
        collection_method="send_invoice" if book.habits.is_invoiced else "charge_automatically",
        days_until_due=book.habits.days_until_due,
        start=now,
        anchor=month_end,
        period_start=now,
        period_end=trial_end or month_end,
        trial_start=now if trial_end else None,
        trial_end=trial_end,
        metadata={"plan": book.account.plan.value},
    )
    book.subscriptions.append(subscription)
    book.touch("subscriptions", subscription)
    return subscription


def _licensed_prices(book: Book, day: int, now: int) -> list[tuple[Price, int]]:
    account, catalog = book.account, book.catalog
    seats = int(account.seats[day]) if account.seats is not None else 1
    if account.plan is Plan.STARTER:
        return [(catalog.price("starter_seat", account.currency), seats)]
    if account.plan is Plan.GROWTH:
        key = "growth_seat_new" if day >= catalog.price_change_day else "growth_seat"
        platform = catalog.price("growth_platform", account.currency)
        return [(platform, 1), (catalog.price(key, account.currency), seats)]
    commit = catalog.commit(book.new_id("price_1"), account.currency, account.commit_cents, now)
    book.touch("prices", commit)
    platform = catalog.price("enterprise_platform", account.currency)
    return [(platform, 1), (commit, 1), (catalog.price("enterprise_seat", account.currency), seats)]


def _first_invoice(book: Book, subscription: Subscription, now: int) -> None:
    licensed = [item for item in subscription.items if not item.price.is_metered]
    if subscription.trial_end is not None:
        lines = [trial_line(book, subscription, item) for item in licensed]
    else:
        lines = _first_lines(book, subscription, licensed, now)
    open_invoice(book, subscription, lines, "subscription_create", now, (now, now), is_urgent=True)


def _first_lines(book: Book, subscription: Subscription, licensed: list[Item], now: int) -> list[Line]:
    """Yearly items in full, with the credits that a commit buys; monthly ones for the rest of the month."""
    lines: list[Line] = []
    whole = month_seconds(book, book.calendar.day_of(now))
    for item in licensed:
        if item.price.interval == "year":
            lines.append(licensed_line(book, subscription, item))
            _grant_commit(book, item)
        else:
            lines.append(first_part_line(book, subscription, item, whole))
    return lines


def _grant_commit(book: Book, item: Item) -> None:
    if item.price.key == "annual_commit":
        year = book.calendar.date_of(book.calendar.day_of(item.period_start)).year
        commits = (grant for grant in book.grants if grant.category == PAID and grant.kind == "grant")
        before = next((grant for grant in commits if grant.expires_at == item.period_start), None)
        name, amount = f"Annual commit {year}", item.price.amount
        commit = grant_credits(book, PAID, name, PAID_PRIORITY, amount, item.period_start, item.period_end)
        if before is None:
            plan_top_up(book, commit)
        else:
            roll_over(book, before, commit)


def _end_trial(book: Book, subscription: Subscription, now: int) -> None:
    """The first paid, partial month; what was used during the trial stays free."""
    if not subscription.is_live:
        return
    day = book.calendar.day_of(now)
    for use_case, daily in book.usage.items():
        book.free_micro[use_case] = int(daily[book.billed_until : day].sum())
    book.billed_until = day
    subscription.status = "active"
    set_period(subscription, now, book.calendar.epoch(book.calendar.next_month(day)))
    licensed = [item for item in subscription.items if not item.price.is_metered]
    lines = _first_lines(book, subscription, licensed, now)
    open_invoice(book, subscription, lines, "subscription_cycle", now, (subscription.start, now))


def set_period(subscription: Subscription, start: int, end: int) -> None:
    """Moves the period of a subscription and of its monthly items."""
    subscription.period_start, subscription.period_end = start, end
    for item in subscription.items:
        if item.price.interval == "month":
            item.period_start, item.period_end = start, end


def _plan_rolls(book: Book, subscription: Subscription, day: int) -> None:
    first = book.calendar.next_month(day)
    while first < book.calendar.days:
        book.at(first, Rank.ROLL, partial(_roll_month, book, subscription))
        first = book.calendar.next_month(first)


def _roll_month(book: Book, subscription: Subscription, day: int) -> None:
    """Bills the month before in arrears and the new one in advance, and moves the period."""
    if not subscription.is_live or subscription.status == "trialing":
        return
    now, calendar = book.calendar.epoch(day), book.calendar
    past = (subscription.period_start, now)
    lines = [*subscription.pending]
    subscription.pending = []
    if subscription is book.subscriptions[0]:
        lines += usage_lines(book, subscription, day, past)
    set_period(subscription, now, calendar.epoch(calendar.next_month(day)))
    monthly = [item for item in subscription.items if item.quantity is not None and item.price.interval == "month"]
    lines += [licensed_line(book, subscription, item) for item in monthly]
    open_invoice(book, subscription, lines, "subscription_cycle", now, past)


def _roll_year(book: Book, subscription: Subscription, day: int) -> None:
    """Renews the yearly items: the old commit's rest expires today, a new one is granted."""
    if not subscription.is_live:
        return
    lines: list[Line] = []
    past = (subscription.start, subscription.start)
    for item in subscription.items:
        if item.price.interval == "year":
            past = (item.period_start, item.period_end)
            item.period_start, item.period_end = item.period_end, year_later(book, item.period_end)
            lines.append(licensed_line(book, subscription, item))
            _grant_commit(book, item)
    open_invoice(book, subscription, lines, "subscription_cycle", past[1], past)
    book.at(book.calendar.year_after(day), Rank.ROLL, partial(_roll_year, book, subscription))
