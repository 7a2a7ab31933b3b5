"""Contract terms as both sides signed them, and where the CRM's copy is wrong; CRM and billing follow them alike."""

from __future__ import annotations

from pipelines.sample.draws import Purpose, draw, pick
from pipelines.sample.model import ContractTerms, Plan, SampleAccount, SampleSettings
from pipelines.sample.stories import TERM_DAYS

DISCREPANCIES = ("amount", "start", "currency", "missing", "rollover")
"""The CRM tells another amount, start or currency, has no contract at all; or billing forgets the rollover."""

_GROWTH_SHARE = 0.3  # of the growth customers signed for a year, without a commit
_ROLLOVER_PERCENTS = (0, 0, 10, 20, 50)
_CAP_PERCENTS = (None, 5, 15)  # of the commit
_OVERAGE = ("Contract Rate", "List Price", "Not Allowed")


def plan_contracts(accounts: list[SampleAccount], settings: SampleSettings) -> None:
    """Draws the terms of every customer known to the CRM that signs for a term; the first few commits disagree."""
    wrong = _disagreeing(accounts, settings)
    for account in accounts:
        if account.crm_id is not None and not account.is_prospect:
            account.contract = _terms(account, settings, wrong.get(account.index))
        if account.contract is not None and account.contract.discrepancy is not None:
            account.facts["contract_discrepancy"] = account.contract.discrepancy


def _disagreeing(accounts: list[SampleAccount], settings: SampleSettings) -> dict[int, str]:
    """Which commit disagrees in what, by account: one of each kind where there are enough of them."""
    committed = [account for account in accounts if account.commit_cents and account.crm_id is not None]
    order = draw(settings.seed, Purpose.CONTRACT).permutation(len(committed))
    wrong: dict[int, str] = {}
    for kind in DISCREPANCIES if len(committed) > len(DISCREPANCIES) else ():
        for account in (committed[int(place)] for place in order):
            renews = account.churn_day is None and account.signup_day + TERM_DAYS < settings.days
            has_rest = renews and account.facts.get("commit_expected_exhaustion_share") is None
            fits = {"currency": account.currency != "usd", "rollover": has_rest}.get(kind, True)
            if fits and account.index not in wrong:
                wrong[account.index] = kind
                break
    return wrong


def _terms(account: SampleAccount, settings: SampleSettings, discrepancy: str | None) -> ContractTerms | None:
    rng = draw(settings.seed, Purpose.CONTRACT, account.index)
    is_signed = bool(rng.random() < _GROWTH_SHARE)
    percent = pick(rng, _ROLLOVER_PERCENTS)
    cap_percent = pick(rng, _CAP_PERCENTS)
    overage = pick(rng, _OVERAGE)
    is_renewed = bool(rng.random() < 0.7)
    if account.plan is Plan.GROWTH and is_signed:
        return ContractTerms(0, 0, None, overage, is_renewed, None)
    if account.plan is not Plan.ENTERPRISE:
        return None
    if discrepancy == "rollover":
        percent = max(percent, 20)
    cap = account.commit_cents * cap_percent // 100 if percent and cap_percent else None
    return ContractTerms(account.commit_cents, percent, cap, overage, is_renewed, discrepancy)
