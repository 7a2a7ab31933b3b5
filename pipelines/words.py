"""How values are written for people: money, numbers, days, names. Unknown is a dash, never a zero."""

from __future__ import annotations

from typing import Any, TypeAlias

# Reading order of the health bands, worst first.
BANDS = ("at_risk", "watch", "healthy", "unknown", "churned")
ABBREVIATIONS = {"crm": "CRM"}
UNKNOWN = "–"  # noqa: RUF001 a dash is what people read as nothing known

Value: TypeAlias = Any  # a cell: of a row as DuckDB gives it, or of a data frame


def is_unknown(value: Value) -> bool:
    """Whether a cell is null: NaN and NaT, which data frames have for it, are not equal to themselves."""
    return value is None or bool(value != value)


def money(value: Value) -> str:
    """Whole dollars: $1,234, -$5."""
    return UNKNOWN if is_unknown(value) else f"{'-' if round(value) < 0 else ''}${abs(round(value)):,}"


def short_money(value: Value) -> str:
    """Dollars to three digits: $1.2M, $34k."""
    if is_unknown(value):
        return UNKNOWN
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= size:
            return f"{'-' if value < 0 else ''}${abs(value) / size:.3g}{letter}"
    return money(value)


def count(value: Value) -> str:
    """A whole number: 1,234."""
    return UNKNOWN if is_unknown(value) else f"{round(value):,}"


def points(value: Value) -> str:
    """A score: 61.4."""
    return UNKNOWN if is_unknown(value) else f"{value:.1f}"


def change(value: Value) -> str:
    """A change of a score: +1.2, -3.4."""
    return UNKNOWN if is_unknown(value) else f"{value:+.1f}"


def percent(ratio: Value) -> str:
    """A ratio in percent: 104.1%."""
    return UNKNOWN if is_unknown(ratio) else f"{100 * ratio:.1f}%"


def odds(ratio: Value) -> str:
    """How likely something is: 75%."""
    return UNKNOWN if is_unknown(ratio) else f"{100 * ratio:.0f}%"


def signed_percent(pct: Value) -> str:
    """A change in percent: +14.3%."""
    return UNKNOWN if is_unknown(pct) else f"{pct:+.1f}%"


def text(value: Value) -> str:
    """Text as it is."""
    return UNKNOWN if is_unknown(value) else str(value)


def day(value: Value) -> str:
    """A day: 2026-10-31."""
    return UNKNOWN if is_unknown(value) else f"{value:%Y-%m-%d}"


def moment(value: Value) -> str:
    """A time: 2026-11-01 02:00 UTC."""
    return UNKNOWN if is_unknown(value) else f"{value:%Y-%m-%d %H:%M} UTC"


def month(value: Value) -> str:
    """A month: Oct 2026."""
    return UNKNOWN if is_unknown(value) else f"{value:%b %Y}"


def name(value: Value) -> str:
    """A value of a closed list, in words: at_risk is At risk."""
    return UNKNOWN if is_unknown(value) else ABBREVIATIONS.get(str(value)) or str(value).replace("_", " ").capitalize()


def spaced(value: Value) -> str:
    """The same without a capital: for values within a text."""
    return UNKNOWN if is_unknown(value) else str(value).replace("_", " ")
