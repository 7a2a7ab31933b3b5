"""Stripe's JSON shapes for customers, the price book, subscriptions and credits.

Two API generations occur: the older holds billing periods on the subscription, the newer on its items.
"""

from __future__ import annotations

from pipelines.sample.billing_catalog import Meter, Product
from pipelines.sample.billing_grants import CreditMove, Grant
from pipelines.sample.billing_state import Customer, Item, Price, Subscription
from pipelines.sample.rating import decimal_text

JsonObject = dict[str, object]


def customer_object(customer: Customer) -> JsonObject:
    """The customer, or the stub that a deletion leaves."""
    if customer.is_deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    return {
        "id": customer.id,
        "object": "customer",
        "address": {
            "city": None,
            "country": customer.country,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "balance": customer.balance,
        "created": customer.created,
        "currency": customer.currency,
        "default_source": None,
        "delinquent": customer.is_delinquent,
        "description": None,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": customer.prefix,
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None},
        "livemode": True,
        "metadata": customer.metadata,
        "name": customer.name,
        "next_invoice_sequence": customer.next_invoice,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def product_object(product: Product, is_active: bool, updated: int) -> JsonObject:
    """A product."""
    return {
        "id": product.id,
        "object": "product",
        "active": is_active,
        "created": product.created,
        "default_price": None,
        "description": product.description,
        "images": [],
        "livemode": True,
        "metadata": {},
        "name": product.name,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": product.unit_label,
        "updated": updated,
        "url": None,
    }


def price_object(price: Price, is_active: bool = True, has_tiers: bool = False) -> JsonObject:
    """The price; tiers are only given where the exporter expands them, as it does in the prices file."""
    is_tiered = bool(price.tiers)
    shape: JsonObject = {
        "id": price.id,
        "object": "price",
        "active": is_active,
        "billing_scheme": "tiered" if is_tiered else "per_unit",
        "created": price.created,
        "currency": price.currency,
        "livemode": True,
        "lookup_key": None,
        "metadata": {},
        "nickname": price.key,
        "product": price.product_id,
        "recurring": {
            "interval": price.interval,
            "interval_count": 1,
            "meter": price.meter_id,
            "trial_period_days": None,
            "usage_type": "metered" if price.is_metered else "licensed",
        },
        "tax_behavior": "exclusive",
        "tiers_mode": price.tiers_mode if is_tiered else None,
        "transform_quantity": {"divide_by": price.package_size, "round": "up"} if price.package_size else None,
        "type": "recurring",
        "unit_amount": None,
        "unit_amount_decimal": None,
    }
    if price.unit_amount is not None:
        is_whole = price.unit_amount == int(price.unit_amount)
        shape["unit_amount"] = int(price.unit_amount) if is_whole else None
        shape["unit_amount_decimal"] = decimal_text(price.unit_amount)
    if is_tiered and has_tiers:
        shape["tiers"] = [
            {
                "flat_amount": None,
                "flat_amount_decimal": None,
                "unit_amount": int(tier.unit_amount) if tier.unit_amount == int(tier.unit_amount) else None,
                "unit_amount_decimal": decimal_text(tier.unit_amount),
                "up_to": tier.up_to,
            }
            for tier in price.tiers
        ]
    return shape


def _item_object(item: Item, subscription_id: str, is_new: bool) -> JsonObject:
    shape: JsonObject = {
        "id": item.id,
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": item.created,
        "discounts": [],
        "metadata": {},
        "price": price_object(item.price),
        "subscription": subscription_id,
        "tax_rates": [],
    }
    if item.quantity is not None:
        shape["quantity"] = item.quantity
    if is_new:
        shape["current_period_start"] = item.period_start
        shape["current_period_end"] = None if item.hides_period else item.period_end
    return shape


def subscription_object(subscription: Subscription, customer: Customer, is_new: bool) -> JsonObject:
    """A subscription with its items."""
    shape: JsonObject = {
        "id": subscription.id,
        "object": "subscription",
        "application": None,
        "automatic_tax": {"enabled": False, "liability": None},
        "billing_cycle_anchor": subscription.anchor,
        "cancel_at": subscription.cancel_at,
        "cancel_at_period_end": subscription.cancel_at_period_end,
        "canceled_at": subscription.canceled_at,
        "cancellation_details": {
            "comment": None,
            "feedback": subscription.cancel_feedback,
            "reason": subscription.cancel_reason,
        },
        "collection_method": subscription.collection_method,
        "created": subscription.start,
        "currency": customer.currency,
        "customer": customer.id,
        "days_until_due": subscription.days_until_due,
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [subscription.discount_id] if subscription.discount_id else [],
        "ended_at": subscription.ended_at,
        "items": {
            "object": "list",
            "data": [_item_object(item, subscription.id, is_new) for item in subscription.items],
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={subscription.id}",
        },
        "latest_invoice": subscription.latest_invoice,
        "livemode": True,
        "metadata": subscription.metadata,
        "next_pending_invoice_item_invoice": None,
        "pause_collection": {"behavior": subscription.pause, "resumes_at": subscription.resumes_at}
        if subscription.pause
        else None,
        "pending_update": None,
        "schedule": None,
        "start_date": subscription.start,
        "status": subscription.status,
        "test_clock": None,
        "trial_end": subscription.trial_end,
        "trial_start": subscription.trial_start,
    }
    if is_new:
        shape["billing_mode"] = {"type": "classic"}
    else:
        shape["current_period_start"] = subscription.period_start
        shape["current_period_end"] = subscription.period_end
    return shape


def meter_object(meter: Meter) -> JsonObject:
    """A meter."""
    return {
        "id": meter.id,
        "object": "billing.meter",
        "created": meter.created,
        "customer_mapping": {"event_payload_key": "stripe_customer_id", "type": "by_id"},
        "default_aggregation": {"formula": "sum"},
        "display_name": meter.name,
        "event_name": meter.event_name,
        "event_time_window": None,
        "livemode": True,
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": meter.created,
        "value_settings": {"event_payload_key": "value"},
    }


def _monetary(amount: int, currency: str) -> JsonObject:
    return {"monetary": {"currency": currency, "value": amount}, "type": "monetary"}


def grant_object(grant: Grant, customer: Customer) -> JsonObject:
    """A credit grant."""
    return {
        "id": grant.id,
        "object": "billing.credit_grant",
        "amount": _monetary(grant.amount, customer.currency),
        "applicability_config": {"scope": {"price_type": "metered"}},
        "category": grant.category,
        "created": grant.created,
        "customer": customer.id,
        "effective_at": grant.effective_at,
        "expires_at": grant.expires_at,
        "livemode": True,
        "metadata": grant.metadata,
        "name": grant.name,
        "priority": grant.priority,
        "test_clock": None,
        "updated": grant.updated,
        "voided_at": grant.voided_at,
    }


def credit_move_object(move: CreditMove, customer: Customer) -> JsonObject:
    """A credit balance transaction."""
    side: JsonObject = {"amount": _monetary(move.amount, customer.currency), "type": move.kind}
    if move.invoice_id is not None:
        side[move.kind] = {"invoice": move.invoice_id, "invoice_line_item": move.line_id}
    return {
        "id": move.id,
        "object": "billing.credit_balance_transaction",
        "created": move.created,
        "credit": side if move.is_credit else None,
        "credit_grant": move.grant_id,
        "debit": None if move.is_credit else side,
        "effective_at": move.effective_at,
        "livemode": True,
        "test_clock": None,
        "type": "credit" if move.is_credit else "debit",
    }


def balance_summary_object(grants: list[Grant], customer: Customer) -> JsonObject:
    """What the vendor says a customer has left."""
    left = _monetary(sum(grant.balance for grant in grants), customer.currency)
    return {
        "object": "billing.credit_balance_summary",
        "balances": [{"available_balance": left, "ledger_balance": left}],
        "customer": customer.id,
        "livemode": True,
    }
