"""Price arithmetic of the sample company: currencies, graduated tiers, proration, in integer minor units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MICRO = 1_000_000
"""Usage is held in whole micro-credits, so that sums are exact."""

_MINOR_PER_CENT = {"usd": Decimal(1), "eur": Decimal("0.92"), "gbp": Decimal("0.79"), "jpy": Decimal("1.5")}
_SYMBOL = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}
ZERO_DECIMAL = frozenset({"jpy"})
CURRENCIES = tuple(_MINOR_PER_CENT)

CREDIT_CENTS = Decimal(100)
"""List price of one credit in US cents."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a graduated price; `up_to` is the last unit of the step, None on the last one."""

    up_to: int | None
    unit_amount: Decimal  # minor units


@dataclass(frozen=True, slots=True)
class TierCharge:
    """What one tier of a graduated price charges."""

    number: int  # from 1
    quantity: int
    unit_amount: Decimal
    amount: int


def volume(quantity: int, tiers: tuple[Tier, ...]) -> Decimal:
    """All units at the price of the tier that the quantity reaches."""
    return quantity * next(tier.unit_amount for tier in tiers if tier.up_to is None or quantity <= tier.up_to)


def round_half_up(amount: Decimal) -> int:
    """Rounds to whole minor units, halves away from zero, as invoices do."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minor_units(us_cents: int | Decimal, currency: str) -> Decimal:
    """Converts a list price in US cents to minor units of `currency` at the price book's fixed rate."""
    try:
        return Decimal(us_cents) * _MINOR_PER_CENT[currency]
    except KeyError:
        known = ", ".join(CURRENCIES)
        raise ValueError(f"the price book has no currency {currency!r}; it knows {known}") from None


def decimal_text(amount: Decimal) -> str:
    """A `*_decimal` field: plain digits without trailing zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(amount: int | Decimal, currency: str) -> str:
    """An amount as invoice lines spell it, such as $1,200.00 or ¥1,500."""
    if currency in ZERO_DECIMAL:
        return f"{_SYMBOL[currency]}{Decimal(amount):,f}"
    major = Decimal(amount) / 100
    places = max(2, -int(major.normalize().as_tuple().exponent))
    return f"{_SYMBOL[currency]}{major:,.{places}f}"


def graduated(quantity: int, tiers: tuple[Tier, ...]) -> list[TierCharge]:
    """Splits a quantity over graduated tiers; a quantity of 0 gives one empty charge in the first tier.

    Raises ValueError for a negative quantity.
    """
    if quantity < 0:
        raise ValueError(f"cannot rate a negative quantity: {quantity}")
    charges: list[TierCharge] = []
    below = 0
    for number, tier in enumerate(tiers, start=1):
        last = quantity if tier.up_to is None else min(quantity, tier.up_to)
        units = last - below
        if units > 0 or number == 1:
            amount = round_half_up(units * tier.unit_amount)
            charges.append(TierCharge(number, units, tier.unit_amount, amount))
        below = last
        if below >= quantity:
            break
    return charges


def whole_credits(micro_credits: int) -> int:
    """Billed quantity: whole credits, halves up."""
    return (2 * micro_credits + MICRO) // (2 * MICRO)


def prorate(amount: int, part_seconds: int, whole_seconds: int) -> int:
    """The share of `amount` that falls on a part of its period, to the minor unit."""
    if whole_seconds <= 0:
        raise ValueError("a billing period must have a length")
    return round_half_up(Decimal(amount) * part_seconds / whole_seconds)
