"""Stripe's JSON shapes for what pays or corrects an invoice: payments, charges, credit notes and refunds."""

from __future__ import annotations

from pipelines.sample.billing_state import Charge, CreditNote, Customer, Invoice, Refund
from pipelines.sample.stripe_objects import JsonObject

_FAILURES = {
    "card_declined": ("Your card was declined.", "generic_decline"),
    "insufficient_funds": ("Your card has insufficient funds.", "insufficient_funds"),
    "expired_card": ("Your card has expired.", "expired_card"),
    "processing_error": ("An error occurred while processing your card.", "processing_error"),
}
FAILURE_CODES = tuple(_FAILURES)


def invoice_payment_object(invoice: Invoice, customer: Customer) -> JsonObject:
    """The payment that an invoice asks for; its state follows the invoice."""
    is_paid, is_canceled = invoice.status == "paid", invoice.status == "void"
    return {
        "id": invoice.payment_id,
        "object": "invoice_payment",
        "amount_paid": invoice.amount_paid if is_paid else None,
        "amount_requested": invoice.amount_due,
        "created": invoice.finalized_at,
        "currency": customer.currency,
        "invoice": invoice.id,
        "is_default": True,
        "livemode": True,
        "payment": {"payment_intent": invoice.payment_intent_id, "type": "payment_intent"},
        "status": "paid" if is_paid else "canceled" if is_canceled else "open",
        "status_transitions": {"canceled_at": invoice.voided_at, "paid_at": invoice.paid_at},
    }


def charge_object(charge: Charge, customer: Customer, is_new: bool) -> JsonObject:
    """A charge, declined ones with the reason."""
    outcome: JsonObject = {
        "network_status": "approved_by_network",
        "reason": None,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    message = None
    if charge.failure_code is not None:
        message, reason = _FAILURES[charge.failure_code]
        seller = "The bank did not return any further details with this decline."
        outcome = {
            "network_status": "declined_by_network",
            "reason": reason,
            "seller_message": seller,
            "type": "issuer_declined",
        }
    shape: JsonObject = {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount if charge.status == "succeeded" else 0,
        "amount_refunded": charge.amount_refunded,
        "balance_transaction": None,
        "captured": charge.status == "succeeded",
        "created": charge.created,
        "currency": customer.currency,
        "customer": customer.id,
        "description": "Subscription update",
        "disputed": charge.is_disputed,
        "failure_code": charge.failure_code,
        "failure_message": message,
        "livemode": True,
        "metadata": {},
        "outcome": outcome,
        "paid": charge.status == "succeeded",
        "payment_intent": charge.invoice.payment_intent_id,
        "payment_method_details": {"type": charge.method},
        "receipt_email": None,
        "refunded": 0 < charge.amount <= charge.amount_refunded,
        "status": charge.status,
    }
    if not is_new:
        shape["invoice"] = charge.invoice.id
    return shape


def credit_note_object(note: CreditNote, customer: Customer, is_new: bool) -> JsonObject:
    """A credit note of one line."""
    amount = note.subtotal + note.tax
    line: JsonObject = {
        "id": f"cnli_{note.id[3:]}",
        "object": "credit_note_line_item",
        "amount": note.subtotal,
        "description": note.line.description,
        "discount_amount": 0,
        "invoice_line_item": note.line.id,
        "livemode": True,
        "quantity": None,
        "tax_rates": [],
        "type": "invoice_line_item",
        "unit_amount": None,
        "unit_amount_decimal": None,
    }
    shape: JsonObject = {
        "id": note.id,
        "object": "credit_note",
        "amount": amount,
        "created": note.created,
        "currency": customer.currency,
        "customer": customer.id,
        "discount_amount": 0,
        "effective_at": note.created,
        "invoice": note.invoice.id,
        "lines": {
            "object": "list",
            "data": [line],
            "has_more": False,
            "url": f"/v1/credit_notes/{note.id}/lines",
        },
        "livemode": True,
        "memo": None,
        "metadata": {},
        "number": note.number,
        "out_of_band_amount": None,
        "reason": note.reason,
        "status": "issued" if note.voided_at is None else "void",
        "subtotal": note.subtotal,
        "total": amount,
        "total_excluding_tax": note.subtotal,
        "type": note.type,
        "voided_at": note.voided_at,
    }
    if is_new:
        is_post = note.type == "post_payment"
        shape["post_payment_amount"] = amount if is_post else 0
        shape["pre_payment_amount"] = 0 if is_post else amount
        shape["refunds"] = [{"amount_refunded": amount, "refund": note.refund_id}] if note.refund_id else []
    else:
        shape["refund"] = note.refund_id
    return shape


def refund_object(refund: Refund, customer: Customer) -> JsonObject:
    """A refund."""
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": None,
        "charge": refund.charge.id,
        "created": refund.created,
        "currency": customer.currency,
        "metadata": {},
        "payment_intent": refund.charge.invoice.payment_intent_id,
        "reason": refund.reason,
        "receipt_number": None,
        "status": refund.status,
    }
