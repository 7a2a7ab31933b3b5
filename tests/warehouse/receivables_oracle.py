"""What customers owe and how late it is, written a second time: from the raw exports, one day after the other.

Read it from top to bottom to learn the definitions; the marts must agree with it to the cent. An invoice is past due
from the day after its due day; what the files of a day tell is known at the end of that day, and nothing earlier.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

BUCKETS = (("1_30_days", 1, 30), ("31_60_days", 31, 60), ("61_90_days", 61, 90), ("over_90_days", 91, 10**6))
WINDOW_DAYS = 90


@dataclass
class Day:
    """An account (or the company) at the end of a day, in US cents."""

    receivables: int = 0
    billed: int = 0
    past_due: dict[str, int] = field(default_factory=lambda: dict.fromkeys((name for name, _, _ in BUCKETS), 0))


class Rates:
    """US cents a minor unit, by currency and day: the newest rate of the seed holds."""

    def __init__(self, seeds: Path) -> None:
        with (seeds / "currencies.csv").open() as file:
            currencies = list(csv.DictReader(file))
        scale = {row["currency"]: Decimal(10) ** (2 - int(row["minor_unit_exponent"])) for row in currencies}
        self._rates: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        with (seeds / "fx_rates.csv").open() as file:
            for row in sorted(csv.DictReader(file), key=lambda row: row["rate_date"]):
                rate = Decimal(row["usd_rate"]) * scale[row["currency"]]
                self._rates[row["currency"]].append((row["rate_date"], rate))

    def cents(self, minor_units: int, currency: str, day: date) -> int:
        """Whole US cents, halves away from zero."""
        rates = self._rates[currency]
        _, rate = rates[bisect_right(rates, (day.isoformat(), Decimal("Infinity"))) - 1]
        return int((minor_units * rate).quantize(Decimal(1), ROUND_HALF_UP))


def day_of(epoch: int) -> date:
    """The UTC day of a time in seconds."""
    return datetime.fromtimestamp(epoch, UTC).date()


def dropped(folder: Path) -> list[dict[str, Any]]:
    """Invoices that the files of one day tell of."""
    files = sorted(folder.glob("invoices*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def receivables(exports: Path, accounts: Mapping[str, str], rates: Rates, until: date) -> dict[tuple[str, date], Day]:
    """Every day of every account (by customer in `accounts`), from the first drop of billing to `until`."""
    invoices: dict[str, dict[str, Any]] = {}
    billed: dict[str, int] = {}
    days: dict[tuple[str, date], Day] = defaultdict(Day)
    today = date.fromisoformat(min(folder.name for folder in (exports / "billing").iterdir()))
    while today <= until:
        for invoice in dropped(exports / "billing" / today.isoformat()):
            if invoice["status_transitions"]["finalized_at"] is None or invoice["customer"] not in accounts:
                continue
            invoices[invoice["id"]] = invoice
            finalized = day_of(invoice["status_transitions"]["finalized_at"])
            due = 0 if invoice["status"] == "void" else invoice["amount_due"]
            asked = rates.cents(due, invoice["currency"], finalized)
            days[accounts[invoice["customer"]], today].billed += asked - billed.get(invoice["id"], 0)
            billed[invoice["id"]] = asked
        for invoice in invoices.values():
            if invoice["status"] == "open":
                _owe(days[accounts[invoice["customer"]], today], invoice, rates, today)
        today += timedelta(days=1)
    return days


def _owe(day: Day, invoice: Mapping[str, Any], rates: Rates, today: date) -> None:
    finalized = day_of(invoice["status_transitions"]["finalized_at"])
    due = max(finalized, day_of(invoice["due_date"])) if invoice["due_date"] is not None else finalized
    owed = rates.cents(invoice["amount_remaining"], invoice["currency"], finalized)
    day.receivables += owed
    for name, from_days, to_days in BUCKETS:
        if from_days <= (today - due).days <= to_days:
            day.past_due[name] += owed


def days_sales_outstanding(history: list[Day]) -> float | None:
    """Receivables of the last day over what was billed in the window, times its days; `history` has a row a day."""
    window = history[-WINDOW_DAYS:]
    billed = sum(day.billed for day in window)
    return history[-1].receivables * len(window) / billed if billed > 0 else None


def count_back_days(history: list[Day]) -> int | None:
    """How many days of billing, the newest first, make up the receivables; None when all that is known does not."""
    covered = 0
    for days in range(len(history)):
        if covered >= history[-1].receivables:
            return days
        covered += history[-1 - days].billed
    return None
