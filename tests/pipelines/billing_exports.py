"""Billing exports of a sample company, read back as they were written."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.sample.billing import write_billing
from pipelines.sample.model import SampleSettings, World
from pipelines.sample.usage import daily_credits
from pipelines.sample.world import build_world

Row = dict[str, Any]


SOURCES = Path(__file__).resolve().parents[2] / "sources" / "billing.yml"


NEW_GENERATION = "2026-03-01"


OLD_ONLY = {
    "subscriptions": {"current_period_start", "current_period_end"},
    "invoices": {"subscription", "charge", "tax"},
    "invoice_lines": {"price", "proration", "subscription", "subscription_item"},
    "charges": {"invoice"},
}


NEW_ONLY = {"invoices": {"parent", "total_taxes"}, "invoice_lines": {"pricing", "parent"}}


@dataclass(frozen=True)
class Exports:
    """What was written: rows by table in the order of drops, each with its drop day."""

    world: World
    usage: pa.Table
    truth: dict[int, dict[str, Any]]
    rows: dict[str, list[tuple[str, Row]]]

    def latest(self, table: str) -> dict[str, Row]:
        return {row["id"]: row for _, row in self.rows[table]}


def read(root: Path) -> dict[str, list[tuple[str, Row]]]:
    rows: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for folder in sorted(root.iterdir()):
        for file in sorted(folder.iterdir()):
            for line in file.read_text(encoding="utf-8").splitlines():
                rows[file.stem].append((folder.name, json.loads(line)))
    return rows


def make(path: Path, accounts: int, days: int, seed: int = 7) -> Exports:
    world = build_world(SampleSettings(accounts, days, seed, date(2026, 10, 31), path))
    usage = daily_credits(world)
    truth = write_billing(world, usage)
    return Exports(world, usage, truth, read(path / "billing"))


def lines_by_invoice(company: Exports) -> dict[str, list[Row]]:
    """The newest version of every line, by invoice."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in company.latest("invoice_lines").values():
        lines[line["invoice"]].append(line)
    return lines


def applied(lines: list[Row]) -> int:
    return sum(credited(line["pretax_credit_amounts"]) for line in lines)


def credited(amounts: list[Row]) -> int:
    """The credits among pretax amounts; the newer generation repeats discounts there."""
    return sum(credit["amount"] for credit in amounts if credit["type"] == "credit_balance_transaction")


def tax_of(invoice: Row) -> int:
    if "total_taxes" in invoice:
        return sum(tax["amount"] for tax in invoice["total_taxes"])
    return invoice["tax"] or 0


def settings_day(world: World, day: str) -> int:
    return (date.fromisoformat(day) - world.settings.start).days
