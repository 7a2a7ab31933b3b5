"""Stripe's JSON shapes for invoices and their lines.

The older API generation names the subscription, the charge and the price directly; the newer one moved them
into `parent`, invoice payments and `pricing`.
"""

from __future__ import annotations

from pipelines.sample.billing_state import Customer, Invoice, Line
from pipelines.sample.rating import decimal_text
from pipelines.sample.stripe_objects import JsonObject, price_object

EMBEDDED_LINES = 10
TAX_RATE_ID = "txr_1QkEuVatTwentyPercent0"


def line_object(line: Line, invoice: Invoice, customer: Customer, is_new: bool) -> JsonObject:
    """A line; the older generation embeds the whole price."""
    unit_text = decimal_text(line.unit_amount)
    pretax: list[JsonObject] = [
        {"amount": amount, "credit_balance_transaction": move, "type": "credit_balance_transaction"}
        for move, amount in line.pretax_credits
    ]
    shape: JsonObject = {
        "id": line.id,
        "object": "line_item",
        "amount": line.amount,
        "currency": customer.currency,
        "description": line.description,
        "discount_amounts": [{"amount": line.discount[1], "discount": line.discount[0]}] if line.discount else [],
        "discountable": not line.is_proration,
        "discounts": [line.discount[0]] if line.discount else [],
        "invoice": invoice.id,
        "livemode": True,
        "metadata": {},
        "period": {"end": line.period_end, "start": line.period_start},
        "pretax_credit_amounts": pretax,
        "quantity": line.quantity,
    }
    if is_new and line.discount:
        off = {"amount": line.discount[1], "discount": line.discount[0], "type": "discount"}
        shape["pretax_credit_amounts"] = [*pretax, off]
    credited = None
    if line.credited is not None:
        credited = {"invoice": line.credited[0], "invoice_line_items": [line.credited[1]]}
    if is_new:
        shape["subtotal"] = line.amount
        shape["parent"] = {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": line.invoice_item_id,
                "proration": line.is_proration,
                "proration_details": {"credited_items": credited},
                "subscription": line.subscription_id,
                "subscription_item": line.item_id,
            },
            "type": "subscription_item_details",
        }
        shape["pricing"] = {
            "price_details": {"price": line.price.id, "product": line.price.product_id},
            "type": "price_details",
            "unit_amount_decimal": unit_text,
        }
    else:
        shape["price"] = price_object(line.price)
        shape["proration"] = line.is_proration
        shape["proration_details"] = {"credited_items": credited}
        shape["subscription"] = line.subscription_id
        shape["subscription_item"] = line.item_id
        shape["invoice_item"] = line.invoice_item_id
        shape["type"] = "subscription" if line.invoice_item_id is None else "invoiceitem"
        shape["unit_amount_excluding_tax"] = unit_text
    return shape


def invoice_object(invoice: Invoice, customer: Customer, is_new: bool) -> JsonObject:
    """An invoice with its first ten lines."""
    embedded = [line_object(line, invoice, customer, is_new) for line in invoice.lines[:EMBEDDED_LINES]]
    credits: dict[str, int] = {}
    discounts: dict[str, int] = {}
    for line in invoice.lines:
        if line.discount:
            discounts[line.discount[0]] = discounts.get(line.discount[0], 0) + line.discount[1]
        for move, amount in line.pretax_credits:
            credits[move] = credits.get(move, 0) + amount
    pretax: list[JsonObject] = [
        {"amount": amount, "credit_balance_transaction": move, "type": "credit_balance_transaction"}
        for move, amount in credits.items()
    ]
    shape: JsonObject = {
        "id": invoice.id,
        "object": "invoice",
        "account_country": "US",
        "amount_due": invoice.amount_due,
        "amount_paid": invoice.amount_paid,
        "amount_remaining": invoice.amount_remaining,
        "attempt_count": invoice.attempt_count,
        "attempted": invoice.attempt_count > 0,
        "auto_advance": invoice.status in ("draft", "open"),
        "billing_reason": invoice.billing_reason,
        "collection_method": invoice.subscription.collection_method,
        "created": invoice.created,
        "currency": customer.currency,
        "customer": customer.id,
        "customer_email": customer.email,
        "customer_name": customer.name,
        "description": None,
        "discounts": list(discounts),
        "due_date": invoice.due_date,
        "effective_at": invoice.finalized_at,
        "ending_balance": invoice.ending_balance,
        "lines": {
            "object": "list",
            "data": embedded,
            "has_more": len(invoice.lines) > EMBEDDED_LINES,
            "total_count": len(invoice.lines),
            "url": f"/v1/invoices/{invoice.id}/lines",
        },
        "livemode": True,
        "metadata": invoice.metadata,
        "next_payment_attempt": invoice.next_payment_attempt,
        "number": invoice.number,
        "period_end": invoice.period_end,
        "period_start": invoice.period_start,
        "post_payment_credit_notes_amount": invoice.post_payment_notes,
        "pre_payment_credit_notes_amount": invoice.pre_payment_notes,
        "starting_balance": invoice.starting_balance,
        "status": invoice.status,
        "status_transitions": {
            "finalized_at": invoice.finalized_at,
            "marked_uncollectible_at": invoice.uncollectible_at,
            "paid_at": invoice.paid_at,
            "voided_at": invoice.voided_at,
        },
        "subtotal": invoice.subtotal,
        "total": invoice.total,
        "total_discount_amounts": [{"amount": amount, "discount": key} for key, amount in discounts.items()],
        "total_excluding_tax": invoice.total - invoice.tax,
        "total_pretax_credit_amounts": pretax,
    }
    if is_new:
        shape["total_pretax_credit_amounts"] = pretax + [
            {"amount": amount, "discount": key, "type": "discount"} for key, amount in discounts.items()
        ]
        shape["parent"] = {
            "quote_details": None,
            "subscription_details": {"metadata": {}, "subscription": invoice.subscription.id},
            "type": "subscription_details",
        }
        shape["total_taxes"] = _taxes(invoice)
    else:
        shape["subscription"] = invoice.subscription.id
        shape["charge"] = invoice.charge_id
        shape["payment_intent"] = invoice.payment_intent_id
        shape["paid"] = invoice.status == "paid"
        shape["tax"] = invoice.tax if invoice.tax_percent else None
    return shape


def _taxes(invoice: Invoice) -> list[JsonObject]:
    if not invoice.tax_percent:
        return []
    return [
        {
            "amount": invoice.tax,
            "tax_behavior": "exclusive",
            "tax_rate_details": {"tax_rate": TAX_RATE_ID},
            "taxability_reason": "standard_rated",
            "taxable_amount": invoice.taxable,
            "type": "tax_rate_details",
        }
    ]
