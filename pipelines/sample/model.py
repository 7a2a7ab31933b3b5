"""The sample company's vocabulary: what the generator plans before any export file is written.

Days are whole numbers counted from the first generated day (0) to the last (`days` - 1); day `d` is the
calendar day `SampleSettings.start + d`. A record that a system learns of on day `d` lies in that day's drop
folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Story(StrEnum):
    """The life of an account, as planted; recognisable in the marts by `truth.jsonl`."""

    LAND_SMALL = "land_small"
    GROW_FAST = "grow_fast"
    STEADY = "steady"
    PLATEAU = "plateau"
    EXPAND_USE_CASE = "expand_use_case"
    CONTRACT = "contract"
    CHURN = "churn"
    CHURN_SILENT = "churn_silent"  # leaves without any warning in usage
    DORMANT = "dormant"
    SEASONAL = "seasonal"
    SELF_SERVE = "self_serve"  # pays by card, unknown to the CRM
    COMMIT_FAST = "commit_fast"  # burns its commit well before the term ends
    COMMIT_SLOW = "commit_slow"  # will let most of its commit expire
    ANGRY_HEALTHY = "angry_healthy"  # healthy usage, angry tickets
    QUIET_DYING = "quiet_dying"  # no tickets, dying usage
    SICK_BUT_STAYS = "sick_but_stays"  # looks ill, renews


class Plan(StrEnum):
    """How an account pays."""

    STARTER = "starter"  # monthly by card: seats + metered
    GROWTH = "growth"  # monthly: platform fee + seats + metered
    ENTERPRISE = "enterprise"  # annual, invoiced: platform fee + prepaid commit that metered usage draws down


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """What to generate. The same settings give byte-identical files."""

    accounts: int
    days: int
    seed: int
    until: date
    exports: Path
    density: float = 1.0  # multiplies the number of product events

    @property
    def start(self) -> date:
        return self.until - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a customer signed for a year; amounts in minor units of the account's currency."""

    commit_minor: int  # 0 when the contract holds no commit
    rollover_percent: int  # of what is left at the end of the term
    rollover_cap_minor: int | None
    overage: str
    is_auto_renewed: bool
    discrepancy: str | None  # what CRM and billing disagree about


@dataclass(slots=True)
class SampleAccount:
    """One customer (or CRM-only prospect); its id in a system is None where that system lacks it."""

    index: int
    name: str
    domain: str
    industry: str
    country: str
    employees: int
    currency: str  # lower case ISO 4217
    plan: Plan
    story: Story
    strength: float  # 0-1, how strongly the story shows
    onset_day: int | None  # first day on which the story's turn shows in usage
    signup_day: int
    churn_day: int | None  # day the subscription ends; None when it never does
    is_prospect: bool  # known to the CRM alone
    parent_index: int | None
    owner_index: int  # into World.staff
    org_id: str | None  # product organization
    crm_id: str | None  # 18 characters
    stripe_customer_id: str | None
    zendesk_organization_id: int | None
    identity_links: dict[str, str] = field(default_factory=dict)  # what in one system leads to another
    seats: NDArray[np.int64] | None = None  # [days] licensed seats, 0 outside life
    commit_cents: int = 0  # enterprise: yearly prepaid commit, minor units of `currency`
    contract: ContractTerms | None = None
    facts: dict[str, object] = field(default_factory=dict)  # goes to `truth.jsonl` as it is


@dataclass(slots=True)
class SampleUser:
    """A person who uses the product."""

    index: int
    account_index: int
    workspace_index: int  # into World.workspaces
    user_id: str
    email: str
    name: str
    title: str
    first_day: int
    last_day: int  # inclusive; days - 1 when the user never leaves
    activity: float  # mean share of workdays on which the user is active
    is_champion: bool
    anonymous_id: str = ""  # device id that the product's client library sends
    is_identified: bool = True  # False: no identify call was ever sent for this user


@dataclass(slots=True)
class SampleWorkspace:
    """A team of an account, and the use cases it runs."""

    index: int
    account_index: int
    workspace_id: str
    name: str
    first_day: int
    use_cases: dict[str, tuple[int, int]]  # use_case_id -> first and last day (inclusive)
    weights: dict[str, float] = field(default_factory=dict)  # use_case_id -> weight in the account's credits


@dataclass(slots=True)
class SampleStaff:
    """Own people: CRM users and Zendesk agents."""

    index: int
    crm_user_id: str
    zendesk_user_id: int
    name: str
    email: str
    role: str  # csm, sales, support


@dataclass(slots=True)
class World:
    """Everything that is decided before files are written."""

    settings: SampleSettings
    accounts: list[SampleAccount]
    users: list[SampleUser]
    workspaces: list[SampleWorkspace]
    staff: list[SampleStaff]
    level: NDArray[np.float64]  # [accounts, days] planned usage, 1.0 is the account's normal; 0 outside life
    base_credits: NDArray[np.float64]  # [accounts] credits of an ordinary workday at level 1
    weekend: NDArray[np.float64]  # [accounts] share of a workday's usage that a weekend day sees
