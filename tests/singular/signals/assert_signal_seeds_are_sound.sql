-- A kind of signal without a rule would disappear from usage_signals, and a rule that clears above its trigger would never
-- hold a signal open.
with rules as (
    select * from {{ ref('signal_rules') }}
),

needed as (
    select
        'level_shift' as signal_kind,
        'down' as direction
    union all
    select
        'level_shift' as signal_kind,
        'up' as direction
    union all
    select
        'slope_change' as signal_kind,
        'down' as direction
    union all
    select
        'slope_change' as signal_kind,
        'up' as direction
    union all
    select
        'feature_dropped' as signal_kind,
        'down' as direction
    union all
    select
        'team_silent' as signal_kind,
        'down' as direction
    union all
    select
        'champion_gone' as signal_kind,
        'down' as direction
)

select
    coalesce(rules.signal_kind, needed.signal_kind) as signal_kind,
    coalesce(rules.direction, needed.direction) as direction,
    'no rule, no such kind, or its thresholds contradict each other' as problem
from needed
full outer join rules
    on
        needed.signal_kind = rules.signal_kind
        and needed.direction = rules.direction
where
    rules.signal_kind is null
    or needed.signal_kind is null
    or rules.trigger_strength <= 0
    or (rules.unit_type = 'account') = (rules.clear_strength is null)
    or (rules.unit_type = 'account') = (rules.minimum_silent_days is not null)
    or rules.clear_strength >= rules.trigger_strength
