"""What pages are put together from: figures, tables, filters, links, and what stands where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import urlencode

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.charts import Picture
from dashboard.serving import select
from dashboard.words import Html, plain
from pipelines.words import Value, is_unknown

FILTERS = ("owner", "plan", "segment")
LIST_ROWS = 25
# Whether more is better, worse or neither.
Better: TypeAlias = Literal["normal", "inverse", "off"]
STYLE = """<style>
.block-container, .stMainBlockContainer {padding-top: 3rem; max-width: 1800px}
table.list {border-collapse: collapse; width: 100%; font-size: 0.9rem}
table.list caption {text-align: left; color: #555; padding-bottom: .3rem}
table.list th {text-align: left; border-bottom: 2px solid #bbb; padding: .3rem .6rem; white-space: nowrap}
table.list td {border-bottom: 1px solid #e5e5e5; padding: .3rem .6rem; vertical-align: top}
table.list .number {text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap}
table.list a {color: #0072B2; font-weight: 600}
table.list a:focus-visible {outline: 3px solid #E69F00; outline-offset: 2px}
table.list tr:hover td {background: #f5f7fa}
.list small {color: #555; white-space: nowrap}
table.list td.short {white-space: nowrap}
.scroll {overflow-x: auto}
.band {display: inline-block; width: .75em; height: .75em; margin-right: .4em; border: 1px solid #555}
.band.healthy {background: #009E73} .band.watch {background: #F0E442} .band.at_risk {background: #D55E00}
.band.unknown {background: #fff; border-style: dashed} .band.churned {background: #777}
.held {border: 1px solid #777; padding: 0 .3em; font-size: .75rem; margin-left: .4em; white-space: nowrap}
</style>"""


class Column(NamedTuple):
    """A column of a list: its head, and how a row is written in it."""

    head: str
    write: Callable[[Value], str]
    css: str = ""


def column(head: str, field: str, write: Callable[[Value], str], css: str = "") -> Column:
    """A column that shows one field; `css` is `number` or `short` for what stays on one line."""
    return Column(head, lambda row: write(row[field]), css)


def table(rows: pd.DataFrame, columns: Sequence[Column], caption: str) -> None:
    """A list with links, as a plain HTML table: the keyboard, a screen reader and copying all know what it is."""
    kind = [f' class="{each.css}"' if each.css else "" for each in columns]
    head = "".join(f'<th scope="col"{css}>{escape(each.head)}</th>' for css, each in zip(kind, columns, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{css}>{_cell(each, row)}</td>" for css, each in zip(kind, columns, strict=True)) + "</tr>"
        for row in rows.to_dict("records")
    )
    st.html(
        f'<div class="scroll"><table class="list"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(each: Column, row: Mapping[str, Any]) -> str:
    written = each.write(row)
    return written if isinstance(written, Html) else escape(written)


def account_link(row: Mapping[str, Any]) -> Html:
    """The name of the row's account, which leads to its page and takes the filters along."""
    address = "account?" + urlencode({"account_id": row["account_id"], **carried()}, doseq=True)
    held = '<span class="held">provisional</span>' if row.get("is_provisional") is True else ""
    shown = row["account_id"] if is_unknown(row["account_name"]) else row["account_name"]
    about = " · ".join(str(row[key]) for key in ("owner_name", "plan") if not is_unknown(row.get(key)))
    link = f'<a href="{escape(address)}">{escape(shown)}</a>{held}'
    return Html(f"{link}<br><small>{escape(about)}</small>" if about else link)


def figure(chart: Picture, title: str, unit: str, as_of: str, alternative: str, height: int = 300) -> None:
    """A chart under its title, with its unit, the day that it is of, and what it shows for those who cannot see it."""
    heading = alt.TitleParams(title, subtitle=f"{unit} · as of {as_of}", anchor="start", subtitleColor="#555")
    st.altair_chart(chart.properties(title=heading, height=height), width="stretch", alt=alternative)


def metric(
    label: str,
    value: str,
    delta: str | None = None,
    colour: Better = "off",
    help: str | None = None,
) -> None:
    """A number under its name; `delta` says what changed, `colour` whether more is better."""
    told = help and plain(help)
    if colour == "off":
        st.metric(plain(label), value, delta, delta_color="off", delta_arrow="off", help=told)
    else:
        st.metric(plain(label), value, delta, delta_color=colour, help=told)


def shown_of(rows: pd.DataFrame, what: str, as_of: str) -> str:
    """How many of how many are listed."""
    everyone = int(rows["all_rows_count"].iloc[0])
    shown = f"{len(rows)} of {everyone:,}" if len(rows) < everyone else f"{everyone:,}"
    return f"{shown} {what} · as of {as_of}"


def nothing(message: str) -> None:
    """Stands where there is nothing to show, and says why."""
    st.info(plain(message))


class Filters(NamedTuple):
    """What is chosen of owners, plans and segments; nothing chosen is everything."""

    owners: list[str]
    plans: list[str]
    segments: list[str]


def filters() -> Filters:
    """The row of filters. The address of the page holds what is chosen, so it can be kept and sent."""
    choices = select("filters")
    for place, (key, wanted) in zip(st.columns(len(FILTERS)), carried().items(), strict=True):
        options = choices.loc[choices["filter"] == key, "choice"].tolist()
        # By hand and not by Streamlit's own binding, which loses what a link to another page carries.
        st.session_state[key] = [each for each in wanted if each in options]
        st.query_params[key] = place.multiselect(key.capitalize(), options, key=key, placeholder=f"Every {key}")
    return Filters(*(st.session_state[key] for key in FILTERS))


def carried() -> dict[str, list[str]]:
    """What is chosen by each filter: here, or on the page that led here."""
    return {key: st.session_state.get(key, st.query_params.get_all(key)) for key in FILTERS}
