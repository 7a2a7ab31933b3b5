"""The page's part on usage signals."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.tables import Result, table, verdict, where

_DELAY_GOAL = 0.5  # of the better rule


def signals(results: Sequence[Result]) -> list[str]:
    """How early, how complete and how calm."""
    if not results:
        return []
    lines = [
        "## Usage signals",
        "",
        "Signals against what the sample company planted: accounts whose usage turns down, on a company with another"
        " seed than that on which thresholds were chosen. Days are the median from the planted onset to the signal; a"
        " turn that was not found within 90 days counts 90. False alarms come before the onset or without one, for 100"
        " account-months; the last column of them leaves out accounts that swing with a season.",
        "",
    ]
    for result in results:
        lines += _company(result)
    return lines


def _company(result: Result) -> list[str]:
    parameters, facts = result["parameters"], result["facts"]
    ways, champions = facts["ways"], facts["champions"]
    stories = sorted({story for way in ways.values() for story in way["stories"]})
    rules = [way for name, way in ways.items() if "against" in name]
    calm = min(rules, key=lambda way: float(way["false"]))
    level = ways["level_shift"]
    share = level["delay"] / calm["delay"] if calm["delay"] else 0.0
    left, silent, silent_days, told, told_days = champions
    return [
        f"### {parameters['accounts']} accounts, {parameters['days']} days, seed {parameters['seed']}",
        "",
        *where(result),
        *table(
            ("", "turns", "recall", "median days", "false alarms", "without seasons", *stories),
            [
                (
                    name,
                    f"{way['turns']}",
                    f"{100 * way['recall']:.0f}%",
                    f"{way['delay']:g}",
                    f"{way['false']:.1f}",
                    f"{way['false_calm']:.1f}",
                    *(f"{way['stories'].get(story, 0):g}" for story in stories),
                )
                for name, way in ways.items()
            ],
        ),
        f"- level_shift takes {100 * share:.0f}% of the days of the calmer rule, with {level['false']:.1f} false alarms"
        f" against {calm['false']:.1f}; goal {verdict(share, _DELAY_GOAL, '{} of the days')}.",
        f"- Of {left} champions who left and whom the CRM knows, silence told {silent}, after {silent_days or 0:g}"
        f" days in the median; the CRM told {told}, after {told_days or 0:g} days. Of all"
        f" {facts['returned'][0]} champions who fell silent {facts['returned'][1]} came back.",
        f"- Signals: {', '.join(f'{name} {count}' for name, count in facts['counts'].items())}.",
        "",
    ]
