"""What pages write in a way of their own; money, numbers, days and names are written by `pipelines.words`."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from pipelines.words import Value, name

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
