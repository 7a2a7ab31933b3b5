"""What contract terms do to credits: the rest of a commit rolls over, more is bought in mid-term, and given back."""

from __future__ import annotations

from functools import partial

from pipelines.sample.billing_book import Book, Rank
from pipelines.sample.billing_credits import PAID, PAID_PRIORITY, grant_credits, void_grants
from pipelines.sample.billing_grants import Grant
from pipelines.sample.billing_time import HOUR
from pipelines.sample.draws import Purpose, between, draw, pick
from pipelines.sample.model import Story

_ROLLOVER_PRIORITY = 40  # what was carried over burns before the new commit


def roll_over(book: Book, before: Grant, commit: Grant) -> None:
    """Once the old commit has expired, grants the share of its rest that the contract carries over."""
    terms = book.account.contract
    if terms is not None and terms.rollover_percent and terms.discrepancy != "rollover":
        percent, cap = terms.rollover_percent, terms.rollover_cap_minor
        day = book.calendar.day_of(commit.effective_at)
        book.at(day, Rank.EXPIRE, lambda _: _grant_rest(book, before, commit, percent, cap))


def _grant_rest(book: Book, before: Grant, commit: Grant, percent: int, cap: int | None) -> None:
    amount = before.expired * percent // 100
    amount = amount if cap is None else min(amount, cap)
    if amount and commit.expires_at is not None:
        name, start, end = f"Rollover of {before.name.lower()}", commit.effective_at, commit.expires_at
        grant_credits(book, PAID, name, _ROLLOVER_PRIORITY, amount, start, end, "rollover", before.id)


def plan_top_up(book: Book, commit: Grant) -> None:
    """Some customers buy more in mid-term, paid by wire outside the invoices; some of them give it back."""
    rng = draw(book.seed, Purpose.CONTRACT, book.account.index, 2)
    share = 0.6 if book.account.story is Story.COMMIT_FAST else 0.2
    buys, returns = bool(rng.random() < share), bool(rng.random() < 0.3)
    day = book.account.signup_day + between(rng, 60, 300)
    amount = commit.amount * pick(rng, (5, 10, 20)) // 100
    if buys:
        book.at(day, Rank.CORRECT, partial(_top_up, book, commit, amount, between(rng, 20, 60) if returns else None))


def _top_up(book: Book, commit: Grant, amount: int, returned_after: int | None, day: int) -> None:
    if not book.subscriptions[0].is_live or commit.expires_at is None:
        return
    now = book.calendar.epoch(day, 11 * HOUR)
    grant = grant_credits(book, PAID, "Top-up", PAID_PRIORITY, amount, now, commit.expires_at, "top_up")
    if returned_after is not None:
        book.at(day + returned_after, Rank.CORRECT, partial(_give_back, book, grant))


def _give_back(book: Book, grant: Grant, day: int) -> None:
    """Voids what is left, the only way down that the vendor knows, and grants half of it anew."""
    now, left = book.calendar.epoch(day, 10 * HOUR), grant.balance
    if left > 1 and grant.voided_at is None and grant.expires_at is not None and now < grant.expires_at:
        void_grants(book, now, grant)
        name, end = "Top-up correction", grant.expires_at
        grant_credits(book, PAID, name, PAID_PRIORITY, left // 2, now, end, "adjustment")
