"""Revenue movements, written a second time: from Stripe's own exports, by hand, one subscription and line at a time.

Read it from top to bottom to learn what counts as revenue of a month; the marts must agree with it to the cent. All is
whole numbers and exact fractions: each amount is rounded once, halves away from zero.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "seeds"
Row = dict[str, Any]
Key = str | None


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rounded(amount: Fraction) -> int:
    """Halves away from zero."""
    return (1 if amount >= 0 else -1) * int(abs(amount) + Fraction(1, 2))


def day_of(epoch: int) -> date:
    """Day in UTC."""
    return datetime.fromtimestamp(epoch, UTC).date()


def next_month(first: date) -> date:
    """First day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


@dataclass
class Exports:
    """What billing exported up to a day: every version of every object, in the order in which it was dropped."""

    versions: dict[str, dict[str, list[tuple[date, Row]]]]

    @classmethod
    def read(cls, folder: Path, until: date) -> Exports:
        """Lines that are no JSON are rejected by landing, too."""
        versions: dict[str, dict[str, list[tuple[date, Row]]]] = defaultdict(lambda: defaultdict(list))
        for drop in sorted(path for path in folder.iterdir() if date.fromisoformat(path.name) <= until):
            for file in sorted(drop.iterdir()):
                for line in file.read_text(encoding="utf-8").splitlines():
                    try:
                        row = json.loads(line)
                    except json.JSONDecodeError:
                        continue
                    if isinstance(row.get("id"), str):
                        versions[file.stem][row["id"]].append((date.fromisoformat(drop.name), row))
        return cls(versions)

    def newest(self, table: str) -> dict[str, Row]:
        """The newest version of each object."""
        return {key: rows[-1][1] for key, rows in self.versions[table].items()}


@dataclass
class Rates:
    """US cents of a minor unit, by currency and day: the newest published rate, to ten decimals."""

    rates: dict[str, list[tuple[date, Fraction]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        digits = {row["currency"]: int(row["minor_unit_exponent"]) for row in seed("currencies")}
        for row in sorted(seed("fx_rates"), key=lambda row: row["rate_date"]):
            rate = Fraction(row["usd_rate"]) * Fraction(10) ** (2 - digits[row["currency"]])
            self.rates[row["currency"]].append((date.fromisoformat(row["rate_date"]), rate))

    def on(self, currency: str, day: date) -> Fraction:
        """The rate that holds on a day."""
        return [rate for first, rate in self.rates[currency] if first <= day][-1]


@dataclass
class PriceBook:
    """Prices with their product and use case."""

    prices: dict[str, Row]
    products: dict[str, Row]
    meters: dict[str, Row]
    events: dict[str, str] = field(
        default_factory=lambda: {row["meter_event_name"]: row["use_case_id"] for row in seed("use_cases")}
    )

    def parts(self, price: str | None, product: str | None) -> tuple[Key, Key]:
        """Product and use case: the one that the product names, or the one that the meter counts."""
        known = self.prices.get(price or "", {})
        sold = known.get("product") or product
        named = (self.products.get(sold or "", {}).get("metadata") or {}).get("use_case_id")
        meter = self.meters.get((known.get("recurring") or {}).get("meter") or "", {})
        return sold, named or self.events.get(meter.get("event_name", ""))

    def is_metered(self, price: str | None) -> bool:
        """Priced by use."""
        return (self.prices.get(price or "", {}).get("recurring") or {}).get("usage_type") == "metered"

    def amount(self, price: Row, quantity: int) -> Fraction:
        """Minor units of a licensed price for a quantity."""
        if price.get("tiers_mode"):
            return self._tiered(self.prices[price["id"]]["tiers"], price["tiers_mode"], quantity)
        package = price.get("transform_quantity")
        if package:
            full, rest = divmod(quantity, package["divide_by"])
            quantity = full + (1 if rest and package["round"] == "up" else 0)
        return quantity * Fraction(price["unit_amount_decimal"])

    @staticmethod
    def _tiered(tiers: list[Row], mode: str, quantity: int) -> Fraction:
        total, below = Fraction(0), 0
        for number, tier in enumerate(tiers):
            if quantity <= below and number:
                break
            last = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
            unit, flat = Fraction(tier.get("unit_amount_decimal") or 0), tier.get("flat_amount") or 0
            units = last - below if mode == "graduated" else quantity
            total = units * unit + flat + (total if mode == "graduated" else 0)
            below = last
        return total


PAYING = {row["subscription_status"] for row in seed("subscription_statuses") if row["is_paying"] == "true"}
GIVEN_AWAY = {row["pause_behavior"] for row in seed("pause_behaviors") if row["is_paying"] == "false"}
PER_YEAR = {row["billing_interval"]: int(row["periods_per_year"]) for row in seed("billing_intervals")}


def ended_on(versions: list[tuple[date, Row]]) -> date | None:
    """The end, as soon as any version tells it."""
    ends = []
    for known, row in versions:
        if row.get("ended_at"):
            ends.append(day_of(row["ended_at"]))
        elif row["status"] == "canceled":
            ends.append(day_of(row["canceled_at"]) if row.get("canceled_at") else known)
    return min(ends, default=None)


def mrr_at(
    versions: list[tuple[date, Row]], day: date, book: PriceBook, rates: Rates
) -> Iterator[tuple[tuple[Key, Key], int]]:
    """What the items of a subscription are worth a month at the end of a day: by what was known then of that day."""
    started, ended = day_of(versions[0][1]["start_date"]), ended_on(versions)
    if day < started or (ended is not None and day >= ended):
        return
    known = [row for dropped, row in versions if dropped <= day]
    row = known[-1] if known else versions[0][1]  # the first version holds back to the start
    pause = (row.get("pause_collection") or {}).get("behavior")
    trial_end = row.get("trial_end")
    if row["status"] not in PAYING or pause in GIVEN_AWAY or (trial_end and day_of(trial_end) > day):
        return
    rate = rates.on(row["currency"], started)
    for item in row["items"]["data"]:
        price = item["price"]
        every = price["recurring"]
        if every.get("usage_type") == "metered":
            continue
        quantity = 1 if item.get("quantity") is None else item["quantity"]
        yearly = book.amount(price, quantity) * rate * PER_YEAR[every["interval"]]
        yield book.parts(price["id"], price["product"]), rounded(yearly / (12 * (every.get("interval_count") or 1)))


def lines_of(exports: Exports) -> Iterator[tuple[Row, Row]]:
    """Lines of invoices that are final and stand: the ten that an invoice embeds, and those that page beyond them."""
    paged: dict[str, list[Row]] = defaultdict(list)
    for line in exports.newest("invoice_lines").values():
        paged[line["invoice"]].append(line)
    for invoice in exports.newest("invoices").values():
        if invoice["status_transitions"]["finalized_at"] and invoice["status"] != "void":
            embedded = {line["id"]: line for line in invoice["lines"]["data"]}
            more = {line["id"]: line for line in paged[invoice["id"]]}
            for line in {**more, **embedded}.values():
                yield invoice, line


def metered_months(
    invoice: Row, line: Row, book: PriceBook, rates: Rates
) -> Iterator[tuple[tuple[Key, Key], date, int]]:
    """What a metered line leaves to pay after credits, before discounts, by the days of each month."""
    detail = (line.get("pricing") or {}).get("price_details") or {}
    price = detail.get("price") or (line.get("price") or {}).get("id")
    if not book.is_metered(price):
        return
    rate = rates.on(invoice["currency"], day_of(invoice["status_transitions"]["finalized_at"]))
    credits = [row["amount"] for row in line.get("pretax_credit_amounts") or [] if row["type"] != "discount"]
    cents = rounded(line["amount"] * rate) - rounded(sum(credits) * rate)
    first = day_of(line["period"]["start"])
    last = max(first, day_of(line["period"]["end"] - 1))
    month, before = first.replace(day=1), 0
    while month <= last:
        following = next_month(month)
        elapsed = (min(following - timedelta(days=1), last) - first).days + 1
        until = rounded(Fraction(cents * elapsed, (last - first).days + 1))
        yield book.parts(price, detail.get("product")), month, until - before
        before, month = until, following


@dataclass(frozen=True)
class Movement:
    """One month of one basis, in cents."""

    kind: str
    start: int
    end: int


def movements(months: dict[date, int], spine: list[date], counts: Callable[[int], bool]) -> dict[date, Movement]:
    """Each month against the one before, from the first that counts on."""
    moved: dict[date, Movement] = {}
    start, highest, has_begun = 0, 0, False
    for month in spine:
        end = months.get(month, 0)
        has_begun = has_begun or counts(end)
        if start <= 0 < end:
            kind = "reactivation" if highest > 0 else "new"
        elif end <= 0 < start:
            kind = "churn"
        elif end != start:
            kind = "expansion" if end > start else "contraction"
        else:
            kind = "unchanged" if end else "inactive"
        if has_begun:
            moved[month] = Movement(kind, start, end)
        start, highest = end, max(highest, end)
    return moved


def revenue_of(
    exports: Exports, accounts: dict[str, str], clock: date
) -> dict[tuple[str, Key, Key, str], dict[date, int]]:
    """Cents by account, product, use case and basis, and by month up to the clock; `accounts` by customer."""
    book = PriceBook(exports.newest("prices"), exports.newest("products"), exports.newest("meters"))
    rates = Rates()
    found: dict[tuple[str, Key, Key, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for versions in exports.versions["subscriptions"].values():
        account = accounts.get(versions[0][1]["customer"])
        month = day_of(versions[0][1]["start_date"]).replace(day=1)
        while account is not None and month <= clock:
            following = next_month(month)
            for parts, cents in mrr_at(versions, min(following - timedelta(days=1), clock), book, rates):
                found[account, *parts, "recurring"][month] += cents
                found[account, *parts, "total"][month] += cents
            month = following
    for invoice, line in lines_of(exports):
        account = accounts.get(invoice["customer"])
        if account is None:
            continue
        for parts, month, cents in metered_months(invoice, line, book, rates):
            found[account, *parts, "metered"][month] += cents
            found[account, *parts, "total"][month] += cents
    return found
