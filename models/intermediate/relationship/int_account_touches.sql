-- Days on which somebody of ours was in touch with an account: a completed task or a meeting that took place.
-- The customer took part in a meeting, and in a call that lasted; in what else is not known.
-- Activities on a merged CRM account count for its survivor.
-- Grain: one row an account_id and touch_date.
with tasks as (
    select * from {{ ref('stg_crm__tasks') }}
    where not is_deleted and (is_closed or completed_at is not null)
),

meetings as (
    select * from {{ ref('stg_crm__events') }}
    where not is_deleted
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

as_of as (
    select * from {{ ref('util_as_of') }}
),

touches as (
    select
        crm_account_id,
        case when call_duration_seconds >= {{ var('conversation_seconds') }} then 1 else 0 end
            as two_way_touches_count,
        coalesce(cast(completed_at as date), activity_date) as touch_date
    from tasks
    union all
    select
        crm_account_id,
        1 as two_way_touches_count,
        cast(started_at as date) as touch_date
    from meetings
),

final as (
    select
        identities.account_id,
        count(*) as touches_count,
        cast(sum(touches.two_way_touches_count) as bigint) as two_way_touches_count,
        touches.touch_date
    from touches
    inner join identities
        on touches.crm_account_id = identities.source_id
    inner join as_of
        on touches.touch_date <= as_of.as_of_date
    group by
        identities.account_id,
        touches.touch_date
)

select * from final
