-- Segment that the measures of a day call for: of those that the account is in, the first by priority.
-- Grain: one row an account_id and as_of_date.
with account_measures as (
    select * from {{ ref('int_account_measures') }}
),

latches as (
    select * from {{ ref('int_account_segment_latches') }}
),

segments as (
    select * from {{ ref('segments') }}
),

ranked as (
    select
        latches.account_id,
        latches.as_of_date,
        min_by(latches.segment, segments.priority) as segment
    from latches
    inner join segments
        on latches.segment = segments.segment
    group by latches.account_id, latches.as_of_date
),

final as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        coalesce(ranked.segment, 'unknown') as segment_reading,
        account_measures.measured_on_date
    from account_measures
    left join ranked
        on
            account_measures.account_id = ranked.account_id
            and account_measures.as_of_date = ranked.as_of_date
)

select * from final
