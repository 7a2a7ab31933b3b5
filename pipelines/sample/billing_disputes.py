"""Card payments that customers dispute: opened, answered or not, decided, now and then decided again.

Draws come from a generator of their own, so that the rest of the company is the same with and without disputes.
"""

from __future__ import annotations

from functools import partial

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_dispute import Dispute
from pipelines.sample.billing_state import Charge
from pipelines.sample.billing_time import DAY, HOUR, object_id
from pipelines.sample.draws import between, pick

_SHARE, _COMPLAINT_SHARE = 0.006, 0.06
_INQUIRY_SHARE, _ANSWERED_SHARE, _WON_SHARE, _APPEAL_SHARE = 0.2, 0.7, 0.45, 0.15
_EVIDENCE_DAYS = 14
_REASONS = (
    "fraudulent",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "duplicate",
    "general",
)


def plan_dispute(book: Book, charge: Charge, day: int) -> None:
    """Decides at payment whether the customer will dispute it; customers who complain do so more often."""
    share = _COMPLAINT_SHARE if book.habits.complains else _SHARE
    if book.dispute_rng.random() < share:
        book.at(day + between(book.dispute_rng, 10, 40), Rank.CORRECT, partial(open_dispute, book, charge))


def open_dispute(book: Book, charge: Charge, day: int) -> None:
    """A dispute, or an inquiry that may become one, of the whole charge; a refunded charge is not disputed."""
    if charge.amount_refunded:
        return
    rng, now = book.dispute_rng, book.calendar.epoch(day, 17 * HOUR)
    charge.is_disputed = True
    book.touch("charges", charge)
    is_inquiry = rng.random() < _INQUIRY_SHARE
    dispute = Dispute(
        id=object_id("du_1", rng),
        charge=charge,
        amount=charge.amount,
        status="warning_needs_response" if is_inquiry else "needs_response",
        reason=pick(rng, _REASONS, (0.35, 0.1, 0.3, 0.2, 0.05)),
        created=now,
        due_by=now + _EVIDENCE_DAYS * DAY,
    )
    book.disputes.append(dispute)
    _enter(book, dispute, dispute.status, day)
    if rng.random() < _ANSWERED_SHARE:
        book.at(day + between(rng, 1, _EVIDENCE_DAYS - 1), Rank.CORRECT, partial(_answer, book, dispute))
    else:
        book.at(day + _EVIDENCE_DAYS + 1, Rank.CORRECT, partial(_decide, book, dispute, is_answered=False))


def _answer(book: Book, dispute: Dispute, day: int) -> None:
    """Evidence is sent in; the bank takes its time."""
    dispute.submissions += 1
    _enter(book, dispute, "warning_under_review" if dispute.is_inquiry else "under_review", day)
    wait = between(book.dispute_rng, 10, 60)
    book.at(day + wait, Rank.CORRECT, partial(_decide, book, dispute, is_answered=True))


def _decide(book: Book, dispute: Dispute, day: int, is_answered: bool) -> None:
    """The bank decides; of the disputes that were won some are appealed, and lost in the end."""
    if dispute.is_inquiry and is_answered:
        _enter(book, dispute, "warning_closed", day)
        return
    is_won = is_answered and book.dispute_rng.random() < _WON_SHARE
    _enter(book, dispute, "won" if is_won else "lost", day)
    if is_won and book.dispute_rng.random() < _APPEAL_SHARE:
        wait = between(book.dispute_rng, 15, 45)
        book.at(day + wait, Rank.CORRECT, lambda on: _enter(book, dispute, "lost", on))


def _enter(book: Book, dispute: Dispute, status: str, day: int) -> None:
    dispute.status = status
    dispute.history.append((day, status))
    book.touch("disputes", dispute)
