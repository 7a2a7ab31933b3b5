"""Traps of billing: three currencies, and money that starts, stops, pauses, goes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.hostile.company import CANARY_MAIL, CANARY_NAME, FIRST, LAST, Drops, crm_id, epoch
from tests.hostile.people import DROPPED, EURO, PLAIN, YEN

# (customer, CRM serial or None, currency, unit amount in minor units)
CUSTOMERS = (
    ("cus_plain", PLAIN, "usd", 10_000),
    ("cus_euro", EURO, "eur", 10_000),
    ("cus_yen", YEN, "jpy", 10_000),
    ("cus_dropped", DROPPED, "usd", 10_000),
    ("cus_gmail_1", None, "usd", 2_000),
    ("cus_gmail_2", None, "usd", 3_000),
    ("cus_trial", None, "usd", 50_000),
    ("cus_paused", None, "usd", 70_000),
    ("cus_zero", None, "usd", 0),
    ("cus_packs", None, "usd", 5_000),
)
GMAIL = {"cus_gmail_1": "one@gmail.com", "cus_gmail_2": "two@gmail.com"}


def _price(currency: str, amount: int) -> dict[str, Any]:
    return {
        "id": f"price_{currency}_{amount}", "object": "price", "product": "prod_seat", "currency": currency,
        "unit_amount": amount, "unit_amount_decimal": str(amount), "billing_scheme": "per_unit", "tiers_mode": None,
        "active": True, "created": epoch(FIRST), "type": "recurring",
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed", "meter": None},
    }  # fmt: skip


def _subscription(
    drops: Drops, day: date, customer: str, currency: str, amount: int, quantity: int = 1, **changes: Any
) -> None:
    subscription = f"sub_{customer}"
    item = {
        "id": f"si_{customer}", "object": "subscription_item", "created": epoch(FIRST), "quantity": quantity,
        "price": _price(currency, amount), "subscription": subscription, "current_period_start": epoch(FIRST),
        "current_period_end": epoch(LAST),
    }  # fmt: skip
    drops.add(
        "billing", "subscriptions", day,
        {"id": subscription, "object": "subscription", "customer": customer, "status": "active", "currency": currency,
         "created": epoch(FIRST), "start_date": epoch(FIRST), "cancel_at_period_end": False, "ended_at": None,
         "canceled_at": None, "cancel_at": None, "trial_start": None, "trial_end": None, "metadata": {},
         "collection_method": "charge_automatically", "items": {"object": "list", "data": [item]}, **changes},
    )  # fmt: skip


def add_money_traps(drops: Drops) -> None:
    drops.add(
        "billing", "products", FIRST,
        {"id": "prod_seat", "object": "product", "name": "Seat", "active": True, "created": epoch(FIRST)},
    )  # fmt: skip
    for currency, amount in sorted({(currency, amount) for _, _, currency, amount in CUSTOMERS}):
        drops.add("billing", "prices", FIRST, _price(currency, amount))
    for customer, serial, currency, amount in CUSTOMERS:
        known = {"crm_account_id": crm_id(serial)} if serial else {}
        drops.add(
            "billing", "customers", FIRST,
            {"id": customer, "object": "customer", "created": epoch(FIRST), "name": customer, "currency": currency,
             "email": GMAIL.get(customer, CANARY_MAIL if customer == "cus_plain" else None), "balance": 0,
             "delinquent": False, "metadata": known, "description": CANARY_NAME, "phone": "+1 555 0100"},
        )  # fmt: skip
        states = {"cus_trial": "trialing", "cus_paused": "paused"}
        more: dict[str, dict[str, Any]] = {
            "cus_trial": {"trial_start": epoch(FIRST), "trial_end": epoch(LAST)},
            "cus_packs": {"items": _packages(customer, 25)},
        }
        status = states.get(customer, "active")
        _subscription(drops, FIRST, customer, currency, amount, status=status, **more.get(customer, {}))
    # 100 -> 0 -> 50: churn, then reactivation, under a subscription of its own.
    _subscription(
        drops, date(2026, 3, 15), "cus_dropped", "usd", 10_000, status="canceled", ended_at=epoch(date(2026, 3, 15)),
        canceled_at=epoch(date(2026, 3, 15)),
    )  # fmt: skip
    back = date(2026, 4, 20)
    _subscription(
        drops, back, "cus_dropped", "usd", 5_000, id="sub_back", created=epoch(back), start_date=epoch(back),
        items={"object": "list", "data": [
            {"id": "si_back", "object": "subscription_item", "created": epoch(back), "quantity": 1,
             "price": _price("usd", 5_000), "subscription": "sub_back", "current_period_start": epoch(back),
             "current_period_end": epoch(LAST)}]},
    )  # fmt: skip
    # Quantity 1 -> 3 -> 0: a division by nothing.
    _subscription(drops, date(2026, 3, 10), "cus_gmail_2", "usd", 3_000, quantity=3)
    _subscription(drops, date(2026, 5, 1), "cus_gmail_2", "usd", 3_000, quantity=0)
    # Fifty million dollars on one invoice.
    _invoice(drops, "in_huge", date(2026, 5, 3), "cus_plain", "paid", paid=True, amount=5_000_000_000)
    _invoice(drops, "in_void", date(2026, 2, 3), "cus_plain", "void", voided=True)
    _invoice(drops, "in_paid", date(2026, 3, 3), "cus_plain", "paid", paid=True)
    _invoice(drops, "in_overdue", date(2026, 3, 3), "cus_euro", "open")
    # A refund of more than was paid, on a charge that is also disputed.
    drops.add(
        "billing", "charges", date(2026, 3, 3),
        {"id": "ch_1", "object": "charge", "amount": 10_000, "amount_refunded": 12_000, "currency": "usd",
         "customer": "cus_plain", "created": epoch(date(2026, 3, 3)), "status": "succeeded", "paid": True,
         "disputed": True, "refunded": True, "failure_code": None, "payment_intent": "pi_1",
         "receipt_email": CANARY_MAIL, "outcome": {"type": "authorized"}},
    )  # fmt: skip
    drops.add(
        "billing", "refunds", date(2026, 3, 20),
        {"id": "re_1", "object": "refund", "amount": 12_000, "currency": "usd", "charge": "ch_1",
         "payment_intent": "pi_1", "created": epoch(date(2026, 3, 20)), "status": "succeeded", "reason": None},
    )  # fmt: skip


def _packages(customer: str, quantity: int) -> dict[str, Any]:
    """A list of items that has packages of ten, the last of which is not full."""
    price = {**_price("usd", 5_000), "id": "price_packs", "transform_quantity": {"divide_by": 10, "round": "up"}}
    item = {"id": "si_packs", "object": "subscription_item", "created": epoch(FIRST), "quantity": quantity,
            "price": price, "subscription": f"sub_{customer}", "current_period_start": epoch(FIRST),
            "current_period_end": epoch(LAST)}  # fmt: skip
    return {"object": "list", "data": [item]}


def _invoice(
    drops: Drops,
    invoice: str,
    day: date,
    customer: str,
    status: str,
    paid: bool = False,
    voided: bool = False,
    amount: int = 10_000,
) -> None:
    currency = "eur" if customer == "cus_euro" else "usd"
    line = {
        "id": f"il_{invoice}", "object": "line_item", "amount": amount, "currency": currency, "quantity": 1,
        "invoice": invoice, "period": {"start": epoch(day), "end": epoch(date(day.year, day.month + 1, day.day))},
        "pretax_credit_amounts": [], "metadata": {},
        "parent": {"type": "subscription_item_details", "subscription_item_details": {
            "subscription": f"sub_{customer}", "subscription_item": f"si_{customer}", "proration": False}},
        "pricing": {"type": "price_details", "unit_amount_decimal": "10000", "price_details": {
            "price": f"price_{currency}_10000", "product": "prod_seat"}},
    }  # fmt: skip
    moment = epoch(day)
    drops.add(
        "billing", "invoices", day,
        {"id": invoice, "object": "invoice", "number": invoice, "customer": customer, "status": status,
         "currency": currency, "created": moment, "billing_reason": "subscription_cycle", "due_date": moment,
         "collection_method": "send_invoice", "subtotal": amount, "total": amount, "amount_due": amount,
         "amount_paid": amount if paid else 0, "amount_remaining": 0 if paid else amount, "attempt_count": 1,
         "customer_email": CANARY_MAIL, "customer_name": CANARY_NAME, "period_start": moment, "period_end": moment,
         "lines": {"object": "list", "data": [line], "has_more": False, "total_count": 1},
         "parent": {"type": "subscription_details", "subscription_details": {"subscription": f"sub_{customer}"}},
         "status_transitions": {"finalized_at": moment, "paid_at": moment if paid else None,
                                "voided_at": moment if voided else None, "marked_uncollectible_at": None}},
    )  # fmt: skip
