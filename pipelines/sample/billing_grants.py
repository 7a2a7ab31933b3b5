"""What the billing simulation keeps of prepaid credits: grants, and every movement of their balances."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Grant:
    """Credits that pay for metered lines: amount = balance + drawn + expired + voided."""

    id: str
    name: str
    category: str  # paid or promotional
    priority: int
    amount: int
    balance: int
    effective_at: int
    expires_at: int | None
    created: int
    updated: int
    kind: str = "grant"  # or top_up, rollover, adjustment
    rolled_over_from: str | None = None  # the grant whose rest it is
    voided_at: int | None = None
    drawn: int = 0
    expired: int = 0
    voided: int = 0

    @property
    def metadata(self) -> dict[str, str]:
        """What billing notes on the grant: the vendor itself knows grants alone."""
        noted = {"kind": self.kind} if self.kind != "grant" else {}
        return {**noted, "rolled_over_from": self.rolled_over_from} if self.rolled_over_from else noted


@dataclass(slots=True)
class CreditMove:
    """A credit balance transaction."""

    id: str
    grant_id: str
    kind: str  # credits_granted, credits_application_invoice_voided, credits_applied, credits_expired, ...
    amount: int
    effective_at: int
    created: int
    invoice_id: str | None = None
    line_id: str | None = None

    @property
    def is_credit(self) -> bool:
        return self.kind in ("credits_granted", "credits_application_invoice_voided")
