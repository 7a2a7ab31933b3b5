"""The top of the page: whether the data can be trusted, and the book in numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from pipelines.briefing.asking import Rows
from pipelines.briefing.page import BAND_COLOURS, Bar, Cell, Column, Notice, Part, Row, Table, Tile
from pipelines.runlog import plural
from pipelines.words import BANDS, Value, count, day, money, name, percent, short_money

_COUNTED = BANDS[:-1]  # who has churned is in the lists, not in the book
_AGO = ((1, "overnight"), (7, "in 7 days"))
_BARS = ((0, "now"), (7, "7 days ago"), (28, "28 days ago"))
_LEAST_LABELLED = 12.0  # percent of a bar that a label needs

States: TypeAlias = dict[int, dict[str, tuple[int, Decimal]]]  # days ago, band: accounts and revenue
Measure: TypeAlias = Callable[[dict[str, tuple[int, Decimal]]], Any]


def states(rows: Rows) -> States:
    """The bands of each day that is compared; a day without history is not there."""
    found: States = {}
    for row in rows:
        found.setdefault(row["days_ago"], {})[row["health_band"]] = (row["accounts_count"], row["revenue_usd"])
    return found


def notices(feeds: Rows, publish: dict[str, Any]) -> tuple[Notice, ...]:
    """What is held or in doubt, or that nothing is."""
    told = []
    for feed in feeds:
        if feed["is_holding"]:
            measured = (
                f"scores rest on {day(feed['measured_on_date'])}" if feed["measured_on_date"] else "no score is shown"
            )
            told.append(Notice("bad", f"{name(feed['system'])} holds scores back: {_why(feed)}; {measured}."))
        elif not feed["is_trusted"]:
            told.append(Notice("warn", f"{name(feed['system'])} is {feed['status']}: {_why(feed)}."))
    held = publish["provisional_accounts_count"]
    if held:
        told.append(
            Notice(
                "bad", f"{plural(held, 'account')} with a provisional score, band or segment: it may have moved since."
            )
        )
    if not feeds:
        told.append(Notice("warn", "No system has delivered anything for this day."))
    if not told:
        systems = ", ".join(name(feed["system"]) for feed in feeds)
        told.append(Notice("ok", f"All data is trusted: {systems}. No score is held back."))
    return tuple(told)


def tiles(found: States) -> tuple[Tile, ...]:
    """The book in five numbers, against the day and the week before."""
    shown: tuple[tuple[str, Measure, Callable[[Value], str], str], ...] = (
        ("Customers", lambda bands: sum(bands.get(band, (0, 0))[0] for band in _COUNTED), count, ""),
        ("Revenue a month", _revenue, money, "up"),
        ("Revenue at risk, a month", lambda bands: bands.get("at_risk", (0, Decimal(0)))[1], money, "down"),
        ("Accounts at risk", lambda bands: bands.get("at_risk", (0, 0))[0], count, "down"),
        ("Accounts without a score", lambda bands: bands.get("unknown", (0, 0))[0], count, "down"),
    )
    made = []
    for label, measure, write, better in shown:
        now = measure(found.get(0, {}))
        changes = tuple(_change(now, measure(found[ago]), write, when, better) for ago, when in _AGO if ago in found)
        made.append(Tile(label, write(now), changes))
    return tuple(made)


def bars(found: States) -> tuple[Bar, ...]:
    """Revenue by band, now and earlier."""
    made = []
    for ago, label in _BARS:
        total = _revenue(found.get(ago, {}))
        if total <= 0:
            continue
        shares = [(band, max(found[ago].get(band, (0, Decimal(0)))[1], Decimal(0)) / total) for band in _COUNTED]
        parts = [
            Part(
                f"{name(band)} {percent(share)}" if 100 * share >= _LEAST_LABELLED else "",
                round(100 * float(share), 2),
                BAND_COLOURS[band],
            )
            for band, share in shares
            if share >= Decimal("0.001")
        ]
        made.append(Bar(label, f"{short_money(total)} a month", tuple(parts)))
    return tuple(made)


def band_table(found: States, as_of: date) -> Table:
    """Accounts and revenue of each band, with the change of its revenue."""
    now = found.get(0, {})
    total = _revenue(now)
    rows = []
    for band in _COUNTED:
        accounts, revenue = now.get(band, (0, Decimal(0)))
        cells = [Cell(name(band), colour=BAND_COLOURS[band]), Cell(count(accounts)), Cell(money(revenue))]
        cells.append(Cell(percent(revenue / total) if total else money(None)))
        for ago, _ in _AGO:
            earlier = found[ago].get(band, (0, Decimal(0)))[1] if ago in found else None
            cells.append(Cell(_signed(revenue - earlier, money) if earlier is not None else money(None)))
        rows.append(Row(tuple(cells)))
    return Table(
        "Revenue by health",
        f"US dollars a month: recurring revenue and the metered revenue of the last closed month, as of {as_of}",
        (
            Column("Health", 22),
            Column("Accounts", 13, is_number=True),
            Column("Revenue a month", 18, is_number=True),
            Column("Share", 13, is_number=True),
            *(Column(f"Change {when}", 17, is_number=True) for _, when in _AGO),
        ),
        tuple(rows) if now else (),
        "No customer is in the book.",
    )


def _why(feed: dict[str, Any]) -> str:
    reasons = [str(feed[key]) for key in ("reason", "gate_reasons") if feed[key]]
    if feed["is_holding"] and feed["held_by_date"] and feed["is_trusted"]:
        return f"because of {day(feed['held_by_date'])}"
    return "; ".join(reasons) or str(feed["status"])


def _revenue(bands: dict[str, tuple[int, Decimal]]) -> Decimal:
    return sum((bands[band][1] for band in _COUNTED if band in bands), Decimal(0))


def _change(now: Any, earlier: Any, write: Callable[[Value], str], when: str, better: str) -> tuple[str, str]:
    moved = now - earlier
    if not moved:
        return f"no change {when}", ""
    tone = "" if not better else "good" if (moved > 0) == (better == "up") else "bad"
    moved_pct = 100 * moved / earlier if write is money and earlier else 0
    share = f" ({moved_pct:+.1f}%)" if round(moved_pct, 1) else ""
    return f"{_signed(moved, write)}{share} {when}", tone


def _signed(value: Any, write: Callable[[Value], str]) -> str:
    return f"{'+' if value > 0 else ''}{write(value)}"
