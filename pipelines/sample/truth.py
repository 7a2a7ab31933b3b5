"""Writes `truth.jsonl`: what was planted in each account, for tests alone; no pipeline reads it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np

from pipelines.sample.model import SampleAccount, World

_WINDOW = 30


def write_truth(world: World, extra: Mapping[int, Mapping[str, object]]) -> Path:
    """Writes one line an account: its plan, the accounts' facts and what the other systems planted."""
    users = Counter(user.account_index for user in world.users)
    unknown = Counter(user.account_index for user in world.users if not user.is_identified)
    teams: dict[int, list[str]] = {}
    for team in world.workspaces:
        teams.setdefault(team.account_index, []).append(team.workspace_id)
    path = world.settings.exports / "truth.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for account in world.accounts:
            record = {
                **_record(world, account),
                "users": users[account.index],
                "users_never_identified": unknown[account.index],
                "workspace_ids": teams.get(account.index, []),
                **_dated(world, account.facts),
                **extra.get(account.index, {}),
            }
            file.write(json.dumps(record, ensure_ascii=False, default=_plain) + "\n")
    return path


def _record(world: World, account: SampleAccount) -> dict[str, object]:
    level = world.level[account.index]
    seats = account.seats
    lived = np.flatnonzero(level > 0)
    return {
        "index": account.index,
        "name": account.name,
        "domain": account.domain,
        "story": None if account.is_prospect else account.story.value,
        "strength": account.strength,
        "plan": account.plan.value,
        "currency": account.currency,
        "country": account.country,
        "signup_date": None if account.is_prospect else _date(world, account.signup_day),
        "onset_date": _date(world, account.onset_day),
        "churn_date": _date(world, account.churn_day),
        "is_prospect": account.is_prospect,
        "parent_index": account.parent_index,
        "org_id": account.org_id,
        "crm_id": account.crm_id,
        "stripe_customer_id": account.stripe_customer_id,
        "zendesk_organization_id": account.zendesk_organization_id,
        "owner_crm_user_id": world.staff[account.owner_index].crm_user_id,
        "identity_links": account.identity_links,
        "commit_cents": account.commit_cents,
        "base_credits": round(float(world.base_credits[account.index]), 3),
        "level_first": round(float(level[lived[:_WINDOW]].mean()), 4) if len(lived) else 0.0,
        "level_last": round(float(level[-_WINDOW:].mean()), 4),
        "seats_first": int(seats[account.signup_day]) if seats is not None else 0,
        "seats_last": int(seats[-1]) if seats is not None else 0,
    }


def _date(world: World, day: int | None) -> str | None:
    return None if day is None else (world.settings.start + timedelta(days=day)).isoformat()


def _dated(world: World, facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as they are, with day numbers told as dates: `x_day` becomes `x_date`."""
    told: dict[str, object] = {}
    for name, value in facts.items():
        if name.endswith("_day") and isinstance(value, int):
            told[name.removesuffix("_day") + "_date"] = _date(world, value)
        elif name.endswith("_days") and isinstance(value, list):
            told[name.removesuffix("_days") + "_dates"] = [_date(world, int(day)) for day in value]
        else:
            told[name] = value
    return told


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    return str(value)
