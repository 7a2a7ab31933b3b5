"""The charts of one account, and the forecast of a commit in words."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard.charts import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Picture,
    band_colours,
    days,
    heads,
    line_at,
    names,
    tiles,
    tips,
    words_legend,
)
from dashboard.lists import about, signal
from dashboard.words import in_order
from pipelines.words import UNKNOWN, count, day, money, percent

SIGNAL_MARKS = {"Onset": "circle", "Detected, down": "triangle-down", "Detected, up": "triangle-up"}
SIGNAL_LANES = 6
EVENTS = ("Health", "Segment", "Formula", "Override", "Feed")
DOLLARS = alt.Y("remaining_usd:Q", title="US dollars left", axis=alt.Axis(format="$~s"))


def score(points: pd.DataFrame, stays: pd.DataFrame, events: pd.DataFrame) -> Picture:
    """The score as a line on a ground of its bands; events as marks below, provisional days as open circles."""
    ground = (
        alt.Chart(stays)
        .mark_rect(opacity=0.25)
        .encode(
            x=days("from_date"),
            x2="to_date:T",
            color=band_colours(stays["health_band"]),
            tooltip=tips(("health_band:N", "Health"), ("from_date:T", "From"), ("to_date:T", "Until")),
        )
    )
    base = alt.Chart(points).encode(
        x=days("as_of_date"),
        y=alt.Y("health_score:Q", title="Health score", scale=alt.Scale(domain=[0, 100])),
        tooltip=tips(("as_of_date:T", "Day"), ("health_score:Q", "Score", ".2f"), ("health_band:N", "Health")),
    )
    held = base.transform_filter("datum.is_provisional").mark_point(color=BLACK, size=18)
    marks = (
        alt.Chart(events)
        .mark_point(filled=True, size=70, opacity=1, color=BLUE)
        .encode(
            x=days("as_of_date"),
            y=alt.datum(4),
            shape=alt.Shape(
                "kind:N",
                title="Event",
                scale=alt.Scale(domain=list(EVENTS)),
                legend=words_legend(in_order(events["kind"], EVENTS)),
            ),
            tooltip=tips(("as_of_date:T", "Day"), ("kind:N", "Event"), ("what:N", "Change")),
        )
    )
    return alt.layer(ground, base.mark_line(color=BLACK, strokeWidth=2), held, marks)


def usage(points: pd.DataFrame, signals: pd.DataFrame) -> Picture:
    """Credits a day as bars, the account's own level and peak as lines, unknown days shaded; signals above them."""
    base = alt.Chart(points).encode(x=days("as_of_date"))
    # A third of the height is left to signals.
    room = 1 if signals.empty else 1.5
    top = room * float(points[["credits", "peak_credits"]].max().max() or 1)
    bars = base.mark_bar(color=SKY, opacity=0.7).encode(
        y=alt.Y("credits:Q", title="Credits a day", scale=alt.Scale(domain=[0, top], nice=False)),
        tooltip=tips(
            ("as_of_date:T", "Day"), ("credits:Q", "Credits", ",.1f"), ("mean_credits:Q", "Mean of 28 days", ",.1f")
        ),
    )
    lines = {
        "mean_credits": "Mean of its last 28 known days",
        "peak_credits": "Its own highest such mean within a year",
    }
    legend = alt.Legend(
        orient="top",
        labelLimit=400,
        labelExpr=f"datum.label == 'mean_credits' ? '{lines['mean_credits']}' : '{lines['peak_credits']}'",
    )
    levels = base.transform_fold(list(lines), ["line", "value"]).mark_line(strokeWidth=2.5)
    dashes = alt.Scale(domain=list(lines), range=[[1, 0], [6, 4]])
    picture = alt.layer(
        bars,
        base.transform_filter("!datum.is_usage_known").mark_rule(color=GREY, opacity=0.5, strokeWidth=3),
        levels.encode(
            y="value:Q",
            color=alt.Color(
                "line:N", title=None, scale=alt.Scale(domain=list(lines), range=[BLUE, RED]), legend=legend
            ),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=None),
        ),
    )
    # Marks have an axis of their own: their height says nothing.
    return picture if signals.empty else alt.layer(picture, signal_marks(signals)).resolve_scale(y="independent")


def signal_marks(signals: pd.DataFrame) -> Picture:
    """A line from the onset of a signal to its detection, with a mark at either; on lanes, as signals overlap."""
    told = tips(
        ("what:N", "Signal"),
        ("about:N", "About"),
        ("started_date:T", "Onset"),
        ("detected_date:T", "Detected"),
        ("affected_28d_usd:Q", "Gained or lost in 28 days", "$,.0f"),
    )
    rows = signals.to_dict("records")
    lane = [place % SIGNAL_LANES for place in range(len(rows))]
    signals = signals.assign(what=[signal(row) for row in rows], about=[about(row) for row in rows], lane=lane)
    lanes = alt.Y("lane:Q", axis=None, scale=alt.Scale(domain=[3 * SIGNAL_LANES, -1], nice=False))
    spans = alt.Chart(signals).mark_rule(color=BLACK, strokeWidth=1.5)
    ends = pd.concat(
        [
            signals.assign(day=signals["drawn_from_date"], mark="Onset"),
            signals.assign(day=signals["detected_date"], mark="Detected, " + signals["direction"]),
        ]
    )
    shapes = alt.Scale(domain=list(SIGNAL_MARKS), range=list(SIGNAL_MARKS.values()))
    legend = words_legend(in_order(ends["mark"], tuple(SIGNAL_MARKS)))
    marks = alt.Chart(ends).mark_point(filled=True, size=70, opacity=1, color=BLACK)
    return alt.layer(
        spans.encode(x=days("drawn_from_date"), x2="detected_date:T", y=lanes, tooltip=told),
        marks.encode(
            x=days("day"),
            y=lanes,
            shape=alt.Shape("mark:N", title="Signal", scale=shapes, legend=legend),
            tooltip=told,
        ),
    )


def teams(cells: pd.DataFrame) -> Picture:
    """Teams by use cases: colour and number are credits, the arrow is the change."""
    arrow = "datum.credits_change_28d_pct > 0 ? ' ▲' : datum.credits_change_28d_pct < 0 ? ' ▼' : ''"
    base = (
        alt.Chart(cells)
        .transform_calculate(written=f"format(datum.credits_28d, ',.0f') + ({arrow})")
        .encode(
            x=heads("use_case_name"),
            y=names("team_name", order=alt.EncodingSortField("credits_28d", op="sum", order="descending")),
            tooltip=tips(
                ("team_name:N", "Team"),
                ("use_case_name:N", "Use case"),
                ("credits_28d:Q", "Credits in 28 days", ",.1f"),
                ("previous_credits_28d:Q", "in the 28 before", ",.1f"),
                ("credits_change_28d_pct:Q", "Change in %", "+.1f"),
                ("users_28d_count:Q", "Users"),
            ),
        )
    )
    return tiles(base, "credits_28d", float(cells["credits_28d"].max()), alt.Text("written:N"))


def burndown(points: pd.DataFrame, fan: pd.DataFrame, commit: pd.Series) -> Picture:
    """What is left as a line, beside an even burn; then the fan of outcomes up to their ends."""
    left = alt.Chart(points).mark_line(color=BLUE, strokeWidth=2.5)
    even = pd.DataFrame(
        {"day": [commit["effective_date"], commit["expires_date"]], "remaining_usd": [commit["total_usd"], 0.0]}
    )
    layers = [
        alt.Chart(even).mark_line(color=GREY, strokeDash=[3, 3]).encode(x=days("day"), y=DOLLARS),
        left.encode(
            x=days("as_of_date"),
            y=DOLLARS,
            tooltip=tips(
                ("as_of_date:T", "Day"), ("remaining_usd:Q", "Left", "$,.2f"), ("balance_usd:Q", "by invoices", "$,.2f")
            ),
        ),
    ]
    return alt.layer(*layers, *([] if fan.empty else outcomes(fan)))


def outcomes(fan: pd.DataFrame) -> list[alt.Chart]:
    """The fan: from today straight to the day and the rest of the early, the median and the late outcome."""
    base = alt.Chart(fan).encode(x=days("at_date"), y=DOLLARS)
    is_end = fan["at_date"] > fan["at_date"].min()
    corners = pd.concat([fan.loc[~is_end].head(1).assign(outcome="now"), fan.loc[is_end]])
    corners = corners.assign(place=corners["outcome"].map(("now", "early", "median", "late").index))
    shade = alt.Chart(corners).mark_line(
        filled=True, color=ORANGE, fillOpacity=0.3, strokeOpacity=0, interpolate="linear-closed"
    )
    ends = alt.Chart(fan.loc[is_end]).mark_point(filled=True, color=RED, size=60)
    width = alt.condition("datum.outcome == 'median'", alt.value(2.5), alt.value(1))
    return [
        shade.encode(x=days("at_date"), y=DOLLARS, order="place:Q"),
        base.mark_line(color=ORANGE).encode(detail="outcome:N", strokeWidth=width),
        ends.encode(
            x=days("at_date"),
            y=DOLLARS,
            tooltip=tips(("outcome:N", "Outcome"), ("at_date:T", "Ends"), ("remaining_usd:Q", "Left unused", "$,.0f")),
        ),
        line_at("x", fan["at_date"].min()),
    ]


def outlook(commit: pd.Series) -> str:
    """The forecast in a sentence."""
    pace = f" Pace: {percent(commit['pace_ratio'])} of an even burn (the dotted line)."
    pace = "" if pd.isna(commit["pace_ratio"]) else pace
    if commit["missing_reason"] == "too_little_history":
        return f"Too little history to forecast.{pace}"
    if commit["missing_reason"] == "no_price":
        return f"No month of usage has been invoiced yet, so there is no price to forecast with.{pace}"
    if pd.isna(commit["last_drawn_date"]):
        return f"This commit is over: {commit['status']}."
    last = f"{day(commit['last_drawn_date'])}, the last day that it can pay for"
    if pd.isna(commit["p50_exhaustion_date"]):
        return f"Likely outcome: {money(commit['p50_breakage_usd'])} expire unused after {last}.{pace}"
    overage = money(commit["p50_overage_usd"])
    if commit["status"] == "exhausted":
        return f"Used up on {day(commit['p50_exhaustion_date'])}. Likely outcome: {overage} of overage by {last}."
    return f"Likely outcome: used up on {day(commit['p50_exhaustion_date'])}, {overage} of overage by {last}.{pace}"


def tickets(points: pd.DataFrame) -> Picture:
    """Open tickets by day, and the urgent among them."""
    base = alt.Chart(points).encode(
        x=days("as_of_date"),
        tooltip=tips(
            ("as_of_date:T", "Day"), ("open_tickets_count:Q", "Open"), ("urgent_open_tickets_count:Q", "Urgent or high")
        ),
    )
    axis = alt.Axis(tickMinStep=1, format="d")
    return alt.layer(
        base.mark_area(interpolate="step-after", color=SKY, opacity=0.6).encode(
            y=alt.Y("open_tickets_count:Q", title="Open tickets", axis=axis)
        ),
        base.mark_area(interpolate="step-after", color=PURPLE).encode(y="urgent_open_tickets_count:Q"),
    )


def service(now: pd.Series) -> str:
    """How support goes, in a sentence."""
    speed = (
        f"first reply {hours(now['first_reply_hours'])}, solution {hours(now['resolution_hours'])} in the median; "
        + (
            f"{now['csat_90d_pct']:.0f}% of {now['ratings_90d_count']} ratings good"
            if now["ratings_90d_count"]
            else "no rating"
        )
    )
    created, solved = count(now["tickets_created_28d_count"]), count(now["tickets_solved_28d_count"])
    return f"Last 28 days: {created} opened, {solved} solved. Last 90 days: {speed}."


def hours(value: float) -> str:
    """A span in hours: 5.0 h."""
    return UNKNOWN if pd.isna(value) else f"{value:.1f} h"
