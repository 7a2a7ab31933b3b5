"""Invoices in the sample company's Stripe exports: money adds up in every exported version, and is paid once."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.sample.billing import write_billing
from pipelines.sample.model import SampleSettings
from pipelines.sample.rating import Tier, graduated, money_text, prorate, round_half_up, whole_credits
from pipelines.sample.world import build_world
from tests.pipelines.billing_exports import (
    Exports,
    Row,
    applied,
    credited,
    lines_by_invoice,
    read,
    settings_day,
    tax_of,
)


def test_every_invoice_version_adds_up(stripe: Exports) -> None:
    lines = lines_by_invoice(stripe)
    for _, invoice in stripe.rows["invoices"]:
        own = lines[invoice["id"]]
        embedded = invoice["lines"]
        assert embedded["total_count"] == len(own)
        assert embedded["has_more"] == (len(own) > 10)
        assert len(embedded["data"]) == min(10, len(own))
        assert invoice["subtotal"] == sum(line["amount"] for line in own)
        credits = credited(invoice["total_pretax_credit_amounts"])
        discounts = sum(discount["amount"] for discount in invoice["total_discount_amounts"])
        assert discounts == sum(discount["amount"] for line in own for discount in line["discount_amounts"])
        if invoice["status"] == "draft":
            assert credits == 0
            assert invoice["number"] is None
        else:
            assert credits == applied(own)
        assert invoice["total"] == invoice["subtotal"] - discounts - credits + tax_of(invoice)
        moved = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
        if invoice["status"] != "draft":
            due = invoice["total"] - moved - invoice["pre_payment_credit_notes_amount"]
            assert invoice["amount_due"] == due >= 0
        assert invoice["amount_remaining"] == invoice["amount_due"] - invoice["amount_paid"] >= 0
        assert (invoice["amount_remaining"] == 0) == (invoice["status"] == "paid") or invoice["total"] <= 0
        if invoice["status"] == "paid":
            assert invoice["status_transitions"]["paid_at"] is not None


def test_lines_are_credited_at_most_in_full_and_only_when_metered(stripe: Exports) -> None:
    metered = {p["id"] for p in stripe.latest("prices").values() if p["recurring"]["meter"]}
    for line in stripe.latest("invoice_lines").values():
        credits = applied([line])
        assert 0 <= credits <= max(0, line["amount"])
        if credits:
            price = line["price"]["id"] if "price" in line else line["pricing"]["price_details"]["price"]
            assert price in metered


def test_meters_hold_exactly_the_usage(stripe: Exports) -> None:
    names = {meter["id"]: meter["event_name"] for meter in stripe.latest("meters").values()}
    customers = {account.stripe_customer_id: account.index for account in stripe.world.accounts}
    metered: dict[tuple[int, str, str], Decimal] = {}
    for day, row in stripe.rows["meter_event_summaries"]:
        start = datetime.fromtimestamp(row["start_time"], UTC).date()
        assert row["end_time"] - row["start_time"] == 86_400
        assert start.isoformat() == day
        use_case = names[row["meter"]].removesuffix("_credits")
        metered[customers[row["customer"]], use_case, day] = Decimal(str(row["aggregated_value"]))
    used: dict[tuple[int, str, str], Decimal] = {}
    for row in stripe.usage.to_pylist():
        day = (stripe.world.settings.start + timedelta(days=row["day"])).isoformat()
        if row["credits"]:
            used[row["account_index"], row["use_case_id"], day] = row["credits"]
    assert metered == used


def test_late_usage_drops_a_summary_again(tmp_path: Path) -> None:
    world = build_world(SampleSettings(40, 60, 3, date(2026, 10, 31), tmp_path))
    account = next(a for a in world.accounts if a.stripe_customer_id and a.signup_day < 20)
    usage = pa.table(
        {
            "account_index": pa.array([account.index] * 2, pa.int32()),
            "use_case_id": pa.array(["ingestion"] * 2),
            "day": pa.array([account.signup_day] * 2, pa.int32()),
            "received_day": pa.array([account.signup_day, account.signup_day + 3], pa.int32()),
            "credits": pa.array([Decimal("1.5"), Decimal("0.25")], pa.decimal128(18, 6)),
        }
    )
    write_billing(world, usage)
    found = read(tmp_path / "billing")["meter_event_summaries"]
    drops = [(settings_day(world, day), row["aggregated_value"]) for day, row in found]
    assert drops == [(account.signup_day, 1.5), (account.signup_day + 3, 1.75)]
    assert len({row["id"] for _, row in found}) == 1


def test_usage_is_invoiced_once(stripe: Exports) -> None:
    """Whole credits of every closed month, to half a credit a line group; trials and the open month are left out."""
    prices = stripe.latest("prices")
    products = stripe.latest("products")
    void = {i["id"] for i in stripe.latest("invoices").values() if i["status"] == "void"}
    invoices = stripe.latest("invoices")
    billed: dict[tuple[str, str], int] = defaultdict(int)
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in stripe.latest("invoice_lines").values():
        price_id = line["price"]["id"] if "price" in line else line["pricing"]["price_details"]["price"]
        price = prices[price_id]
        if price["recurring"]["meter"] and line["invoice"] not in void:
            key = (invoices[line["invoice"]]["customer"], products[price["product"]]["name"])
            billed[key] += line["quantity"]
            groups[key].add(line["invoice"])
    names = {m["display_name"]: m["event_name"].removesuffix("_credits") for m in stripe.latest("meters").values()}
    customers = {a.stripe_customer_id: a for a in stripe.world.accounts}
    assert billed
    used: dict[tuple[int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for row in stripe.usage.to_pylist():
        day = stripe.world.settings.start + timedelta(days=row["day"])
        used[row["account_index"], row["use_case_id"]].append((day, row["credits"]))
    for (customer, product), quantity in billed.items():
        account = customers[customer]
        truth = stripe.truth[account.index]
        start = date.fromisoformat(truth["billing_trial_end_date"] or "2000-01-01")
        end = date(2026, 11, 1) if truth["billing_ended_date"] else date(2026, 10, 1)
        own = used[account.index, names[product]]
        expected = sum((credits for day, credits in own if start <= day < end), Decimal(0))
        assert abs(quantity - expected) <= Decimal("0.5") * len(groups[customer, product])


def test_payments_match_invoices(stripe: Exports) -> None:
    invoices = stripe.latest("invoices")
    payments = {p["invoice"]: p for p in stripe.latest("invoice_payments").values()}
    by_intent: dict[str, list[Row]] = defaultdict(list)
    for charge in stripe.latest("charges").values():
        by_intent[charge["payment_intent"]].append(charge)
    for key, invoice in invoices.items():
        payment = payments.get(key)
        if payment is None:
            assert invoice["amount_paid"] == 0
            assert invoice["status"] in ("draft", "paid")
            continue
        charges = by_intent[payment["payment"]["payment_intent"]]
        good = [charge for charge in charges if charge["status"] == "succeeded"]
        assert payment["amount_requested"] == invoice["amount_due"]
        assert payment["status"] == {"paid": "paid", "void": "canceled"}.get(invoice["status"], "open")
        assert sum(charge["amount"] for charge in good) == invoice["amount_paid"]
        assert len(good) == (invoice["status"] == "paid")
        assert invoice["attempt_count"] == len(charges)
        for charge in charges:
            assert (charge["failure_code"] is not None) == (charge["status"] == "failed")


def test_corrections_stay_within_what_was_paid(stripe: Exports) -> None:
    refunds: dict[str, int] = defaultdict(int)
    for refund in stripe.latest("refunds").values():
        refunds[refund["charge"]] += refund["amount"]
    for key, charge in stripe.latest("charges").items():
        assert charge["amount_refunded"] == refunds.get(key, 0) <= charge["amount"]
        assert charge["refunded"] == (0 < charge["amount"] == charge["amount_refunded"])
    noted: dict[tuple[str, str], int] = defaultdict(int)
    for note in stripe.latest("credit_notes").values():
        assert note["total"] == note["amount"] >= note["subtotal"] == sum(x["amount"] for x in note["lines"]["data"])
        assert (note["status"] == "void") == (note["voided_at"] is not None)
        noted[note["invoice"], note["type"]] += note["amount"] * (note["status"] == "issued")
    for key, invoice in stripe.latest("invoices").items():
        assert invoice["pre_payment_credit_notes_amount"] == noted[key, "pre_payment"]
        assert invoice["post_payment_credit_notes_amount"] == noted[key, "post_payment"]


def test_customer_balance_follows_its_invoices(stripe: Exports) -> None:
    balance: dict[str, int] = defaultdict(int)
    for invoice in stripe.latest("invoices").values():
        if invoice["status"] not in ("draft", "void"):
            balance[invoice["customer"]] += (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    for key, customer in stripe.latest("customers").items():
        if "deleted" not in customer:
            assert customer["balance"] == balance[key] <= 0


def test_disputes_follow_the_planted_truth(stripe: Exports) -> None:
    """Each drop tells the status of its day; a disputed charge was paid by card and is marked from the first day on."""
    charges = stripe.latest("charges")
    told: dict[str, list[list[str]]] = defaultdict(list)
    for day, row in stripe.rows["disputes"]:
        told[row["id"]].append([day, row["status"]])
        assert row["amount"] == charges[row["charge"]]["amount"]
        assert row["is_charge_refundable"] == row["status"].startswith("warning_")
        assert row["evidence_details"]["has_evidence"] == (row["evidence_details"]["submission_count"] > 0)
        assert "under_review" not in row["status"] or row["evidence_details"]["has_evidence"]
    planted = {dispute["id"]: dispute for truth in stripe.truth.values() for dispute in truth["billing_disputes"]}
    assert told == {key: dispute["history"] for key, dispute in planted.items()}
    assert {row["id"] for row in charges.values() if row["disputed"]} == {d["charge_id"] for d in planted.values()}
    for dispute in planted.values():
        charge = charges[dispute["charge_id"]]
        assert (charge["status"], charge["amount_refunded"]) == ("succeeded", 0)
        assert charge["payment_method_details"]["type"] == "card"


@pytest.mark.parametrize(
    ("quantity", "parts"), [(0, [0]), (1, [1]), (100, [100]), (101, [100, 1]), (5000, [100, 900, 4000])]
)
def test_graduated_splits_the_quantity(quantity: int, parts: list[int]) -> None:
    tiers = (Tier(100, Decimal(100)), Tier(1000, Decimal("85.5")), Tier(None, Decimal(70)))
    charges = graduated(quantity, tiers)
    assert [charge.quantity for charge in charges] == parts
    for charge in charges:
        assert charge.amount == round_half_up(charge.quantity * charge.unit_amount)


def test_rounding_and_texts() -> None:
    assert round_half_up(Decimal("0.5")) == 1
    assert round_half_up(Decimal("-0.5")) == -1
    assert whole_credits(1_499_999) == 1
    assert whole_credits(1_500_000) == 2
    assert prorate(1000, 1, 3) == 333
    assert money_text(120_000, "usd") == "$1,200.00"
    assert money_text(Decimal("127.5"), "jpy") == "¥127.5"
    assert money_text(Decimal("78.2"), "eur") == "€0.782"
    with pytest.raises(ValueError, match="negative"):
        graduated(-1, (Tier(None, Decimal(1)),))
