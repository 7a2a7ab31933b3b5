"""What happens to a subscription between its rolls: seats, use cases, notice given or taken back, the end."""

from __future__ import annotations

from functools import partial

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_credits import void_grants
from pipelines.sample.billing_habits import Ending
from pipelines.sample.billing_invoices import open_invoice
from pipelines.sample.billing_lines import change_lines, usage_lines
from pipelines.sample.billing_payments import refresh_standing
from pipelines.sample.billing_state import Item, Price, Subscription
from pipelines.sample.billing_time import DAY, HOUR
from pipelines.sample.model import Plan


def metered_price(book: Book, use_case: str) -> Price:
    """The metered price of a use case: negotiated for enterprise, tiered for the others."""
    return book.catalog.metered(use_case, book.account.currency, book.account.plan is Plan.ENTERPRISE)


def add_item(book: Book, subscription: Subscription, price: Price, quantity: int | None, now: int) -> Item:
    """Adds an item in the current period; a yearly one starts a period of its own."""
    end = subscription.period_end
    if price.interval == "year":
        end = year_later(book, now)
    item = Item(
        id=book.new_id("si_", 14),
        price=price,
        quantity=quantity,
        created=now,
        period_start=now if price.interval == "year" else subscription.period_start,
        period_end=end,
        hides_period=price.is_metered and book.habits.hides_item_end,
    )
    subscription.items.append(item)
    return item


def year_later(book: Book, now: int) -> int:
    """The same time of day one year later."""
    day = book.calendar.day_of(now)
    return book.calendar.epoch(book.calendar.year_after(day)) + now % DAY


def month_seconds(book: Book, day: int) -> int:
    """The length of the month that holds `day`."""
    return (book.calendar.next_month(day) - book.calendar.month_start(day)) * DAY


def add_use_case(book: Book, subscription: Subscription, use_case: str, day: int) -> None:
    """Adds the metered item on the day of the first usage."""
    if subscription.is_live:
        add_item(book, subscription, metered_price(book, use_case), None, book.calendar.epoch(day))
        book.touch("subscriptions", subscription)


def plan_changes(book: Book, subscription: Subscription, start: int) -> None:
    """Puts every change of the licensed seats on the agenda."""
    seats, end = book.account.seats, book.account.churn_day
    if seats is None:
        return
    for day in range(start + 1, min(end if end is not None else book.calendar.days, book.calendar.days)):
        if seats[day] != seats[day - 1] and seats[day] > 0:
            quantity = int(seats[day])
            book.at(day, Rank.CHANGE, partial(_set_seats, book, subscription, quantity))


def _set_seats(book: Book, subscription: Subscription, quantity: int, day: int) -> None:
    """Changes the seats; within a period that is paid for, the difference waits for the next invoice."""
    for item in subscription.items:
        if not subscription.is_live or not item.price.key.endswith(("_seat", "_seat_new")):
            continue
        now = book.calendar.epoch(day, 15 * HOUR)
        is_paid_for = subscription.status != "trialing" and day != book.calendar.day_of(item.period_end)
        if is_paid_for and item.price.amount:
            whole = month_seconds(book, day)
            subscription.pending += change_lines(book, subscription, item, now, whole, quantity)
        item.quantity = quantity
        book.touch("subscriptions", subscription)


def plan_end(book: Book, subscription: Subscription) -> None:
    """Puts notice and end on the agenda, or a notice that is taken back."""
    habits = book.habits
    if habits.reconsiders is not None:
        asked, taken_back = habits.reconsiders
        book.at(asked, Rank.ASK, partial(_ask_for_end, book, subscription, None))
        book.at(taken_back, Rank.ASK, lambda on: _take_back(book, subscription))
    if habits.end_day is None:
        return
    if habits.ending in (Ending.PERIOD_END, Ending.CANCEL_AT) and habits.cancel_asked_day is not None:
        end = habits.end_day
        book.at(habits.cancel_asked_day, Rank.ASK, partial(_ask_for_end, book, subscription, end))
    book.at(habits.end_day, Rank.END, partial(finish, book, subscription))


def _ask_for_end(book: Book, subscription: Subscription, end: int | None, day: int) -> None:
    subscription.canceled_at = book.calendar.epoch(day, 17 * HOUR)
    subscription.cancel_reason = "cancellation_requested"
    subscription.cancel_feedback = book.habits.feedback
    if end is None or book.habits.ending is Ending.PERIOD_END:
        subscription.cancel_at_period_end = True
        subscription.cancel_at = subscription.period_end
    else:
        subscription.cancel_at = _end_time(book, end)
    book.touch("subscriptions", subscription)


def _take_back(book: Book, subscription: Subscription) -> None:
    if subscription.is_live:
        subscription.cancel_at_period_end = False
        subscription.cancel_at = subscription.canceled_at = None
        subscription.cancel_reason = subscription.cancel_feedback = None
        book.touch("subscriptions", subscription)


def _end_time(book: Book, day: int) -> int:
    """A yearly contract ends at the time of day at which it began, a monthly one at midnight or at 18:00."""
    if book.account.plan is Plan.ENTERPRISE:
        return book.calendar.epoch(day) + book.subscriptions[0].start % DAY
    return book.calendar.epoch(day, 0 if book.habits.ending is Ending.PERIOD_END else 18 * HOUR)


def finish(book: Book, subscription: Subscription, day: int) -> None:
    """Ends the subscription: what is still open of usage and prorations goes on a last invoice."""
    if not subscription.is_live:
        return
    habits, now = book.habits, _end_time(book, day)
    lines = [*subscription.pending]
    subscription.pending = []
    if subscription is book.subscriptions[0]:
        lines += usage_lines(book, subscription, day, (subscription.period_start, now))
    subscription.status = "canceled"
    subscription.ended_at = now
    subscription.canceled_at = subscription.canceled_at or now
    is_unpaid = habits.ending is Ending.PAYMENT_FAILED
    subscription.cancel_reason = "payment_failed" if is_unpaid else "cancellation_requested"
    subscription.cancel_feedback = habits.feedback
    book.touch("subscriptions", subscription)
    if lines:
        past = (subscription.period_start, now)
        open_invoice(book, subscription, lines, "subscription_update", now, past, is_urgent=True)
    refresh_standing(book, subscription)
    if subscription is not book.subscriptions[0]:
        return
    if habits.is_voiding_grants:
        book.at(day, Rank.EXPIRE, lambda _: void_grants(book, now + 1))
    if habits.deleted_days_after_end is not None:
        book.at(day + habits.deleted_days_after_end, Rank.DELETE, partial(_delete, book))


def _delete(book: Book, day: int) -> None:
    """Deletes the customer once nothing is owed any more; tried again every ten days."""
    if any(invoice.status in ("draft", "open") for invoice in book.invoices):
        book.at(day + 10, Rank.DELETE, partial(_delete, book))
        return
    book.customer.is_deleted = True
    book.touch("customers", book.customer)
