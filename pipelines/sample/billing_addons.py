"""An add-on beside the plan of some customers: a licence by tiers or packages, with all that happens to subscriptions.

It grows, is changed for another in the middle of a month, is paused, has a coupon and ends. All of it is drawn from
streams of its own, so that everything else of the company stays as it would be without.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_catalog import ADD_ONS
from pipelines.sample.billing_changes import add_item, finish, month_seconds
from pipelines.sample.billing_cycle import new_subscription, set_period
from pipelines.sample.billing_invoices import finalize, finalize_paused, open_invoice
from pipelines.sample.billing_lines import change_lines, first_part_line, licensed_line
from pipelines.sample.billing_state import Invoice, Price, Subscription
from pipelines.sample.billing_time import HOUR
from pipelines.sample.draws import between, pick

_SHARE, _SHORTEST_DAYS = 0.15, 90
_BEHAVIORS = ("keep_as_draft", "mark_uncollectible", "void")


@dataclass(slots=True)
class AddOn:
    """What is planted; days as day numbers."""

    key: str
    quantity: int
    start_day: int
    grow_day: int
    grown_quantity: int
    switch_day: int
    switched_key: str
    pause_day: int | None  # the first of a month
    resume_day: int | None
    pause_behavior: str | None
    coupon_percent: int
    coupon_until_day: int


def plan_add_on(book: Book) -> None:
    """Draws whether a customer has one, and puts its life on the agenda."""
    with book.apart():
        first = book.account.signup_day + 15
        last = min(book.habits.end_day or book.calendar.days, book.calendar.days)
        if not book.chance(_SHARE) or last - first < _SHORTEST_DAYS:
            return
        plan = _draw(book, first, last)
        subscription_of: list[Subscription] = []
        book.at(plan.start_day, Rank.START, lambda day: subscription_of.append(_start(book, plan, day)))
        book.at(plan.grow_day, Rank.CHANGE, lambda day: _change(book, subscription_of[0], day, plan.grown_quantity))
        book.at(plan.switch_day, Rank.CHANGE, lambda day: _switch(book, subscription_of[0], day, plan))
        if plan.pause_day is not None and plan.resume_day is not None:
            book.at(plan.pause_day, Rank.CHANGE, lambda day: _pause(book, subscription_of[0], plan, day))
            book.at(plan.resume_day, Rank.CHANGE, lambda day: _resume(book, subscription_of[0], day))
        if book.habits.end_day is not None:
            book.at(book.habits.end_day, Rank.END, lambda day: finish(book, subscription_of[0], day))
        roll = book.calendar.next_month(plan.start_day)
        while roll < book.calendar.days:
            book.at(roll, Rank.ROLL, lambda day: _roll(book, subscription_of[0], plan, day))
            roll = book.calendar.next_month(roll)
        dated = {name: value for name, value in asdict(plan).items() if not name.endswith("_day")}
        days = {name.removesuffix("_day"): value for name, value in asdict(plan).items() if name.endswith("_day")}
        book.addon = dated | {
            f"{name}_date": book.calendar.date_of(day).isoformat() if day is not None else None
            for name, day in days.items()
        }


def _draw(book: Book, first: int, last: int) -> AddOn:
    """Every date in the order of a life: start, growth, pause, another plan."""
    rng, calendar = book.rng, book.calendar
    start = between(rng, first, first + 20)
    grow = start + between(rng, 3, 25)
    key, other = pick(rng, ADD_ONS), pick(rng, ADD_ONS)
    pause = calendar.next_month(grow)
    resume = calendar.next_month(pause) + between(rng, 4, 24)
    is_paused = bool(rng.random() < 0.5)
    quantity = between(rng, 1, 40)
    return AddOn(
        key=key,
        quantity=quantity,
        start_day=start,
        grow_day=grow,
        grown_quantity=quantity + between(rng, 1, 25),
        switch_day=min(last - 2, resume + between(rng, 2, 40)),
        switched_key=other if other != key else ADD_ONS[(ADD_ONS.index(key) + 1) % len(ADD_ONS)],
        pause_day=pause if is_paused else None,
        resume_day=resume if is_paused else None,
        pause_behavior=pick(rng, _BEHAVIORS) if is_paused else None,
        coupon_percent=pick(rng, (0, 0, 10, 25)),
        coupon_until_day=start + between(rng, 40, 100),
    )


def _price(book: Book, key: str) -> Price:
    return book.catalog.price(key, book.account.currency)


def _start(book: Book, plan: AddOn, day: int) -> Subscription:
    now = book.calendar.epoch(day, 10 * HOUR)
    subscription = new_subscription(book, now, None)
    if plan.coupon_percent:
        subscription.discount_id = book.new_id("di_1")
    item = add_item(book, subscription, _price(book, plan.key), plan.quantity, now)
    lines = [first_part_line(book, subscription, item, month_seconds(book, day))]
    open_invoice(book, subscription, lines, "subscription_create", now, (now, now), is_urgent=True)
    return subscription


def _change(book: Book, subscription: Subscription, day: int, quantity: int, price: Price | None = None) -> None:
    """Another quantity, or another price, from now on: the difference waits for the next invoice."""
    if not subscription.is_live:
        return
    item, now = subscription.items[0], book.calendar.epoch(day, 15 * HOUR)
    if day != book.calendar.day_of(item.period_end):
        whole = month_seconds(book, day)
        subscription.pending += change_lines(book, subscription, item, now, whole, quantity, price)
    item.quantity, item.price = quantity, price or item.price
    book.touch("subscriptions", subscription)


def _switch(book: Book, subscription: Subscription, day: int, plan: AddOn) -> None:
    _change(book, subscription, day, plan.grown_quantity, _price(book, plan.switched_key))


def _pause(book: Book, subscription: Subscription, plan: AddOn, day: int) -> None:
    if subscription.is_live and plan.resume_day is not None:
        subscription.pause = plan.pause_behavior
        subscription.resumes_at = book.calendar.epoch(plan.resume_day)
        book.touch("subscriptions", subscription)


def _resume(book: Book, subscription: Subscription, day: int) -> None:
    """Collection goes on; what was kept as a draft is asked for now."""
    subscription.pause = subscription.resumes_at = None
    book.touch("subscriptions", subscription)
    for invoice in book.invoices:
        if invoice.subscription is subscription and invoice.status == "draft" and "kept" in invoice.metadata:
            finalize(book, invoice, book.calendar.epoch(day, 9 * HOUR))


def _roll(book: Book, subscription: Subscription, plan: AddOn, day: int) -> None:
    """Bills the next month in advance, with what waited; a coupon lowers it, prorations are never discounted."""
    if not subscription.is_live:
        return
    now, past = book.calendar.epoch(day), (subscription.period_start, book.calendar.epoch(day))
    lines, subscription.pending = [*subscription.pending], []
    set_period(subscription, now, book.calendar.epoch(book.calendar.next_month(day)))
    line = licensed_line(book, subscription, subscription.items[0])
    if subscription.discount_id and day < plan.coupon_until_day:
        line.discount = subscription.discount_id, line.amount * plan.coupon_percent // 100
    elif subscription.discount_id:
        subscription.discount_id = None
    lines.append(line)
    invoice = open_invoice(
        book, subscription, lines, "subscription_cycle", now, past, is_kept=subscription.pause is not None
    )
    if subscription.pause is not None:
        _keep(book, subscription.pause, invoice, now)


def _keep(book: Book, pause: str, invoice: Invoice, now: int) -> None:
    if pause == "keep_as_draft":
        invoice.metadata["kept"] = "until collection resumes"
    else:
        finalize_paused(book, invoice, now + HOUR, pause)
