"""The sample company's Stripe exports: money adds up in every exported version, shapes fit their generation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from pipelines.sample.billing import write_billing
from pipelines.sample.model import SampleSettings, World
from pipelines.sample.rating import Tier, graduated, money_text, prorate, round_half_up, whole_credits
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


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    return make(tmp_path_factory.mktemp("company"), 60, 450)


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


def test_tables_and_columns_are_those_of_the_contract(company: Exports) -> None:
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
                key
                for day, row in company.rows[name]
                if (day >= NEW_GENERATION) == (generation == "new")
                for key in row
            }
            if keys:
                missing = wanted - keys - {"deleted", "tiers"}
                assert not missing, (name, generation, missing)
                assert not foreign & keys - wanted, (name, generation)


def test_every_invoice_version_adds_up(company: Exports) -> None:
    lines = lines_by_invoice(company)
    for _, invoice in company.rows["invoices"]:
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


def test_lines_are_credited_at_most_in_full_and_only_when_metered(company: Exports) -> None:
    metered = {p["id"] for p in company.latest("prices").values() if p["recurring"]["meter"]}
    for line in company.latest("invoice_lines").values():
        credits = applied([line])
        assert 0 <= credits <= max(0, line["amount"])
        if credits:
            price = line["price"]["id"] if "price" in line else line["pricing"]["price_details"]["price"]
            assert price in metered


def test_credit_ledger_balances_at_every_step(company: Exports) -> None:
    balance: dict[str, int] = defaultdict(int)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, move in company.rows["credit_balance_transactions"]:
        side = move[move["type"]]
        amount = side["amount"]["monetary"]["value"]
        assert amount > 0
        balance[move["credit_grant"]] += amount if move["type"] == "credit" else -amount
        sums[move["credit_grant"]][side["type"]] += amount
        assert balance[move["credit_grant"]] >= 0, day
    grants = company.latest("credit_grants")
    assert set(grants) == set(sums)
    planted = {grant["id"]: grant for truth in company.truth.values() for grant in truth["billing_grants"]}
    for key, grant in grants.items():
        drawn = sums[key]["credits_applied"] - sums[key]["credits_application_invoice_voided"]
        expired, voided = sums[key]["credits_expired"], sums[key]["credits_voided"]
        assert sums[key]["credits_granted"] == grant["amount"]["monetary"]["value"]
        assert sums[key]["credits_granted"] == drawn + expired + voided + balance[key]
        assert (drawn, expired, voided, balance[key]) == tuple(
            planted[key][name] for name in ("drawn", "expired", "voided", "balance")
        )
        assert (grant["voided_at"] is not None) == (voided > 0)


def test_contracts_carry_over_what_they_say(company: Exports) -> None:
    kinds: dict[str, int] = defaultdict(int)
    for account in company.world.accounts:
        grants = {grant["id"]: grant for grant in company.truth.get(account.index, {}).get("billing_grants", [])}
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


def test_the_vendor_reports_what_is_left(company: Exports) -> None:
    for index, truth in company.truth.items():
        customer = company.world.accounts[index].stripe_customer_id
        reports = [row for _, row in company.rows["credit_balance_summaries"] if row["customer"] == customer]
        left = sum(grant["balance"] for grant in truth.get("billing_grants", []))
        assert bool(reports) == bool(truth.get("billing_grants"))
        if reports:
            assert reports[-1]["balances"][0]["ledger_balance"]["monetary"]["value"] == left


def test_ledger_and_lines_name_the_same_credits(company: Exports) -> None:
    on_lines = {
        credit["credit_balance_transaction"]: (credit["amount"], line["id"])
        for line in company.latest("invoice_lines").values()
        for credit in line["pretax_credit_amounts"]
        if credit["type"] == "credit_balance_transaction"
    }
    in_ledger = {
        move["id"]: (
            move["debit"]["amount"]["monetary"]["value"],
            move["debit"]["credits_applied"]["invoice_line_item"],
        )
        for move in company.latest("credit_balance_transactions").values()
        if move["debit"] and move["debit"]["type"] == "credits_applied"
    }
    assert on_lines == in_ledger


def test_lower_priority_numbers_burn_first(company: Exports) -> None:
    grants = company.latest("credit_grants")
    ledger = [move for _, move in company.rows["credit_balance_transactions"]]
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


def test_meters_hold_exactly_the_usage(company: Exports) -> None:
    names = {meter["id"]: meter["event_name"] for meter in company.latest("meters").values()}
    customers = {account.stripe_customer_id: account.index for account in company.world.accounts}
    metered: dict[tuple[int, str, str], Decimal] = {}
    for day, row in company.rows["meter_event_summaries"]:
        start = datetime.fromtimestamp(row["start_time"], UTC).date()
        assert row["end_time"] - row["start_time"] == 86_400
        assert start.isoformat() == day
        use_case = names[row["meter"]].removesuffix("_credits")
        metered[customers[row["customer"]], use_case, day] = Decimal(str(row["aggregated_value"]))
    used: dict[tuple[int, str, str], Decimal] = {}
    for row in company.usage.to_pylist():
        day = (company.world.settings.start + timedelta(days=row["day"])).isoformat()
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


def settings_day(world: World, day: str) -> int:
    return (date.fromisoformat(day) - world.settings.start).days


def test_usage_is_invoiced_once(company: Exports) -> None:
    """Whole credits of every closed month, to half a credit a line group; trials and the open month are left out."""
    prices = company.latest("prices")
    products = company.latest("products")
    void = {i["id"] for i in company.latest("invoices").values() if i["status"] == "void"}
    invoices = company.latest("invoices")
    billed: dict[tuple[str, str], int] = defaultdict(int)
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in company.latest("invoice_lines").values():
        price_id = line["price"]["id"] if "price" in line else line["pricing"]["price_details"]["price"]
        price = prices[price_id]
        if price["recurring"]["meter"] and line["invoice"] not in void:
            key = (invoices[line["invoice"]]["customer"], products[price["product"]]["name"])
            billed[key] += line["quantity"]
            groups[key].add(line["invoice"])
    names = {m["display_name"]: m["event_name"].removesuffix("_credits") for m in company.latest("meters").values()}
    customers = {a.stripe_customer_id: a for a in company.world.accounts}
    assert billed
    used: dict[tuple[int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for row in company.usage.to_pylist():
        day = company.world.settings.start + timedelta(days=row["day"])
        used[row["account_index"], row["use_case_id"]].append((day, row["credits"]))
    for (customer, product), quantity in billed.items():
        account = customers[customer]
        truth = company.truth[account.index]
        start = date.fromisoformat(truth["billing_trial_end_date"] or "2000-01-01")
        end = date(2026, 11, 1) if truth["billing_ended_date"] else date(2026, 10, 1)
        own = used[account.index, names[product]]
        expected = sum((credits for day, credits in own if start <= day < end), Decimal(0))
        assert abs(quantity - expected) <= Decimal("0.5") * len(groups[customer, product])


def test_payments_match_invoices(company: Exports) -> None:
    invoices = company.latest("invoices")
    payments = {p["invoice"]: p for p in company.latest("invoice_payments").values()}
    by_intent: dict[str, list[Row]] = defaultdict(list)
    for charge in company.latest("charges").values():
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


def test_corrections_stay_within_what_was_paid(company: Exports) -> None:
    refunds: dict[str, int] = defaultdict(int)
    for refund in company.latest("refunds").values():
        refunds[refund["charge"]] += refund["amount"]
    for key, charge in company.latest("charges").items():
        assert charge["amount_refunded"] == refunds.get(key, 0) <= charge["amount"]
        assert charge["refunded"] == (0 < charge["amount"] == charge["amount_refunded"])
    noted: dict[tuple[str, str], int] = defaultdict(int)
    for note in company.latest("credit_notes").values():
        assert note["total"] == note["amount"] >= note["subtotal"] == sum(x["amount"] for x in note["lines"]["data"])
        assert (note["status"] == "void") == (note["voided_at"] is not None)
        noted[note["invoice"], note["type"]] += note["amount"] * (note["status"] == "issued")
    for key, invoice in company.latest("invoices").items():
        assert invoice["pre_payment_credit_notes_amount"] == noted[key, "pre_payment"]
        assert invoice["post_payment_credit_notes_amount"] == noted[key, "post_payment"]


def test_customer_balance_follows_its_invoices(company: Exports) -> None:
    balance: dict[str, int] = defaultdict(int)
    for invoice in company.latest("invoices").values():
        if invoice["status"] not in ("draft", "void"):
            balance[invoice["customer"]] += (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    for key, customer in company.latest("customers").items():
        if "deleted" not in customer:
            assert customer["balance"] == balance[key] <= 0


def test_subscription_versions_tell_a_consistent_story(company: Exports) -> None:
    versions: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for day, row in company.rows["subscriptions"]:
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


def test_disputes_follow_the_planted_truth(company: Exports) -> None:
    """Each drop tells the status of its day; a disputed charge was paid by card and is marked from the first day on."""
    charges = company.latest("charges")
    told: dict[str, list[list[str]]] = defaultdict(list)
    for day, row in company.rows["disputes"]:
        told[row["id"]].append([day, row["status"]])
        assert row["amount"] == charges[row["charge"]]["amount"]
        assert row["is_charge_refundable"] == row["status"].startswith("warning_")
        assert row["evidence_details"]["has_evidence"] == (row["evidence_details"]["submission_count"] > 0)
        assert "under_review" not in row["status"] or row["evidence_details"]["has_evidence"]
    planted = {dispute["id"]: dispute for truth in company.truth.values() for dispute in truth["billing_disputes"]}
    assert told == {key: dispute["history"] for key, dispute in planted.items()}
    assert {row["id"] for row in charges.values() if row["disputed"]} == {d["charge_id"] for d in planted.values()}
    for dispute in planted.values():
        charge = charges[dispute["charge_id"]]
        assert (charge["status"], charge["amount_refunded"]) == ("succeeded", 0)
        assert charge["payment_method_details"]["type"] == "card"


def test_seats_follow_the_plan(company: Exports) -> None:
    customers = {account.stripe_customer_id: account for account in company.world.accounts}
    for row in company.latest("subscriptions").values():
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
def test_planted_cases_occur(company: Exports, table: str, column: str, values: set[object]) -> None:
    assert values <= {row.get(column) for _, row in company.rows[table]}


def test_larger_company_holds_the_rare_cases(tmp_path: Path) -> None:
    company = make(tmp_path, 300, 450)
    kinds = {move[move["type"]]["type"] for _, move in company.rows["credit_balance_transactions"]}
    assert kinds == {
        "credits_granted",
        "credits_applied",
        "credits_expired",
        "credits_voided",
        "credits_application_invoice_voided",
    }
    assert {"uncollectible", "void"} <= {row["status"] for _, row in company.rows["invoices"]}
    assert "incomplete" in {row["status"] for _, row in company.rows["subscriptions"]}
    assert any(row.get("deleted") for _, row in company.rows["customers"])
    assert any(len(truth["billing_subscription_ids"]) == 2 for truth in company.truth.values())
    assert {"warning_needs_response", "warning_closed"} <= {row["status"] for _, row in company.rows["disputes"]}
    ends = [[status for _, status in d["history"]][-2:] for t in company.truth.values() for d in t["billing_disputes"]]
    assert ["won", "lost"] in ends
    assert any(truth["billing_has_item_without_end"] for truth in company.truth.values())
    reasons = {row["cancellation_details"]["reason"] for _, row in company.rows["subscriptions"]}
    assert {"payment_failed", "cancellation_requested"} <= reasons
    pauses = {(row["pause_collection"] or {}).get("behavior") for _, row in company.rows["subscriptions"]}
    assert pauses == {None, "keep_as_draft", "mark_uncollectible", "void"}
    items = [item for _, row in company.rows["subscriptions"] for item in row["items"]["data"]]
    licences = [item["price"] for item in items if item["price"]["recurring"]["usage_type"] == "licensed"]
    assert {"graduated", "volume", None} == {price["tiers_mode"] for price in licences}
    assert any(price["transform_quantity"] for price in licences)
    assert any(line["discount_amounts"] for _, line in company.rows["invoice_lines"])
    assert {"issued", "void"} == {note["status"] for _, note in company.rows["credit_notes"]}
    test_credit_ledger_balances_at_every_step(company)
    test_every_invoice_version_adds_up(company)
    test_payments_match_invoices(company)
    test_corrections_stay_within_what_was_paid(company)
    test_disputes_follow_the_planted_truth(company)
    test_customer_balance_follows_its_invoices(company)


def test_commit_stories_show(company: Exports) -> None:
    fast = [a for a in company.world.accounts if a.story == "commit_fast" and not a.is_prospect]
    slow = [a for a in company.world.accounts if a.story == "commit_slow" and not a.is_prospect]
    assert fast
    assert slow
    for account in fast:
        start = company.world.settings.start + timedelta(days=account.signup_day)
        day = company.truth[account.index]["billing_commit_exhausted_date"]
        if account.signup_day + 270 < company.world.settings.days:
            assert day is not None
            assert 0.45 <= (date.fromisoformat(day) - start).days / 365 <= 0.75
    for account in slow:
        assert company.truth[account.index]["billing_commit_exhausted_date"] is None


def test_equal_settings_give_equal_bytes(tmp_path: Path) -> None:
    def everything(root: Path) -> Iterator[tuple[str, bytes]]:
        make(root, 20, 90, seed=11)
        for file in sorted((root / "billing").rglob("*.jsonl")):
            yield str(file.relative_to(root)), file.read_bytes()

    assert dict(everything(tmp_path / "a")) == dict(everything(tmp_path / "b"))


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
