-- Days on which any table of the help desk was delivered.
-- Grain: one row a drop_date.
with landed_rows as (
    select _drop_date from {{ landed('zendesk', 'organizations') }} as organizations
    union all
    select _drop_date from {{ landed('zendesk', 'users') }} as users
    union all
    select _drop_date from {{ landed('zendesk', 'tickets') }} as tickets
    union all
    select _drop_date from {{ landed('zendesk', 'ticket_metrics') }} as ticket_metrics
    union all
    select _drop_date from {{ landed('zendesk', 'ticket_metric_events') }} as ticket_metric_events
    union all
    select _drop_date from {{ landed('zendesk', 'satisfaction_ratings') }} as satisfaction_ratings
),

grouped as (
    select
        ---------- numbers
        count(*) as rows_count,

        ---------- dates
        _drop_date as drop_date
    from landed_rows
    group by _drop_date
)

select * from grouped
