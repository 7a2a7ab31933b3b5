"""Credits in the sample company's Stripe exports: the ledger balances at every step, and pays in the right order."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from tests.pipelines.billing_exports import (
    Exports,
)


def test_credit_ledger_balances_at_every_step(stripe: Exports) -> None:
    balance: dict[str, int] = defaultdict(int)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, move in stripe.rows["credit_balance_transactions"]:
        side = move[move["type"]]
        amount = side["amount"]["monetary"]["value"]
        assert amount > 0
        balance[move["credit_grant"]] += amount if move["type"] == "credit" else -amount
        sums[move["credit_grant"]][side["type"]] += amount
        assert balance[move["credit_grant"]] >= 0, day
    grants = stripe.latest("credit_grants")
    assert set(grants) == set(sums)
    planted = {grant["id"]: grant for truth in stripe.truth.values() for grant in truth["billing_grants"]}
    for key, grant in grants.items():
        drawn = sums[key]["credits_applied"] - sums[key]["credits_application_invoice_voided"]
        expired, voided = sums[key]["credits_expired"], sums[key]["credits_voided"]
        assert sums[key]["credits_granted"] == grant["amount"]["monetary"]["value"]
        assert sums[key]["credits_granted"] == drawn + expired + voided + balance[key]
        assert (drawn, expired, voided, balance[key]) == tuple(
            planted[key][name] for name in ("drawn", "expired", "voided", "balance")
        )
        assert (grant["voided_at"] is not None) == (voided > 0)


def test_contracts_carry_over_what_they_say(stripe: Exports) -> None:
    kinds: dict[str, int] = defaultdict(int)
    for account in stripe.world.accounts:
        grants = {grant["id"]: grant for grant in stripe.truth.get(account.index, {}).get("billing_grants", [])}
        carried = {grant["rolled_over_from"]: grant for grant in grants.values() if grant["rolled_over_from"]}
        for grant in grants.values():
            kinds[grant["kind"]] += 1
            terms = account.contract
            renewed = any(
                other["effective_date"] == grant["expires_date"] and other["kind"] == "grant"
                for other in grants.values()
                if other["category"] == "paid"
            )
            if terms is None or grant["category"] != "paid" or grant["kind"] != "grant" or not renewed:
                assert grant["id"] not in carried
                continue
            rest = grant["expired"] * (0 if terms.discrepancy == "rollover" else terms.rollover_percent) // 100
            due = rest if terms.rollover_cap_minor is None else min(rest, terms.rollover_cap_minor)
            assert carried[grant["id"]]["amount"] == due if due else grant["id"] not in carried
    assert min(kinds[kind] for kind in ("grant", "rollover", "top_up", "adjustment")) > 0


def test_the_vendor_reports_what_is_left(stripe: Exports) -> None:
    for index, truth in stripe.truth.items():
        customer = stripe.world.accounts[index].stripe_customer_id
        reports = [row for _, row in stripe.rows["credit_balance_summaries"] if row["customer"] == customer]
        left = sum(grant["balance"] for grant in truth.get("billing_grants", []))
        assert bool(reports) == bool(truth.get("billing_grants"))
        if reports:
            assert reports[-1]["balances"][0]["ledger_balance"]["monetary"]["value"] == left


def test_ledger_and_lines_name_the_same_credits(stripe: Exports) -> None:
    on_lines = {
        credit["credit_balance_transaction"]: (credit["amount"], line["id"])
        for line in stripe.latest("invoice_lines").values()
        for credit in line["pretax_credit_amounts"]
        if credit["type"] == "credit_balance_transaction"
    }
    in_ledger = {
        move["id"]: (
            move["debit"]["amount"]["monetary"]["value"],
            move["debit"]["credits_applied"]["invoice_line_item"],
        )
        for move in stripe.latest("credit_balance_transactions").values()
        if move["debit"] and move["debit"]["type"] == "credits_applied"
    }
    assert on_lines == in_ledger


def test_lower_priority_numbers_burn_first(stripe: Exports) -> None:
    grants = stripe.latest("credit_grants")
    ledger = [move for _, move in stripe.rows["credit_balance_transactions"]]
    left: dict[str, int] = defaultdict(int)
    for move in ledger:
        amount = move[move["type"]]["amount"]["monetary"]["value"]
        left[move["credit_grant"]] += amount if move["type"] == "credit" else -amount
        if move["debit"] is None or move["debit"]["type"] != "credits_applied":
            continue
        own = grants[move["credit_grant"]]
        for other in grants.values():
            if other["customer"] == own["customer"] and other["priority"] < own["priority"]:
                is_usable = other["effective_at"] <= move["created"] <= other["expires_at"]
                assert not (is_usable and left[other["id"]] and not other["voided_at"])


def test_commit_stories_show(stripe: Exports) -> None:
    fast = [a for a in stripe.world.accounts if a.story == "commit_fast" and not a.is_prospect]
    slow = [a for a in stripe.world.accounts if a.story == "commit_slow" and not a.is_prospect]
    assert fast
    assert slow
    for account in fast:
        start = stripe.world.settings.start + timedelta(days=account.signup_day)
        day = stripe.truth[account.index]["billing_commit_exhausted_date"]
        if account.signup_day + 270 < stripe.world.settings.days:
            assert day is not None
            assert 0.45 <= (date.fromisoformat(day) - start).days / 365 <= 0.75
    for account in slow:
        assert stripe.truth[account.index]["billing_commit_exhausted_date"] is None
