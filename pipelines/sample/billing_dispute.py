"""A dispute, and the JSON shape that Stripe gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.sample.billing_state import Charge, Customer
from pipelines.sample.stripe_objects import JsonObject


@dataclass(slots=True)
class Dispute:
    """A customer's bank wants the money of a card payment back."""

    id: str
    charge: Charge
    amount: int
    status: str
    reason: str
    created: int
    due_by: int  # evidence that comes later does not count
    submissions: int = 0
    history: list[tuple[int, str]] = field(default_factory=list)  # day, status from then on

    @property
    def is_inquiry(self) -> bool:
        """True while the bank only asks: no money has moved yet."""
        return self.status.startswith("warning_")


def dispute_object(dispute: Dispute, customer: Customer, is_past_due: bool) -> JsonObject:
    """A dispute as it stands; evidence itself is left out, as exports do."""
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge.id,
        "created": dispute.created,
        "currency": customer.currency,
        "evidence_details": {
            "due_by": dispute.due_by,
            "has_evidence": dispute.submissions > 0,
            "past_due": is_past_due and not dispute.submissions,
            "submission_count": dispute.submissions,
        },
        "is_charge_refundable": dispute.is_inquiry,
        "livemode": True,
        "metadata": {},
        "payment_intent": dispute.charge.invoice.payment_intent_id,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "inquiry" if dispute.is_inquiry else "chargeback"},
            "type": "card",
        },
        "reason": dispute.reason,
        "status": dispute.status,
    }
