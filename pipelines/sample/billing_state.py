"""What the billing simulation keeps for a customer: plain records that change from day to day."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.sample.rating import Tier, graduated, round_half_up, volume


@dataclass(frozen=True, slots=True)
class Price:
    """A price of the price book; `use_case_id` is set on metered prices."""

    id: str
    key: str
    product_id: str
    product_name: str
    currency: str
    interval: str  # month or year
    unit_amount: Decimal | None  # minor units; None when tiered
    tiers: tuple[Tier, ...]
    meter_id: str | None
    use_case_id: str | None
    created: int
    tiers_mode: str = "graduated"  # or volume; says something where there are tiers
    package_size: int | None = None  # units sold together, what is begun counts

    @property
    def is_metered(self) -> bool:
        return self.meter_id is not None

    @property
    def amount(self) -> int:
        """Whole minor units of one licensed unit."""
        if self.unit_amount is None:
            raise ValueError(f"price {self.key} has no unit amount")
        return int(self.unit_amount)

    def cost(self, quantity: int) -> int:
        """Whole minor units of a licensed quantity for one period."""
        if self.tiers and self.tiers_mode == "volume":
            return round_half_up(volume(quantity, self.tiers))
        if self.tiers:
            return sum(charge.amount for charge in graduated(quantity, self.tiers))
        return (-(-quantity // self.package_size) if self.package_size else quantity) * self.amount


@dataclass(slots=True)
class Item:
    """A subscription item."""

    id: str
    price: Price
    quantity: int | None  # None on metered items
    created: int
    period_start: int
    period_end: int
    invoiced: tuple[str, str] | None = None  # newest invoice and line that billed it in advance
    hides_period: bool = False  # exported without an end


@dataclass(slots=True)
class Line:
    """An invoice line."""

    id: str
    item_id: str
    subscription_id: str
    price: Price
    description: str
    quantity: int
    unit_amount: Decimal
    amount: int
    period_start: int
    period_end: int
    is_proration: bool = False
    invoice_item_id: str | None = None
    credited: tuple[str, str] | None = None  # invoice and line that a proration credits
    pretax_credits: list[tuple[str, int]] = field(default_factory=list)  # credit transaction, amount
    discount: tuple[str, int] | None = None  # its id and what it takes off

    @property
    def credit_amount(self) -> int:
        return sum(amount for _, amount in self.pretax_credits)

    @property
    def net_amount(self) -> int:
        """What is left to pay, before tax."""
        return self.amount - self.credit_amount - (self.discount[1] if self.discount else 0)


@dataclass(slots=True)
class Subscription:
    """A subscription and the prorations that wait for its next invoice."""

    id: str
    items: list[Item]
    status: str
    collection_method: str
    days_until_due: int | None
    start: int
    anchor: int
    period_start: int
    period_end: int
    trial_start: int | None = None
    trial_end: int | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    cancel_reason: str | None = None
    cancel_feedback: str | None = None
    latest_invoice: str | None = None
    pause: str | None = None  # what becomes of invoices while collection is paused
    resumes_at: int | None = None
    discount_id: str | None = None
    pending: list[Line] = field(default_factory=list)  # prorations that wait for the next invoice
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


@dataclass(slots=True)
class Invoice:
    """An invoice; totals follow from its lines."""

    id: str
    subscription: Subscription
    billing_reason: str
    created: int
    period_start: int
    period_end: int
    lines: list[Line]
    tax_percent: int
    status: str = "draft"
    number: str | None = None
    due_date: int | None = None
    attempt_count: int = 0
    next_payment_attempt: int | None = None
    starting_balance: int = 0
    ending_balance: int | None = None
    amount_paid: int = 0
    pre_payment_notes: int = 0
    post_payment_notes: int = 0
    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    uncollectible_at: int | None = None
    payment_id: str | None = None
    payment_intent_id: str | None = None
    charge_id: str | None = None
    is_overdue: bool = False
    lines_changed: bool = True  # the lines must be exported with the next version
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def subtotal(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def credits(self) -> int:
        return sum(line.credit_amount for line in self.lines)

    @property
    def taxable(self) -> int:
        return max(0, self.net)

    @property
    def net(self) -> int:
        return sum(line.net_amount for line in self.lines)

    @property
    def tax(self) -> int:
        return (self.taxable * self.tax_percent + 50) // 100

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def balance_change(self) -> int:
        """How finalising moves the customer balance: up when it spends credit, down by a negative total."""
        return (self.ending_balance or 0) - self.starting_balance if self.finalized_at is not None else 0

    @property
    def amount_due(self) -> int:
        return max(0, self.total - self.balance_change - self.pre_payment_notes)

    @property
    def amount_remaining(self) -> int:
        return self.amount_due - self.amount_paid


@dataclass(slots=True)
class Charge:
    """One attempt to collect an invoice."""

    id: str
    invoice: Invoice
    amount: int
    status: str
    created: int
    method: str  # card or us_bank_account
    failure_code: str | None = None
    amount_refunded: int = 0
    is_disputed: bool = False


@dataclass(slots=True)
class CreditNote:
    """A correction of one line of an invoice."""

    id: str
    invoice: Invoice
    number: str
    line: Line
    subtotal: int
    tax: int
    type: str  # pre_payment or post_payment
    reason: str
    created: int
    refund_id: str | None = None
    voided_at: int | None = None


@dataclass(slots=True)
class Refund:
    """Money that goes back to a card."""

    id: str
    charge: Charge
    amount: int
    status: str
    created: int
    reason: str


@dataclass(slots=True)
class Customer:
    """The customer object and its running balance."""

    id: str
    name: str
    email: str | None
    currency: str
    country: str
    created: int
    prefix: str  # of invoice numbers
    metadata: dict[str, str]
    balance: int = 0
    is_delinquent: bool = False
    is_deleted: bool = False
    next_invoice: int = 1
