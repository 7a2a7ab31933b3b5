"""Retention, written a second time: from its definitions, by hand, for one account at a time.

Read it from top to bottom to learn what each definition counts; the models must agree with it to the cent. Months are
numbered, the first invoiced one is 0. Nothing is rounded but the published ratio, cut off after the millionth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import trunc


@dataclass(frozen=True)
class Month:
    """What an account brought in a month, in cents, and whether it used the product before its end."""

    recurring: int = 0
    metered: int = 0
    consumption: int = 0
    is_active: bool = False

    @property
    def total(self) -> int:
        """Revenue of the month."""
        return self.recurring + self.metered


@dataclass(frozen=True)
class Account:
    """An account and its months, from the first in which it was a customer."""

    account_id: str
    months: dict[int, Month]

    def at(self, month: int) -> Month:
        """A month; nothing before the account was there."""
        return self.months.get(month, Month())


Part = tuple[int, int]  # of the denominator, of the numerator


def of_cohort(start: int, end: int) -> Part:
    """Whoever brought nothing at the start is in neither part; whoever is lost stays in the denominator."""
    return (start, end) if start > 0 else (0, 0)


def trailing_nrr(account: Account, month: int) -> Part:
    """What those who paid 12 months ago pay now."""
    return of_cohort(account.at(month - 12).total, account.at(month).total)


def without_expansion(part: Part) -> Part:
    """Gross: nobody counts for more than at the start."""
    return part[0], min(part)


def trailing_grr(account: Account, month: int) -> Part:
    """The same without what they expanded by."""
    return without_expansion(trailing_nrr(account, month))


def monthly_nrr(account: Account, month: int) -> Part:
    """What those who paid in the month before pay now."""
    return of_cohort(account.at(month - 1).total, account.at(month).total)


def monthly_grr(account: Account, month: int) -> Part:
    """The same without what they expanded by."""
    return without_expansion(monthly_nrr(account, month))


def contracted_nrr(account: Account, month: int) -> Part:
    """Recurring revenue alone, against that of 12 months ago."""
    return of_cohort(account.at(month - 12).recurring, account.at(month).recurring)


def consumption_nrr(account: Account, month: int) -> Part:
    """The second of two years of use against the first, of those that used the product in the first month of 24."""
    months = [account.at(number).consumption for number in range(month - 23, month + 1)]
    return (sum(months[:12]), sum(months[12:])) if months[0] > 0 else (0, 0)


def attrition(account: Account, month: int) -> int:
    """What was lost in a month: all that an account brought before it ended, or what its subscription fell by."""
    before, now = account.at(month - 1), account.at(month)
    if before.total <= 0:
        return 0
    return before.total if now.total <= 0 else max(before.recurring - now.recurring, 0)


def attrition_grr(account: Account, month: int) -> Part:
    """Twelve points of: revenue 12 months before, less the attrition of these 12 months."""
    points = range(month - 11, month + 1)
    start = sum(account.at(point - 12).total for point in points)
    lost = sum(attrition(account, number) for point in points for number in range(point - 11, point + 1))
    return start, start - lost


def logo_retention(account: Account, month: int) -> Part:
    """Accounts that paid 12 months ago, and pay."""
    return of_cohort(int(account.at(month - 12).total > 0), int(account.at(month).total > 0))


def activity_retention(account: Account, month: int) -> Part:
    """Accounts that used the product 12 months ago, and do."""
    return of_cohort(int(account.at(month - 12).is_active), int(account.at(month).is_active))


# Each with the months of history that it needs before the month.
DEFINITIONS: dict[str, tuple[Callable[[Account, int], Part], int]] = {
    "trailing_nrr": (trailing_nrr, 12),
    "trailing_grr": (trailing_grr, 12),
    "consumption_nrr": (consumption_nrr, 23),
    "attrition_grr": (attrition_grr, 23),
    "contracted_nrr": (contracted_nrr, 12),
    "monthly_nrr": (monthly_nrr, 1),
    "monthly_grr": (monthly_grr, 1),
    "logo_retention": (logo_retention, 12),
    "activity_retention": (activity_retention, 12),
}


def is_known(definition: str, month: int) -> bool:
    """The first invoiced month may be cut off: what needs it or an earlier one is not known. Activity always is."""
    return month - DEFINITIONS[definition][1] >= (0 if definition == "activity_retention" else 1)


def parts_of(definition: str, accounts: Sequence[Account], month: int) -> dict[str, Part]:
    """Accounts with a part in either."""
    parts = {account.account_id: DEFINITIONS[definition][0](account, month) for account in accounts}
    return {account_id: part for account_id, part in parts.items() if part != (0, 0)}


def ratio_of(parts: dict[str, Part]) -> int | None:
    """Retention in millionths, cut off; None where nobody was there at the start."""
    start = sum(part[0] for part in parts.values())
    end = sum(part[1] for part in parts.values())
    return trunc(Fraction(end, start) * 1_000_000) if start else None
