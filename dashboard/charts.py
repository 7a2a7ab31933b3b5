"""Charts from data frames. Colours are those of Okabe and Ito, which colour-blind people tell apart; no chart needs
its colours alone: bands and signs are written as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import altair as alt
import pandas as pd

from dashboard.words import in_order
from pipelines.words import BANDS, name

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#777777", "#222222"
BAND_COLOURS = {"at_risk": RED, "watch": YELLOW, "healthy": GREEN, "unknown": "#FFFFFF", "churned": GREY}

Picture: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart

# A legend of a closed list, its values in words.
IN_WORDS = (
    "replace(replace(upper(slice(datum.label, 0, 1)) + replace(slice(datum.label, 1), /_/g, ' '),"
    " 'nrr', 'NRR'), 'grr', 'GRR')"
)


def tips(*fields: tuple[str, ...]) -> list[alt.Tooltip]:
    """What the mouse shows: (field, title) or (field, title, format) each."""
    return [alt.Tooltip(field, title=title, format=rest[0] if rest else "") for field, title, *rest in fields]


def days(field: str) -> alt.X:
    """A time axis."""
    axis = alt.Axis(format="%d %b %Y", labelAngle=0, labelOverlap=True, tickCount=8)
    return alt.X(f"{field}:T", title=None, axis=axis)


def months(field: str) -> alt.X:
    """An axis of months."""
    return alt.X(f"yearmonth({field}):O", title=None, axis=alt.Axis(labelAngle=-45, format="%b %Y"))


def names(
    field: str, title: str | None = None, order: Sequence[str] | alt.EncodingSortField | alt.SortField = ()
) -> alt.Y:
    """An axis of names, every one of them written."""
    sort = order if isinstance(order, alt.EncodingSortField | alt.SortField) else list(order) or "ascending"
    return alt.Y(
        f"{field}:N", title=title, sort=sort, axis=alt.Axis(labelOverlap=False, labelLimit=330, labelFlush=False)
    )


def heads(field: str, order: Sequence[str] = ()) -> alt.X:
    """The heads of the columns of a heat map."""
    return alt.X(
        f"{field}:N",
        title=None,
        sort=list(order) or "ascending",
        axis=alt.Axis(orient="top", labelAngle=0, labelFlush=False),
    )


def colours(field: str, palette: dict[str, str], shown: Sequence[str], title: str | None = None) -> alt.Color:
    """A colour a value, with a legend above of the values that are shown."""
    scale = alt.Scale(domain=list(palette), range=list(palette.values()))
    return alt.Color(f"{field}:N", title=title, scale=scale, legend=words_legend(shown))


def words_legend(shown: Sequence[str]) -> alt.Legend:
    """A legend above the chart, of these values, in words."""
    return alt.Legend(orient="top", values=list(shown), labelExpr=IN_WORDS, labelLimit=400)


def matrix(
    cells: pd.DataFrame, column: str, row: str, value: str, label: str, orders: tuple[tuple[str, ...], tuple[str, ...]]
) -> Picture:
    """A heat map with its numbers written in: `label` is the d3 format of `value`."""
    shown = cells.assign(column=cells[column].map(name), row=cells[row].map(name))
    columns, rows = ([name(each) for each in in_order(cells[f], o)] for f, o in zip((column, row), orders, strict=True))
    base = alt.Chart(shown).encode(
        x=heads("column", columns),
        y=names("row", order=rows),
        tooltip=tips(("row:N", name(row)), ("column:N", name(column)), (f"{value}:Q", name(value), label)),
    )
    return tiles(base, value, float(shown[value].max() or 0), alt.Text(f"{value}:Q", format=label))


def tiles(base: alt.Chart, value: str, largest: float, text: alt.Text) -> Picture:
    """The tiles of a heat map, darker for more, and what is written on them."""
    # From zero on: else the least of three like values is pale, and what is written on it cannot be read.
    scale = alt.Scale(scheme="blues", domain=[0, largest or 1])
    shade = alt.Color(f"{value}:Q", scale=scale, legend=None)
    ink = alt.condition(f"datum['{value}'] > {largest / 2}", alt.value("white"), alt.value(BLACK))
    return alt.layer(
        base.mark_rect(stroke="white").encode(color=shade), base.mark_text(fontSize=12).encode(text=text, color=ink)
    )


def waterfall(steps: pd.DataFrame, label: str, is_money: bool) -> Picture:
    """Bars that each start where the one before ended. Columns: step_number, label, kind, start, end, change, note.

    `kind` total is a level, not a change: it is drawn as a line, as the axis need not begin at zero.
    """
    low, high = steps[["start", "end"]].min().min(), steps[["start", "end"]].max().max()
    room = (high - low) * 0.15 or 1
    level, step, exact = ("$,.0f", "+$,.0f", "$,.2f") if is_money else (".2f", "+.2f", ".6f")
    base = alt.Chart(steps).encode(
        y=names("label", order=alt.SortField("step_number")),
        tooltip=tips(
            ("label:N", "Step"), ("change:Q", "Change", f"+{exact}"), ("end:Q", "Then", exact), ("note:N", "Why")
        ),
    )
    scale = alt.Scale(domain=[low - room, high + room], zero=False, nice=False)
    start = alt.X("start:Q", title=label, axis=alt.Axis(format="$~s" if is_money else ""), scale=scale)
    changes = base.transform_filter("datum.kind != 'total'").mark_bar(height={"band": 0.6})
    totals = base.transform_filter("datum.kind == 'total'").mark_tick(thickness=4, color=BLACK, height={"band": 0.8})
    numbers = base.transform_calculate(
        right="max(datum.start, datum.end)",
        written=f"datum.kind == 'total' ? format(datum.end, '{level}') : format(datum.change, '{step}')",
    ).mark_text(align="left", dx=6, color=BLACK)
    kinds = alt.Scale(domain=["gain", "loss"], range=[BLUE, RED])
    return alt.layer(
        changes.encode(x=start, x2="end:Q", color=alt.Color("kind:N", scale=kinds, legend=None)),
        totals.encode(x=start),
        numbers.encode(x=alt.X("right:Q", title=label), text="written:N"),
    )


def band_colours(shown: Sequence[str]) -> alt.Color:
    """Bands in their colours, with a legend of those that are shown."""
    return colours("health_band", BAND_COLOURS, in_order(shown, BANDS), "Health")


def line_at(field: str, value: float | pd.Timestamp) -> alt.Chart:
    """A dashed line: `x` at a day, `y` at a value."""
    at = alt.X("at:T") if field == "x" else alt.Y("at:Q")
    line: alt.Chart = alt.Chart(pd.DataFrame({"at": [value]})).mark_rule(strokeDash=[4, 4], color=BLACK).encode(at)
    return line
