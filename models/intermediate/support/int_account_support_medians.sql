-- Medians of what support took for an account, on each day on which an answer or solution enters or leaves the window;
-- they hold until the next such day. Grain: one row an account_id and change_date.
with spans as (
    select * from {{ ref('int_ticket_spans') }}
),

first_days as (
    select
        account_id,
        min(as_of_date) as first_day
    from {{ ref('int_account_days') }}
    group by account_id
),

edges as (
    select account_id, span_from_date as edge_date from spans
    union all
    select account_id, span_90d_to_date as edge_date from spans
),

change_days as (
    select
        edges.account_id,
        greatest(edges.edge_date, first_days.first_day) as change_date
    from edges
    inner join first_days on edges.account_id = first_days.account_id
    group by edges.account_id, greatest(edges.edge_date, first_days.first_day)
),

compared as (
    select
        change_days.account_id,
        change_days.change_date,
        spans.span_type,
        case
            when spans.span_90d_to_date > change_days.change_date then spans.span_minutes
        end as window_minutes,
        -- What was undone within its window is no past of the account either.
        case
            when
                spans.span_90d_to_date <= change_days.change_date
                and spans.span_90d_to_date
                = cast({{ dbt.dateadd('day', 90, 'spans.span_from_date') }} as date)
                then spans.span_minutes
        end as earlier_minutes
    from change_days
    inner join spans
        on
            change_days.account_id = spans.account_id
            and change_days.change_date >= spans.span_from_date
),

final as (
    select
        account_id,
        cast(
            percentile_cont(0.5) within group (
                order by case when span_type = 'first_reply' then window_minutes end
            ) as double
        ) as median_first_reply_90d_minutes,
        cast(
            percentile_cont(0.5) within group (
                order by case when span_type = 'first_reply' then earlier_minutes end
            ) as double
        ) as median_first_reply_earlier_minutes,
        cast(
            percentile_cont(0.5) within group (
                order by case when span_type = 'resolution' then window_minutes end
            ) as double
        ) as median_full_resolution_90d_minutes,
        cast(
            percentile_cont(0.5) within group (
                order by case when span_type = 'resolution' then earlier_minutes end
            ) as double
        ) as median_full_resolution_earlier_minutes,
        change_date
    from compared
    group by account_id, change_date
)

select * from final
