"""How values are written on the pages. Money, numbers, days and names are written as the briefing writes them."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from pipelines.words import BANDS as BANDS
from pipelines.words import UNKNOWN as UNKNOWN
from pipelines.words import Value as Value
from pipelines.words import change as change
from pipelines.words import count as count
from pipelines.words import day as day
from pipelines.words import is_unknown as is_unknown
from pipelines.words import moment as moment
from pipelines.words import money as money
from pipelines.words import month as month
from pipelines.words import name as name
from pipelines.words import odds as odds
from pipelines.words import percent as percent
from pipelines.words import points as points
from pipelines.words import short_money as short_money
from pipelines.words import signed_percent as signed_percent
from pipelines.words import spaced as spaced
from pipelines.words import text as text

# Reading order of segments, worst first; what is not listed comes last.
SEGMENTS = (
    "dormant",
    "contract",
    "plateau",
    "reactivated",
    "grow",
    "expand",
    "activate",
    "land",
    "unknown",
    "churned",
)


class Html(str):
    """Text that is HTML already: what was not, has been escaped."""

    __slots__ = ()


def chip(value: Value) -> Html:
    """A band: its name beside its colour, so that neither eye nor printer needs the colour."""
    return Html(f'<span class="band {escape(str(value))}"></span>{escape(name(value))}')


def plain(message: str) -> str:
    """A message for where Streamlit reads Markdown: nothing in it is a mark, a formula or a link."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+-!$~<>|:" else letter for letter in message)


def in_order(values: Any, order: tuple[str, ...]) -> list[str]:
    """Those of a closed list that occur, in reading order."""
    found = {str(value) for value in values}
    return [value for value in order if value in found] + sorted(found - set(order))


def iso(value: pd.Timestamp) -> str:
    """A day as queries take it."""
    return f"{value:%Y-%m-%d}"
