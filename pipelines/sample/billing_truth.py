"""What a test may know about a customer's billing beyond the exported files."""

from __future__ import annotations

from pipelines.sample.billing_book import Book
from pipelines.sample.billing_dispute import Dispute
from pipelines.sample.billing_grants import Grant
from pipelines.sample.rating import MICRO


def book_truth(book: Book) -> dict[str, object]:
    """Summarises a customer's books at the end of the window; money in minor units, days as ISO dates."""
    habits, main = book.habits, book.subscriptions[0] if book.subscriptions else None
    if main is None:
        return {}
    trial_end = main.trial_end
    return {
        "billing_currency": book.customer.currency,
        "billing_subscription_ids": [subscription.id for subscription in book.subscriptions],
        "billing_status": main.status,
        "billing_collection_method": main.collection_method,
        "billing_ending": str(habits.ending) if habits.ending is not None else None,
        "billing_cancel_asked_date": _date(book, main.canceled_at),
        "billing_ended_date": _date(book, main.ended_at),
        "billing_cancel_taken_back": habits.reconsiders is not None and habits.reconsiders[1] < book.calendar.days,
        "billing_trial_end_date": _date(book, trial_end),
        "billing_tax_percent": habits.tax_percent,
        "billing_has_item_without_end": habits.hides_item_end,
        "billing_customer_deleted": book.customer.is_deleted,
        "billing_balance": book.customer.balance,
        "billing_monthly_licensed": _monthly_licensed(book),
        "billing_invoiced_total": _sum(book, ("open", "paid", "uncollectible")),
        "billing_paid_total": sum(invoice.amount_paid for invoice in book.invoices),
        "billing_uncollectible_total": sum(
            invoice.amount_remaining for invoice in book.invoices if invoice.status == "uncollectible"
        ),
        "billing_void_invoice_ids": [invoice.id for invoice in book.invoices if invoice.status == "void"],
        "billing_refunded_total": sum(refund.amount for refund in book.refunds),
        "billing_disputes": [_dispute(book, dispute) for dispute in book.disputes],
        "billing_failed_charges": sum(1 for charge in book.charges if charge.status == "failed"),
        "billing_metered_credits": {use_case: int(daily.sum()) / MICRO for use_case, daily in book.usage.items()},
        "billing_trial_credits": sum(book.free_micro.values()) / MICRO,
        "billing_grants": [_grant(book, grant) for grant in book.grants],
        "billing_addon": book.addon,
        "billing_discounted_total": sum(
            line.discount[1]
            for invoice in book.invoices
            if invoice.status in ("open", "paid", "uncollectible")
            for line in invoice.lines
            if line.discount
        ),
        "billing_voided_note_ids": [note.id for note in book.notes if note.voided_at is not None],
        "billing_commit_exhausted_date": _exhausted(book),
    }


def _date(book: Book, epoch: int | None) -> str | None:
    return book.calendar.date_of(book.calendar.day_of(epoch)).isoformat() if epoch is not None else None


def _sum(book: Book, statuses: tuple[str, ...]) -> int:
    return sum(invoice.total for invoice in book.invoices if invoice.status in statuses)


def _monthly_licensed(book: Book) -> int:
    """Licensed amounts of what is subscribed at the end, a month; yearly ones by a twelfth, rounded down."""
    total = 0
    for subscription in book.subscriptions:
        for item in subscription.items if subscription.is_live else ():
            if item.quantity is not None:
                amount = item.price.cost(item.quantity)
                total += amount // 12 if item.price.interval == "year" else amount
    return total


def _grant(book: Book, grant: Grant) -> dict[str, object]:
    return {
        "id": grant.id,
        "category": grant.category,
        "kind": grant.kind,
        "rolled_over_from": grant.rolled_over_from,
        "amount": grant.amount,
        "drawn": grant.drawn,
        "expired": grant.expired,
        "voided": grant.voided,
        "balance": grant.balance,
        "effective_date": _date(book, grant.effective_at),
        "expires_date": _date(book, grant.expires_at),
    }


def _dispute(book: Book, dispute: Dispute) -> dict[str, object]:
    return {
        "id": dispute.id,
        "charge_id": dispute.charge.id,
        "invoice_id": dispute.charge.invoice.id,
        "amount": dispute.amount,
        "history": [[book.calendar.date_of(day).isoformat(), status] for day, status in dispute.history],
    }


def _exhausted(book: Book) -> str | None:
    """The day on which the usage since the start of the first commit outgrew it; None when it did not (yet).

    Promotional credits, which pay first, are not counted.
    """
    commit = next((grant for grant in book.grants if grant.category == "paid"), None)
    if commit is None or commit.expires_at is None:
        return None
    per_credit = {
        item.price.use_case_id: int(item.price.unit_amount or 0)
        for item in book.subscriptions[0].items
        if item.price.is_metered
    }
    used = 0
    for day in range(book.account.signup_day, min(book.calendar.days, book.calendar.day_of(commit.expires_at))):
        used += sum(int(daily[day]) * per_credit.get(use_case, 0) for use_case, daily in book.usage.items())
        if used >= commit.amount * MICRO:
            return book.calendar.date_of(day).isoformat()
    return None
