"""The life of an invoice up to its payment: drafted, finalised with credits, tax and balance, or voided."""

from __future__ import annotations

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_credits import apply_credits, may_return_credits, return_credits
from pipelines.sample.billing_lines import copied_line
from pipelines.sample.billing_payments import collect, refresh_standing, settle
from pipelines.sample.billing_state import Invoice, Line, Subscription
from pipelines.sample.billing_time import DAY, HOUR

_VOID_SHARE, _VOID_SHARE_AT_EXHAUSTION = 0.05, 0.4
"""The invoice that uses up a grant is the one that most often has to be taken back."""
_REVIEW_DAYS = 1
"""Sent invoices are looked through for a day before they are finalised."""


def open_invoice(
    book: Book,
    subscription: Subscription,
    lines: list[Line],
    reason: str,
    now: int,
    period: tuple[int, int],
    is_urgent: bool = False,
    is_kept: bool = False,
) -> Invoice:
    """Drafts an invoice; a card customer's is finalised in an hour, a sent one after review unless urgent or kept."""
    invoice = Invoice(
        id=book.new_id("in_1"),
        subscription=subscription,
        billing_reason=reason,
        created=now,
        period_start=period[0],
        period_end=period[1],
        lines=lines,
        tax_percent=book.habits.tax_percent,
    )
    book.invoices.append(invoice)
    for line in lines:
        _remember(subscription, invoice, line)
    subscription.latest_invoice = invoice.id
    book.touch("invoices", invoice)
    book.touch("subscriptions", subscription)
    if is_kept:
        return invoice
    day = book.calendar.day_of(now)
    if subscription.collection_method == "send_invoice" and not is_urgent and not _grant_ends(book, now):
        book.at(day + _REVIEW_DAYS, Rank.FINALIZE, lambda _: finalize(book, invoice, now + DAY + 9 * HOUR))
    else:
        finalize(book, invoice, now if is_urgent else now + HOUR)
    return invoice


def _remember(subscription: Subscription, invoice: Invoice, line: Line) -> None:
    if line.price.is_metered or line.invoice_item_id is not None:
        return
    for item in subscription.items:
        if item.id == line.item_id:
            item.invoiced = (invoice.id, line.id)


def _grant_ends(book: Book, now: int) -> bool:
    """True when credits expire before the review of a draft would be over: they must be drawn first."""
    return any(g.balance > 0 and g.expires_at is not None and now <= g.expires_at < now + 2 * DAY for g in book.grants)


def finalize_paused(book: Book, invoice: Invoice, now: int, pause: str) -> None:
    """What becomes of an invoice while collection is paused: given up at once, its balance untouched."""
    _number(book, invoice)
    invoice.finalized_at = now
    invoice.starting_balance = invoice.ending_balance = book.customer.balance
    invoice.payment_id = book.new_id("inpay_1")
    invoice.payment_intent_id = book.new_id("pi_3")
    if pause == "void":
        invoice.status, invoice.voided_at = "void", now
    else:
        invoice.status, invoice.uncollectible_at = "uncollectible", now
    book.touch("invoices", invoice)
    book.touch("invoice_payments", invoice)


def _number(book: Book, invoice: Invoice) -> None:
    invoice.number = f"{book.customer.prefix}-{book.customer.next_invoice:04d}"
    book.customer.next_invoice += 1


def finalize(book: Book, invoice: Invoice, now: int) -> None:
    """Makes a draft final: numbered, paid by credits and balance as far as they go, and then collected."""
    customer = book.customer
    _number(book, invoice)
    apply_credits(book, invoice, now)
    invoice.finalized_at = now
    invoice.starting_balance = customer.balance
    spent = min(-customer.balance, invoice.total) if invoice.total > 0 else invoice.total
    customer.balance += spent
    invoice.ending_balance = customer.balance
    if spent:
        book.touch("customers", customer)
    days = invoice.subscription.days_until_due
    invoice.due_date = now + days * DAY if days is not None else None
    book.touch("invoices", invoice)
    if invoice.amount_due == 0:
        settle(book, invoice, now)
        return
    invoice.status = "open"
    invoice.payment_id = book.new_id("inpay_1")
    invoice.payment_intent_id = book.new_id("pi_3")
    book.touch("invoice_payments", invoice)
    collect(book, invoice, now)
    share = _VOID_SHARE_AT_EXHAUSTION if invoice.credits else _VOID_SHARE
    is_sent = invoice.subscription.collection_method == "send_invoice"
    if is_sent and invoice.billing_reason == "subscription_cycle" and book.chance(share):
        book.at(book.calendar.day_of(now) + 2, Rank.VOID, lambda day: _void_and_reissue(book, invoice, day))


def _void_and_reissue(book: Book, invoice: Invoice, day: int) -> None:
    """Takes a wrong invoice back and sends the same charges again under a new number."""
    now = book.calendar.epoch(day, 10 * HOUR)
    if invoice.status != "open" or invoice.amount_paid or not may_return_credits(book, invoice, now):
        return
    invoice.status = "void"
    invoice.voided_at = now
    return_credits(book, invoice, now)
    customer = book.customer
    if invoice.balance_change:
        customer.balance -= invoice.balance_change
        book.touch("customers", customer)
    book.touch("invoices", invoice)
    book.touch("invoice_payments", invoice)
    refresh_standing(book, invoice.subscription)
    lines = [copied_line(book, line) for line in invoice.lines]
    period = (invoice.period_start, invoice.period_end)
    again = open_invoice(book, invoice.subscription, lines, "manual", now + HOUR, period, is_urgent=True)
    again.metadata["replaces"] = invoice.id
