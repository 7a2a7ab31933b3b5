-- The state machine is legal by construction only while its seeds are: every segment that rules lead to can be reached from
-- every other, at once or through one that everything that may follow can be reached from as well; and hysteresis never
-- makes it harder to stay than to enter.
with rules as (
    select * from {{ ref('segment_rules') }}
),

transitions as (
    select * from {{ ref('segment_transitions') }}
),

segments as (
    select * from {{ ref('segments') }}
),

read_segments as (
    select distinct segment
    from rules
),

missing_pairs as (
    select concat(
        'segment_transitions.csv does not say how to get from ', segments.segment, ' to ',
        read_segments.segment, '.'
    ) as problem
    from segments
    inner join read_segments
        on segments.segment <> read_segments.segment
    left join transitions
        on
            segments.segment = transitions.previous_segment
            and read_segments.segment = transitions.segment
    where transitions.move is null
),

incomplete_moves as (
    select concat(
        'segment_transitions.csv from ', previous_segment, ' to ', segment,
        ': through_segment and through_days belong to through, and to nothing else.'
    ) as problem
    from transitions
    where
        (move = 'through') <> (through_segment is not null)
        or (move = 'through') <> (coalesce(through_days, 0) > 0)
),

-- An account may leave the segment that it goes through before it arrives; what comes then must be legal from there too.
shown_moves as (
    select
        previous_segment,
        through_segment as segment
    from transitions
    where move = 'through'
    union distinct
    select
        through_segment,
        segment
    from transitions
    where move = 'through'
    union distinct
    select
        arriving.through_segment,
        coalesce(leaving.through_segment, leaving.segment)
    from transitions as arriving
    inner join transitions as leaving
        on arriving.segment = leaving.previous_segment
    where arriving.move = 'through' and leaving.move <> 'never'
),

illegal_moves as (
    select concat(
        'segment_transitions.csv can lead from ', shown_moves.previous_segment, ' to ',
        shown_moves.segment, ', which is not allowed.'
    ) as problem
    from shown_moves
    left join transitions
        on
            shown_moves.previous_segment = transitions.previous_segment
            and shown_moves.segment = transitions.segment
            and transitions.move = 'allowed'
    where shown_moves.previous_segment <> shown_moves.segment and transitions.move is null
),

unsound_rules as (
    select concat(
        'segment_rules.csv, ', segment, ', ', measure,
        ': hold_threshold must not be harder to meet than threshold, which only is_missing has none of.'
    ) as problem
    from rules
    where
        (comparison = 'at_least' and hold_threshold > threshold)
        or (comparison = 'less_than' and hold_threshold < threshold)
        or (comparison = 'is_missing') <> (threshold is null)
        or (comparison = 'is_missing' and hold_threshold is not null)
)

select problem from missing_pairs
union all
select problem from incomplete_moves
union all
select problem from illegal_moves
union all
select problem from unsound_rules
