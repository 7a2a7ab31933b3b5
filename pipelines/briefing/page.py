"""The page as both drawings take it: every value is text already, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

# Those of Okabe and Ito, as on the dashboard; bands are written as well.
BAND_COLOURS = {
    "at_risk": "#D55E00",
    "watch": "#F0E442",
    "healthy": "#009E73",
    "unknown": "#DDDDDD",
    "churned": "#777777",
}


_LONGEST = 160  # characters of a cell


def _readable(value: str) -> str:
    shown = " ".join("".join(char if char.isprintable() else " " for char in value[: 2 * _LONGEST]).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence on top. `tone` is ok, warn or bad."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number, and how it changed: (text, tone) each."""

    label: str
    value: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar; `label` is empty where there is no room for it."""

    label: str
    percent: float
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of parts that add up to the whole."""

    label: str
    total: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` in percent."""

    heading: str
    width: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, with what stands smaller beneath it and the colour of the square before it.

    Names come from outside: characters that are not for reading are left out, and what is too long is cut.
    """

    text: str
    note: str = ""
    colour: str = ""

    def __post_init__(self) -> None:
        for field in ("text", "note"):
            object.__setattr__(self, field, _readable(getattr(self, field)))


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `is_new` since the last night."""

    cells: tuple[Cell, ...]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A list; `empty` is said when it has no rows."""

    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `run_page` is the way to the page of the run that published it."""

    title: str
    subtitle: str
    day: str
    notices: tuple[Notice, ...]
    tiles: tuple[Tile, ...]
    bars: tuple[Bar, ...]
    tables: tuple[Table, ...]
    run_page: str
    footer: tuple[str, ...]
