"""How early usage signals find what was planted, and how often they cry wolf, against two simple rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import python, run
from benchmarks.product_files import UNTIL
from benchmarks.workspace import Workspace, land_env

_DECLINES = "('contract', 'churn', 'dormant', 'quiet_dying', 'sick_but_stays')"
_SEARCH_DAYS = 90  # a signal counts for a planted turn when it comes within so many days after it
_RULE_WINDOWS = (7, 30)
_RULE_FALL = 0.8  # the window against the one before: down 20%
_RULE_REST_DAYS = 7  # a rule that holds again so soon is one alarm: kind to the rules, as signals end by a margin
_DAYS_A_MONTH = 30.44

# What was planted, by account. `stop_date` is when its usage stops being as usual: alarms from then on are not false.
_TRUTH = f"""
create temp table planted as
select
    identities.account_id,
    truth.story,
    try_cast(truth.champion_left_date as date) as champion_left_date,
    truth.champion_user_id,
    case when truth.story in {_DECLINES} then truth.onset_date end as onset_date,
    case when truth.story = 'plateau' then truth.onset_date end as plateau_date,
    least(
        coalesce(case when truth.story in {_DECLINES} then truth.onset_date end, date '9999-12-31'),
        coalesce(truth.churn_date, date '9999-12-31')
    ) as stop_date
from read_json(?, format = 'newline_delimited', sample_size = -1) as truth
inner join intermediate.int_account_identities as identities
    on truth.org_id = identities.source_id and identities.source_system = 'product'
where not truth.is_prospect and identities.account_id is not null
"""

_RULE = """
with windows as (
    select
        account_id,
        as_of_date,
        sum(credits) over (partition by account_id order by as_of_date
            rows between {last} preceding and current row) as recent,
        sum(credits) over (partition by account_id order by as_of_date
            rows between {first} preceding and {days} preceding) as earlier,
        row_number() over (partition by account_id order by as_of_date) as days_count
    from intermediate.int_account_usage_days
),
held as (
    select *, days_count >= 2 * {days} and earlier > 0 and recent <= {fall} * earlier as holds from windows
),
rested as (
    select *, max(holds) over (partition by account_id order by as_of_date
        rows between {rest} preceding and 1 preceding) as held_lately
    from held
)
select account_id, as_of_date as alarm_date from rested where holds and not coalesce(held_lately, false)
"""

_SIGNALS = "select account_id, detected_date as alarm_date from marts.usage_signals where direction = 'down' and "

_QUALITY = f"""
with found as (
    select planted.account_id, planted.story, min(alarms.alarm_date) - any_value(planted.onset_date) as days
    from planted
    left join alarms
        on planted.account_id = alarms.account_id
        and alarms.alarm_date between planted.onset_date and planted.onset_date + {_SEARCH_DAYS}
    where planted.onset_date is not null
    group by all
),
exposed as (
    select planted.story = 'seasonal' as is_seasonal, count(*) / {_DAYS_A_MONTH} as months
    from planted
    inner join intermediate.int_account_days as days
        on planted.account_id = days.account_id and days.as_of_date < planted.stop_date
    group by all
),
false_alarms as (
    select planted.story = 'seasonal' as is_seasonal, count(*) as alarms
    from planted
    inner join alarms on planted.account_id = alarms.account_id and alarms.alarm_date < planted.stop_date
    group by all
)
select
    (select count(*) from found),
    (select count(days) from found),
    (select median(coalesce(days, {_SEARCH_DAYS})) from found),
    (select sum(months) from exposed),
    (select coalesce(sum(alarms), 0) from false_alarms),
    (select sum(months) from exposed where not is_seasonal),
    (select coalesce(sum(alarms), 0) from false_alarms where not is_seasonal),
    (select map(list(story order by story), list(days order by story)) from (
        select story, median(coalesce(days, {_SEARCH_DAYS})) as days from found group by story
    ))
"""

# Days until a champion who left is known: by silence in the product, and by the CRM.
_CHAMPIONS = f"""
select
    count(*),
    count(silent_days),
    median(silent_days),
    count(crm_days),
    median(crm_days)
from (
    select
        planted.account_id,
        min(signals.detected_date) - any_value(planted.champion_left_date) as silent_days,
        min(periods.ended_date) - any_value(planted.champion_left_date) as crm_days
    from planted
    inner join intermediate.int_champion_users as users
        on planted.account_id = users.account_id and planted.champion_user_id = users.product_user_id
    left join marts.usage_signals as signals
        on users.crm_contact_id = signals.unit_id and signals.signal_kind = 'champion_gone'
        and signals.detected_date between planted.champion_left_date
        and planted.champion_left_date + {_SEARCH_DAYS}
    left join intermediate.int_account_champion_periods as periods
        on users.crm_contact_id = periods.crm_contact_id and periods.has_left
    where planted.champion_left_date is not null
    group by planted.account_id
)
"""

# Silences that ended: who comes back was not gone.
_RETURNED = """
select count(*), count(ended_date) from marts.usage_signals where signal_kind = 'champion_gone' and strength is not null
"""


def measure_signals(workspace: Workspace, accounts: int, days: int, seed: int) -> None:
    """Generates a company of this seed, lands and builds it, and holds its signals against what was planted."""
    exports = workspace.data / f"signals-{accounts}x{days}-seed-{seed}"
    if not (exports / ".complete").exists():
        options = {"accounts": accounts, "days": days, "seed": seed, "until": UNTIL, "exports": exports}
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        run(python("pipelines", "generate", *arguments), workspace.logs / "generate.log")
        (exports / ".complete").touch()
    home = workspace.fresh("signals")
    env = land_env(home, exports)
    costs = {
        step: [run(python("pipelines", step), workspace.logs / f"signals_{step}.log", env, home)]
        for step in ("land", "build")
    }
    facts = signal_quality(home / "warehouse.duckdb", exports / "truth.jsonl")
    parameters = {"accounts": accounts, "days": days, "seed": seed}
    workspace.save(f"signals-{accounts}x{days}-seed-{seed}", parameters, costs, facts)
    workspace.clear_scratch()


def signal_quality(warehouse: Path, truth: Path) -> dict[str, Any]:
    """Recall, false alarms and delay of signals and rules on a warehouse whose truth is known."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(_TRUTH, [str(truth)])
        ways = {
            f"{days} days against the {days} before, down 20%": _RULE.format(
                days=days, last=days - 1, first=2 * days - 1, fall=_RULE_FALL, rest=_RULE_REST_DAYS
            )
            for days in _RULE_WINDOWS
        }
        ways["level_shift"] = _SIGNALS + "signal_kind = 'level_shift'"
        ways["level_shift or slope_change"] = _SIGNALS + "signal_kind in ('level_shift', 'slope_change')"
        quality = {name: _quality(connection, alarms) for name, alarms in ways.items()}
        counts = connection.execute(
            "select signal_kind || ' ' || direction, count(*) from marts.usage_signals group by all order by all"
        ).fetchall()
        champions = connection.execute(_CHAMPIONS).fetchone()
        returned = connection.execute(_RETURNED).fetchone()
    return {"ways": quality, "counts": dict(counts), "champions": champions, "returned": returned}


def _quality(connection: duckdb.DuckDBPyConnection, alarms: str) -> dict[str, Any]:
    connection.execute(f"create or replace temp table alarms as {alarms}")
    row = connection.execute(_QUALITY).fetchone()
    assert row is not None
    turns, found, delay, months, wrong, calm_months, calm_wrong, stories = row
    return {
        "turns": turns,
        "recall": found / turns if turns else 0.0,
        "delay": float(delay or 0),
        "false": 100 * wrong / float(months) if months else 0.0,
        "false_calm": 100 * calm_wrong / float(calm_months) if calm_months else 0.0,
        "stories": {story: float(days) for story, days in stories.items()} if stories else {},
    }
