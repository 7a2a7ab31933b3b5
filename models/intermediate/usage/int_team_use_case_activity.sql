-- Activity of a team in each use case that it ever used: the last 28 days, the 28 before, and the first and last day of all.
-- Grain: one row an account_id, workspace_id and use_case_id with any use on a known day.
with periods as (
    select * from {{ ref('int_team_use_case_periods') }}
    where workspace_id <> ''
),

used as (
    select
        account_id,
        workspace_id,
        use_case_id,
        {%- for measure in ['active_weeks_count', 'events_count', 'users_count', 'champions_count', 'credits'] %}
        coalesce(sum(case when periods_ago = 0 then {{ measure }} end), 0) as {{ measure }},
        {%- endfor %}
        coalesce(sum(case when periods_ago = 1 then active_weeks_count end), 0)
            as previous_active_weeks_count,
        coalesce(sum(case when periods_ago = 1 then credits end), 0) as previous_credits,
        min(first_used_date) as first_used_date,
        min(first_value_date) as first_value_date,
        max(last_used_date) as last_used_date
    from periods
    group by account_id, workspace_id, use_case_id
),

final as (
    select
        account_id,
        workspace_id,
        use_case_id,
        cast(active_weeks_count as bigint) as active_weeks_28d_count,
        cast(previous_active_weeks_count as bigint) as previous_active_weeks_28d_count,
        cast(events_count as bigint) as events_28d_count,
        cast(users_count as bigint) as users_28d_count,
        cast(champions_count as bigint) as champions_28d_count,
        cast(credits as decimal(24, 6)) as credits_28d,
        cast(previous_credits as decimal(24, 6)) as previous_credits_28d,
        first_used_date,
        first_value_date,
        last_used_date,
        min(first_used_date) over (partition by account_id, workspace_id) as team_first_used_date
    from used
)

select * from final
