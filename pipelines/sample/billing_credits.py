"""Credit grants: granted, drawn by metered lines, given back, expired, voided; no balance falls below 0."""

from __future__ import annotations

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_grants import CreditMove, Grant
from pipelines.sample.billing_state import Invoice, Line

PAID, PROMOTIONAL = "paid", "promotional"
PAID_PRIORITY = 50


def _record(
    book: Book,
    grant: Grant,
    kind: str,
    amount: int,
    now: int,
    invoice: Invoice | None = None,
    line: Line | None = None,
) -> CreditMove:
    move = CreditMove(
        id=book.new_id("cbtxn_61"),
        grant_id=grant.id,
        kind=kind,
        amount=amount,
        effective_at=now,
        created=now,
        invoice_id=invoice.id if invoice else None,
        line_id=line.id if line else None,
    )
    book.moves.append(move)
    book.touch("credit_balance_transactions", move)
    return move


def grant_credits(
    book: Book,
    category: str,
    name: str,
    priority: int,
    amount: int,
    now: int,
    expires_at: int,
    kind: str = "grant",
    rolled_over_from: str | None = None,
) -> Grant:
    """Gives a grant that is effective now and puts its expiry on the agenda."""
    grant = Grant(
        id=book.new_id("credgr_61"),
        name=name,
        category=category,
        priority=priority,
        amount=amount,
        balance=amount,
        effective_at=now,
        expires_at=expires_at,
        created=now,
        updated=now,
        kind=kind,
        rolled_over_from=rolled_over_from,
    )
    book.grants.append(grant)
    book.touch("credit_grants", grant)
    _record(book, grant, "credits_granted", amount, now)
    book.at(book.calendar.day_of(expires_at), Rank.EXPIRE, lambda _: _expire(book, grant))
    return grant


def apply_credits(book: Book, invoice: Invoice, now: int) -> None:
    """Pays the metered lines from the grants: lowest priority number, then soonest expiry, then oldest."""
    usable = [
        grant
        for grant in book.grants
        if grant.balance > 0
        and grant.voided_at is None
        and grant.effective_at <= now
        and (grant.expires_at is None or now <= grant.expires_at)
    ]
    usable.sort(key=lambda grant: (grant.priority, grant.expires_at or now * 2, grant.created))
    for line in invoice.lines:
        if not line.price.is_metered or line.amount <= 0:
            continue
        for grant in usable:
            amount = min(grant.balance, line.amount - line.credit_amount)
            if amount > 0:
                grant.balance -= amount
                grant.drawn += amount
                move = _record(book, grant, "credits_applied", amount, now, invoice, line)
                line.pretax_credits.append((move.id, amount))
                invoice.lines_changed = True


def may_return_credits(book: Book, invoice: Invoice, now: int) -> bool:
    """True when every grant that paid for the invoice is still alive."""
    return all(
        grant.voided_at is None and (grant.expires_at is None or now < grant.expires_at)
        for grant, _, _ in _applications(book, invoice)
    )


def return_credits(book: Book, invoice: Invoice, now: int) -> None:
    """Gives the credits of a voided invoice back to their grants; the lines keep what was applied."""
    for grant, line, amount in _applications(book, invoice):
        grant.balance += amount
        grant.drawn -= amount
        _record(book, grant, "credits_application_invoice_voided", amount, now, invoice, line)


def _applications(book: Book, invoice: Invoice) -> list[tuple[Grant, Line, int]]:
    grants = {grant.id: grant for grant in book.grants}
    by_move = {move.id: grants[move.grant_id] for move in book.moves if move.invoice_id == invoice.id}
    return [(by_move[move], line, amount) for line in invoice.lines for move, amount in line.pretax_credits]


def _expire(book: Book, grant: Grant) -> None:
    if grant.voided_at is not None or grant.balance == 0 or grant.expires_at is None:
        return
    amount, grant.balance = grant.balance, 0
    grant.expired += amount
    _record(book, grant, "credits_expired", amount, grant.expires_at)


def void_grants(book: Book, now: int, only: Grant | None = None) -> None:
    """Voids what is left of one grant, or of all the grants of a customer that leaves."""
    for grant in book.grants if only is None else [only]:
        if grant.balance > 0 and grant.voided_at is None and (grant.expires_at is None or now < grant.expires_at):
            amount, grant.balance = grant.balance, 0
            grant.voided += amount
            grant.voided_at = grant.updated = now
            book.touch("credit_grants", grant)
            _record(book, grant, "credits_voided", amount, now)
