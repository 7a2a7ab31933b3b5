"""The sample company's Stripe exports: shapes fit their generation, subscriptions tell one story, rare cases occur."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tests.pipelines import test_sample_billing_credits as credits
from tests.pipelines import test_sample_billing_invoices as invoices
from tests.pipelines.billing_exports import (
    NEW_GENERATION,
    NEW_ONLY,
    OLD_ONLY,
    SOURCES,
    Exports,
    Row,
    make,
)


def test_tables_and_columns_are_those_of_the_contract(stripe: Exports) -> None:
    tables = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"][0]["tables"]
    for table in tables:
        name = table["name"]
        if "files" not in table.get("config", {}).get("meta", {}):
            continue  # what landing itself keeps
        columns = {column["name"] for column in table["columns"] if not column["name"].startswith("_")}
        for generation in ("old", "new"):
            foreign = (NEW_ONLY if generation == "old" else OLD_ONLY).get(name, set())
            wanted = columns - foreign
            keys = {
                key for day, row in stripe.rows[name] if (day >= NEW_GENERATION) == (generation == "new") for key in row
            }
            if keys:
                missing = wanted - keys - {"deleted", "tiers"}
                assert not missing, (name, generation, missing)
                assert not foreign & keys - wanted, (name, generation)


def test_subscription_versions_tell_a_consistent_story(stripe: Exports) -> None:
    versions: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for day, row in stripe.rows["subscriptions"]:
        versions[row["id"]].append((day, row))
    for history in versions.values():
        days = [day for day, _ in history]
        assert days == sorted(set(days)), "one version a day"
        for day, row in history:
            is_over = row["status"] == "canceled"
            assert is_over == (row["ended_at"] is not None)
            if is_over:
                assert datetime.fromtimestamp(row["ended_at"], UTC).date().isoformat() == day
            assert len({item["id"] for item in row["items"]["data"]}) == len(row["items"]["data"])
        months = {day for day in days if day.endswith("-01")}
        first, last = date.fromisoformat(days[0]), history[-1][1]["ended_at"]
        stop = datetime.fromtimestamp(last, UTC).date() if last else date(2026, 10, 31)
        while (first := (first.replace(day=1) + timedelta(days=32)).replace(day=1)) < stop:
            if history[0][1]["trial_end"] is None:
                assert first.isoformat() in months, "every period roll is exported"


def test_seats_follow_the_plan(stripe: Exports) -> None:
    customers = {account.stripe_customer_id: account for account in stripe.world.accounts}
    for row in stripe.latest("subscriptions").values():
        account = customers[row["customer"]]
        for item in row["items"]["data"]:
            is_seat = "seat" in item["price"]["nickname"]
            if is_seat and row["status"] != "canceled" and account.churn_day is None:
                assert account.seats is not None
                assert item["quantity"] == account.seats[-1]


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("subscriptions", "status", {"trialing", "active", "past_due", "canceled"}),
        ("subscriptions", "collection_method", {"charge_automatically", "send_invoice"}),
        ("invoices", "status", {"draft", "open", "paid", "void"}),
        ("invoices", "billing_reason", {"subscription_create", "subscription_cycle", "manual"}),
        ("charges", "status", {"succeeded", "failed", "pending"}),
        ("disputes", "status", {"needs_response", "under_review", "won", "lost"}),
        ("credit_notes", "type", {"pre_payment", "post_payment"}),
        ("credit_grants", "category", {"paid", "promotional"}),
        ("customers", "currency", {"usd", "eur", "gbp", "jpy"}),
        ("customers", "delinquent", {True, False}),
    ],
)
def test_planted_cases_occur(stripe: Exports, table: str, column: str, values: set[object]) -> None:
    assert values <= {row.get(column) for _, row in stripe.rows[table]}


def test_larger_company_holds_the_rare_cases(tmp_path: Path) -> None:
    stripe = make(tmp_path, 300, 450)
    kinds = {move[move["type"]]["type"] for _, move in stripe.rows["credit_balance_transactions"]}
    assert kinds == {
        "credits_granted",
        "credits_applied",
        "credits_expired",
        "credits_voided",
        "credits_application_invoice_voided",
    }
    assert {"uncollectible", "void"} <= {row["status"] for _, row in stripe.rows["invoices"]}
    assert "incomplete" in {row["status"] for _, row in stripe.rows["subscriptions"]}
    assert any(row.get("deleted") for _, row in stripe.rows["customers"])
    assert any(len(truth["billing_subscription_ids"]) == 2 for truth in stripe.truth.values())
    assert {"warning_needs_response", "warning_closed"} <= {row["status"] for _, row in stripe.rows["disputes"]}
    ends = [[status for _, status in d["history"]][-2:] for t in stripe.truth.values() for d in t["billing_disputes"]]
    assert ["won", "lost"] in ends
    assert any(truth["billing_has_item_without_end"] for truth in stripe.truth.values())
    reasons = {row["cancellation_details"]["reason"] for _, row in stripe.rows["subscriptions"]}
    assert {"payment_failed", "cancellation_requested"} <= reasons
    pauses = {(row["pause_collection"] or {}).get("behavior") for _, row in stripe.rows["subscriptions"]}
    assert pauses == {None, "keep_as_draft", "mark_uncollectible", "void"}
    items = [item for _, row in stripe.rows["subscriptions"] for item in row["items"]["data"]]
    licences = [item["price"] for item in items if item["price"]["recurring"]["usage_type"] == "licensed"]
    assert {"graduated", "volume", None} == {price["tiers_mode"] for price in licences}
    assert any(price["transform_quantity"] for price in licences)
    assert any(line["discount_amounts"] for _, line in stripe.rows["invoice_lines"])
    assert {"issued", "void"} == {note["status"] for _, note in stripe.rows["credit_notes"]}
    credits.test_credit_ledger_balances_at_every_step(stripe)
    invoices.test_every_invoice_version_adds_up(stripe)
    invoices.test_payments_match_invoices(stripe)
    invoices.test_corrections_stay_within_what_was_paid(stripe)
    invoices.test_disputes_follow_the_planted_truth(stripe)
    invoices.test_customer_balance_follows_its_invoices(stripe)


def test_equal_settings_give_equal_bytes(tmp_path: Path) -> None:
    def everything(root: Path) -> Iterator[tuple[str, bytes]]:
        make(root, 20, 90, seed=11)
        for file in sorted((root / "billing").rglob("*.jsonl")):
            yield str(file.relative_to(root)), file.read_bytes()

    assert dict(everything(tmp_path / "a")) == dict(everything(tmp_path / "b"))
