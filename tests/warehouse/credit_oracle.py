"""The credit ledger of Stripe, written a second time: from the raw exports, by hand, one grant at a time.

Read it from top to bottom to learn what the ledger promises; the models must agree with it to the cent.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

PARTS = ("granted", "drawn", "expired", "voided", "rolled", "balance")
TYPES = {
    "credits_applied": "draw_down",
    "credits_application_invoice_voided": "draw_down",
    "credits_expired": "expiry",
    "credits_voided": "void",
}
PART_OF = {"draw_down": "drawn", "expiry": "expired", "void": "voided", "rollover": "rolled"}


@dataclass
class Grant:
    """A grant with its entries: time, place among those of one second, type, minor units with sign."""

    record: dict[str, Any]
    entries: list[tuple[int, int, str, int]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What opened it."""
        return str(self.record["metadata"].get("kind", "grant"))

    @property
    def amount(self) -> int:
        """Granted, in minor units."""
        return int(self.record["amount"]["monetary"]["value"])

    @property
    def last_day(self) -> date:
        """The day on which it is over, or of its last entry where that is later; none without an expiry."""
        if self.record["expires_at"] is None:
            return date.max
        over = min(self.record["expires_at"], self.record["voided_at"] or self.record["expires_at"])
        return day_of(max(over, max(entry[0] for entry in self.entries)))


def day_of(epoch: int) -> date:
    """The day of a time, in UTC."""
    return datetime.fromtimestamp(epoch, UTC).date()


def newest(exports: Path, table: str) -> Iterator[dict[str, Any]]:
    """The newest version of each object: later drop days win."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((exports / "billing").glob(f"*/{table}.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["id"]] = record
    yield from found.values()


def read_grants(exports: Path) -> dict[str, Grant]:
    """All grants with the entries of the vendor, and both sides of each rollover."""
    grants = {record["id"]: Grant(record) for record in newest(exports, "credit_grants")}
    for move in newest(exports, "credit_balance_transactions"):
        side = move[move["type"]]
        grant = grants[move["credit_grant"]]
        kind = grant.kind if side["type"] == "credits_granted" else TYPES[side["type"]]
        amount = side["amount"]["monetary"]["value"] * (1 if move["type"] == "credit" else -1)
        grant.entries.append((move["effective_at"], 0, kind, amount))
    for grant in grants.values():
        before = grants.get(grant.record["metadata"].get("rolled_over_from", ""))
        if before is not None:  # this much did not expire after all: it left for the new grant
            at = grant.record["effective_at"]
            before.entries += [(at, 1, "expiry", grant.amount), (at, 2, "rollover", -grant.amount)]
    return grants


def read_rates(seeds: Path) -> dict[str, list[tuple[date, Decimal]]]:
    """US cents of a minor unit by currency, from each day on."""
    with (seeds / "currencies.csv").open() as file:
        exponents = {row["currency"]: int(row["minor_unit_exponent"]) for row in csv.DictReader(file)}
    rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    with (seeds / "fx_rates.csv").open() as file:
        for row in csv.DictReader(file):
            scale = Decimal(10) ** (2 - exponents[row["currency"]])
            rates[row["currency"]].append((date.fromisoformat(row["rate_date"]), Decimal(row["usd_rate"]) * scale))
    return {currency: sorted(known) for currency, known in rates.items()}


def rate_of(grant: Grant, grants: dict[str, Grant], rates: dict[str, list[tuple[date, Decimal]]]) -> Decimal:
    """The rate of the day on which the credits were first granted, however often they rolled over since."""
    origin = grant
    while origin.record["metadata"].get("rolled_over_from") in grants:
        origin = grants[origin.record["metadata"]["rolled_over_from"]]
    first = day_of(origin.record["effective_at"])
    return [rate for day, rate in rates[grant.record["amount"]["monetary"]["currency"]] if day <= first][-1]


def daily_cents(grant: Grant, rate: Decimal, until: date) -> dict[date, dict[str, int]]:
    """What the grant is made of at the end of each day, in whole US cents."""
    changes: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(PARTS, 0))
    units = cents = 0
    # Of entries of one second what comes in is counted first.
    for at, _, kind, amount in sorted(grant.entries, key=lambda entry: (entry[0], entry[1], -entry[3])):
        units += amount
        after = int((units * rate).quantize(Decimal(1), ROUND_HALF_UP))
        part = PART_OF.get(kind, "granted")
        changes[day_of(at)][part] += (after - cents) * (1 if part == "granted" else -1)
        changes[day_of(at)]["balance"] += after - cents
        cents = after
    days: dict[date, dict[str, int]] = {}
    state = dict.fromkeys(PARTS, 0)
    day = min(changes)
    while day <= min(until, grant.last_day):
        state = {part: state[part] + changes[day][part] for part in PARTS}
        days[day] = state
        day += timedelta(days=1)
    return days


def burn_order(grants: list[Grant]) -> list[Grant]:
    """Grants of a customer that hold something, first the one that pays first."""
    never = 2**62
    return sorted(
        grants,
        key=lambda grant: (
            grant.record["priority"],
            grant.record["expires_at"] or never,
            grant.record["effective_at"],
            grant.record["id"],
        ),
    )
