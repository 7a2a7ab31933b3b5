"""The books of one customer: state, an agenda of what happens when, and the exports of those days."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.billing_catalog import Catalog
from pipelines.sample.billing_dispute import Dispute, dispute_object
from pipelines.sample.billing_files import DropFiles
from pipelines.sample.billing_grants import CreditMove, Grant
from pipelines.sample.billing_habits import Habits
from pipelines.sample.billing_invoice_shapes import invoice_object, line_object
from pipelines.sample.billing_payment_shapes import (
    charge_object,
    credit_note_object,
    invoice_payment_object,
    refund_object,
)
from pipelines.sample.billing_state import Charge, CreditNote, Customer, Invoice, Price, Refund, Subscription
from pipelines.sample.billing_time import Calendar, object_id
from pipelines.sample.model import SampleAccount
from pipelines.sample.stripe_objects import (
    JsonObject,
    balance_summary_object,
    credit_move_object,
    customer_object,
    grant_object,
    price_object,
    subscription_object,
)

Action = Callable[[int], None]
Changed = Customer | Price | Subscription | Charge | CreditNote | Refund | Dispute | Grant | CreditMove
Exported = Changed | Invoice


class Rank(IntEnum):
    """The order of what happens on one day."""

    START = 0
    CHANGE = 1  # seats and items, before the new period is billed
    ASK = 2
    END = 3
    ROLL = 4
    FINALIZE = 5
    VOID = 6
    PAY = 7
    DUE = 8
    CORRECT = 9
    EXPIRE = 10
    DELETE = 11


class Book:
    """Holds one customer's billing objects; the other billing modules move it from day to day."""

    def __init__(
        self,
        account: SampleAccount,
        customer: Customer,
        calendar: Calendar,
        catalog: Catalog,
        habits: Habits,
        usage: dict[str, NDArray[np.int64]],
        rng: np.random.Generator,
        ids: np.random.Generator,
        dispute_rng: np.random.Generator,
        files: DropFiles,
        apart: tuple[np.random.Generator, np.random.Generator],
        seed: int,
    ) -> None:
        self.seed = seed
        self.account = account
        self.customer = customer
        self.calendar = calendar
        self.catalog = catalog
        self.habits = habits
        self.usage = usage  # micro-credits a day by use case
        self.rng = rng
        self.dispute_rng = dispute_rng
        self.subscriptions: list[Subscription] = []
        self.invoices: list[Invoice] = []
        self.charges: list[Charge] = []
        self.notes: list[CreditNote] = []
        self.refunds: list[Refund] = []
        self.disputes: list[Dispute] = []
        self.grants: list[Grant] = []
        self.moves: list[CreditMove] = []
        self.billed_until: int = account.signup_day  # first day whose usage no invoice holds yet
        self.billed_micro: dict[str, int] = {}
        self.free_micro: dict[str, int] = {}  # used during a trial
        self.licensed_by_month: dict[str, int] = {}
        self.apart_rng = apart[0]
        self.addon: dict[str, object] | None = None  # what was planted in it
        self._ids = ids
        self._apart_ids = apart[1]
        self._is_apart = False
        self._files = files
        self._agenda: list[tuple[int, int, int, Action]] = []
        self._serial = 0
        self._dirty: dict[tuple[str, str], Exported] = {}

    def new_id(self, prefix: str, length: int = 23) -> str:
        return object_id(prefix, self._ids, length)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def at(self, day: int, rank: Rank, action: Action) -> None:
        """Puts an action on the agenda; what lies after the window never happens."""
        if day < self.calendar.days:
            if self._is_apart:
                action = partial(self._run_apart, action)
            self._serial += 1
            heapq.heappush(self._agenda, (day, int(rank), self._serial, action))

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Draws decisions and ids from streams of their own, also in all that is put on the agenda meanwhile."""
        before = self.rng, self._ids, self._is_apart
        self.rng, self._ids, self._is_apart = self.apart_rng, self._apart_ids, True
        try:
            yield
        finally:
            self.rng, self._ids, self._is_apart = before

    def _run_apart(self, action: Action, day: int) -> None:
        with self.apart():
            action(day)

    def touch(self, table: str, thing: Exported) -> None:
        """Marks an object as changed today: its state at the end of the day is exported."""
        self._dirty[table, thing.id] = thing

    def run(self) -> None:
        """Works through the agenda and exports each day's changed objects when the day is over."""
        while self._agenda:
            day = self._agenda[0][0]
            while self._agenda and self._agenda[0][0] == day:
                heapq.heappop(self._agenda)[3](day)
            if any(table == "credit_balance_transactions" for table, _ in self._dirty):
                self._files.add("credit_balance_summaries", day, balance_summary_object(self.grants, self.customer))
            self._export(day)

    def _export(self, day: int) -> None:
        for (table, _), thing in self._dirty.items():
            if isinstance(thing, Invoice):
                self._export_invoice(table, thing, day, self.calendar.is_new_generation(day))
            else:
                self._files.add(table, day, self._row(thing, day))
        self._dirty.clear()

    def _row(self, thing: Changed, day: int) -> JsonObject:
        """An object other than an invoice as it is exported at the end of a day."""
        is_new, customer = self.calendar.is_new_generation(day), self.customer
        if isinstance(thing, Customer):
            return customer_object(thing)
        if isinstance(thing, Price):
            return price_object(thing)
        if isinstance(thing, Subscription):
            return subscription_object(thing, customer, is_new)
        if isinstance(thing, Charge):
            return charge_object(thing, customer, is_new)
        if isinstance(thing, CreditNote):
            return credit_note_object(thing, customer, is_new)
        if isinstance(thing, Refund):
            return refund_object(thing, customer)
        if isinstance(thing, Dispute):
            return dispute_object(thing, customer, day > self.calendar.day_of(thing.due_by))
        if isinstance(thing, Grant):
            return grant_object(thing, customer)
        return credit_move_object(thing, customer)

    def _export_invoice(self, table: str, invoice: Invoice, day: int, is_new: bool) -> None:
        if table == "invoice_payments":
            self._files.add(table, day, invoice_payment_object(invoice, self.customer))
            return
        self._files.add(table, day, invoice_object(invoice, self.customer, is_new))
        if invoice.lines_changed:
            for line in invoice.lines:
                self._files.add("invoice_lines", day, line_object(line, invoice, self.customer, is_new))
            invoice.lines_changed = False
