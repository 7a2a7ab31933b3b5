"""How an invoice is paid: card attempts and retries, transfers on time or late, write-offs, refunds."""

from __future__ import annotations

from decimal import Decimal

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_disputes import open_dispute, plan_dispute
from pipelines.sample.billing_invoice_shapes import EMBEDDED_LINES
from pipelines.sample.billing_payment_shapes import FAILURE_CODES
from pipelines.sample.billing_state import Charge, CreditNote, Invoice, Line, Refund, Subscription
from pipelines.sample.billing_time import HOUR
from pipelines.sample.draws import between, pick
from pipelines.sample.rating import round_half_up

_RETRY_GAPS = (3, 5, 7)
_WRITE_OFF_DAYS = 30
_REFUND_SHARE, _COMPLAINT_SHARE, _DISPUTE_SHARE = 0.012, 0.12, 0.003
_EARLY_NOTE_SHARE, _VOID_NOTE_SHARE = 0.05, 0.3


def collect(book: Book, invoice: Invoice, now: int) -> None:
    """Starts collecting a finalised invoice."""
    if invoice.subscription.collection_method == "charge_automatically":
        _plan_card(book, invoice, now)
    else:
        _plan_transfer(book, invoice, now)


def _plan_card(book: Book, invoice: Invoice, now: int) -> None:
    habits, day = book.habits, book.calendar.day_of(now)
    is_troubled = habits.trouble_from is not None and day >= habits.trouble_from
    is_dead = habits.card_dies_day is not None and day >= habits.card_dies_day
    share = 0.65 if is_troubled else habits.fail_share
    draw, many = float(book.rng.random()), between(book.rng, 1, 3)
    failures = (len(_RETRY_GAPS) + 1) if is_dead else many if draw < share else 0
    if failures and not is_dead and invoice.billing_reason == "subscription_create":
        failures = 1
    _attempt(book, invoice, day, now, failures)


def _attempt(book: Book, invoice: Invoice, day: int, now: int, failures: int) -> None:
    """One try to charge the card; the first `failures` tries are declined."""
    if invoice.status != "open":
        return
    invoice.attempt_count += 1
    book.touch("invoices", invoice)
    if invoice.attempt_count > failures:
        charge = _charge(book, invoice, now, "card", "succeeded")
        settle(book, invoice, now, charge)
        return
    code = pick(book.rng, FAILURE_CODES, (0.4, 0.35, 0.15, 0.1))
    _charge(book, invoice, now, "card", "failed", code)
    is_first = invoice.billing_reason == "subscription_create" and invoice.subscription.trial_end is None
    retry: int | None = None
    if is_first:
        invoice.subscription.status = "incomplete"
        retry = day + 1
    elif invoice.attempt_count <= len(_RETRY_GAPS):
        retry = day + _RETRY_GAPS[invoice.attempt_count - 1]
    if retry is None:
        invoice.next_payment_attempt = None
        book.at(day + _WRITE_OFF_DAYS, Rank.CORRECT, lambda on: _write_off(book, invoice, on))
    else:
        again = book.calendar.epoch(retry, (6 if is_first else 14) * HOUR)
        invoice.next_payment_attempt = again
        book.at(retry, Rank.PAY, lambda on: _attempt(book, invoice, on, again, failures))
    refresh_standing(book, invoice.subscription)


def _plan_transfer(book: Book, invoice: Invoice, now: int) -> None:
    habits, day = book.habits, book.calendar.day_of(now)
    terms = invoice.subscription.days_until_due or 0
    is_troubled = habits.trouble_from is not None and day >= habits.trouble_from
    is_late = book.chance(0.85 if is_troubled else habits.late_share)
    has_left = habits.end_day is not None and day >= habits.end_day
    never = has_left and book.chance(0.2)
    low, high = (terms + 8, terms + 45) if is_late else (6, terms - 1)
    pay_day = day + between(book.rng, low, high)
    is_slow = book.chance(0.4)
    book.at(day + terms, Rank.DUE, lambda _: _fall_due(book, invoice))
    if never:
        book.at(day + terms + 60, Rank.CORRECT, lambda on: _write_off(book, invoice, on))
        return
    if book.chance(_EARLY_NOTE_SHARE):
        book.at(day + 4, Rank.CORRECT, lambda on: _correct_open(book, invoice, on))
    book.at(pay_day, Rank.PAY, lambda on: _receive(book, invoice, on, is_slow))


def _receive(book: Book, invoice: Invoice, day: int, is_slow: bool) -> None:
    """A bank transfer arrives; slow ones are pending for two days."""
    if invoice.status != "open":
        return
    now = book.calendar.epoch(day, 11 * HOUR)
    invoice.attempt_count += 1
    charge = _charge(book, invoice, now, "us_bank_account", "pending" if is_slow else "succeeded")
    if is_slow:
        book.touch("invoices", invoice)
        book.at(day + 2, Rank.PAY, lambda on: _clear(book, invoice, charge, on))
    else:
        settle(book, invoice, now, charge)


def _clear(book: Book, invoice: Invoice, charge: Charge, day: int) -> None:
    charge.status = "succeeded"
    book.touch("charges", charge)
    settle(book, invoice, book.calendar.epoch(day, 12 * HOUR), charge)


def _fall_due(book: Book, invoice: Invoice) -> None:
    if invoice.status == "open":
        invoice.is_overdue = True
        refresh_standing(book, invoice.subscription)


def _charge(
    book: Book, invoice: Invoice, now: int, method: str, status: str, failure_code: str | None = None
) -> Charge:
    charge = Charge(
        id=book.new_id("ch_3" if method == "card" else "py_3"),
        invoice=invoice,
        amount=invoice.amount_remaining,
        status=status,
        created=now,
        method=method,
        failure_code=failure_code,
    )
    invoice.charge_id = charge.id
    book.charges.append(charge)
    book.touch("charges", charge)
    return charge


def settle(book: Book, invoice: Invoice, now: int, charge: Charge | None = None) -> None:
    """Marks an invoice as paid: by a charge, or because nothing is due."""
    invoice.status = "paid"
    invoice.paid_at = now
    invoice.next_payment_attempt = None
    invoice.is_overdue = False
    book.touch("invoices", invoice)
    if invoice.subscription.status == "incomplete":
        invoice.subscription.status = "active"
        book.touch("subscriptions", invoice.subscription)
    if charge is None:
        return
    invoice.amount_paid = charge.amount
    book.touch("invoice_payments", invoice)
    refresh_standing(book, invoice.subscription)
    if charge.method != "card":
        return
    day = book.calendar.day_of(now)
    if book.chance(_COMPLAINT_SHARE if book.habits.complains else _REFUND_SHARE):
        book.at(day + between(book.rng, 2, 20), Rank.CORRECT, lambda on: _refund(book, invoice, charge, on))
    elif book.chance(_DISPUTE_SHARE):
        book.at(day + between(book.rng, 10, 40), Rank.CORRECT, lambda on: open_dispute(book, charge, on))
    else:
        plan_dispute(book, charge, day)


def refresh_standing(book: Book, subscription: Subscription) -> None:
    """Sets past_due and delinquent from the invoices that are open."""
    owing = [
        invoice
        for invoice in book.invoices
        if invoice.status == "open" and (invoice.is_overdue or invoice.next_payment_attempt or _gave_up(invoice))
    ]
    if subscription.is_live and subscription.status in ("active", "past_due"):
        is_owed = any(invoice.subscription is subscription for invoice in owing)
        status = "past_due" if is_owed else "active"
        if status != subscription.status:
            subscription.status = status
            book.touch("subscriptions", subscription)
    elif subscription.status == "incomplete":
        book.touch("subscriptions", subscription)
    if book.customer.is_delinquent != bool(owing):
        book.customer.is_delinquent = bool(owing)
        book.touch("customers", book.customer)


def _gave_up(invoice: Invoice) -> bool:
    is_card = invoice.subscription.collection_method == "charge_automatically"
    return is_card and invoice.attempt_count > len(_RETRY_GAPS)


def _write_off(book: Book, invoice: Invoice, day: int) -> None:
    if invoice.status != "open":
        return
    invoice.status = "uncollectible"
    invoice.uncollectible_at = book.calendar.epoch(day, 15 * HOUR)
    book.touch("invoices", invoice)
    refresh_standing(book, invoice.subscription)


def _note(
    book: Book,
    invoice: Invoice,
    line: Line,
    subtotal: int,
    kind: str,
    reason: str,
    now: int,
    refund_id: str | None,
) -> CreditNote:
    notes = sum(1 for note in book.notes if note.invoice is invoice)
    tax = (subtotal * invoice.tax_percent + 50) // 100
    note = CreditNote(
        id=book.new_id("cn_1"),
        invoice=invoice,
        number=f"{invoice.number}-CN-{notes + 1:02d}",
        line=line,
        subtotal=subtotal,
        tax=tax,
        type=kind,
        reason=reason,
        created=now,
        refund_id=refund_id,
    )
    book.notes.append(note)
    book.touch("credit_notes", note)
    return note


def _dearest(invoice: Invoice) -> Line:
    return max(invoice.lines[:EMBEDDED_LINES], key=lambda line: line.net_amount)


def _correct_open(book: Book, invoice: Invoice, day: int) -> None:
    """A credit note on an invoice that is still open lowers what is due."""
    if invoice.status != "open" or invoice.amount_paid:
        return
    line = _dearest(invoice)
    subtotal = round_half_up(Decimal(line.net_amount) * between(book.rng, 5, 20) / 100)
    if subtotal <= 0 or (subtotal * (100 + invoice.tax_percent)) // 100 + 1 >= invoice.amount_remaining:
        return
    now = book.calendar.epoch(day, 13 * HOUR)
    note = _note(book, invoice, line, subtotal, "pre_payment", "order_change", now, None)
    invoice.pre_payment_notes += note.subtotal + note.tax
    book.touch("invoices", invoice)
    book.touch("invoice_payments", invoice)
    if book.apart_rng.random() < _VOID_NOTE_SHARE:
        book.at(day + 1, Rank.CORRECT, lambda on: _void_note(book, note, on))


def _void_note(book: Book, note: CreditNote, day: int) -> None:
    """Takes back a credit note that was a mistake, as long as its invoice is not paid."""
    invoice = note.invoice
    if invoice.status != "open" or invoice.amount_paid:
        return
    note.voided_at = book.calendar.epoch(day, 9 * HOUR)
    invoice.pre_payment_notes -= note.subtotal + note.tax
    book.touch("credit_notes", note)
    book.touch("invoices", invoice)
    book.touch("invoice_payments", invoice)


def _refund(book: Book, invoice: Invoice, charge: Charge, day: int) -> None:
    """A credit note on a paid invoice whose money goes back to the card."""
    line = _dearest(invoice)
    share = 100 if book.chance(0.25) else between(book.rng, 10, 60)
    subtotal = round_half_up(Decimal(line.net_amount) * share / 100)
    tax = (subtotal * invoice.tax_percent + 50) // 100
    if subtotal <= 0 or subtotal + tax > charge.amount:
        return
    now = book.calendar.epoch(day, 16 * HOUR)
    refund_id = book.new_id("re_3")
    reason = pick(book.rng, ("product_unsatisfactory", "order_change", "duplicate"), (0.6, 0.3, 0.1))
    note = _note(book, invoice, line, subtotal, "post_payment", reason, now, refund_id)
    amount = note.subtotal + note.tax
    refund = Refund(refund_id, charge, amount, "pending", now, "requested_by_customer")
    book.refunds.append(refund)
    invoice.post_payment_notes += amount
    charge.amount_refunded += amount
    book.touch("refunds", refund)
    book.touch("charges", charge)
    book.touch("invoices", invoice)
    book.at(day + between(book.rng, 0, 2), Rank.CORRECT, lambda _: _finish_refund(book, refund))


def _finish_refund(book: Book, refund: Refund) -> None:
    refund.status = "succeeded"
    book.touch("refunds", refund)
