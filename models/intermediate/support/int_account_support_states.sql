-- Backlog and flow of support of each account at the end of each day.
-- Grain: one row an account_id and as_of_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

changes as (
    select * from {{ ref('int_account_support_changes') }}
),

median_days as (
    select account_id, change_date from {{ ref('int_account_support_medians') }}
),

joined as (
    select
        account_days.account_id,
        account_days.as_of_date,
        median_days.change_date as medians_date,
        {% for change_type in [
            'open', 'urgent_open', 'solved_28d', 'created', 'reopened', 'escalated', 'rated_good', 'rated_bad',
        ] -%}
        coalesce(changes.{{ change_type }}_change, 0) as {{ change_type }}_change
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.change_date
    left join median_days
        on
            account_days.account_id = median_days.account_id
            and account_days.as_of_date = median_days.change_date
),

final as (
    select
        account_id,
        {% for column, change_type, frame in [
            ('open_tickets_count', 'open', 'unbounded'),
            ('urgent_open_tickets_count', 'urgent_open', 'unbounded'),
            ('tickets_solved_28d_count', 'solved_28d', 'unbounded'),
            ('tickets_created_28d_count', 'created', 27),
            ('tickets_created_90d_count', 'created', 89),
            ('reopens_90d_count', 'reopened', 89),
            ('escalations_90d_count', 'escalated', 89),
            ('good_ratings_90d_count', 'rated_good', 89),
            ('bad_ratings_90d_count', 'rated_bad', 89),
        ] -%}
        cast(
            sum({{ change_type }}_change) over (
                partition by account_id
                order by as_of_date
                rows between {{ frame }} preceding and current row
            ) as bigint
        ) as {{ column }},
        {% endfor -%}
        as_of_date,
        -- Day on which the medians that hold today were computed.
        max(medians_date) over (
            partition by account_id
            order by as_of_date
            rows between unbounded preceding and current row
        ) as medians_date
    from joined
)

select * from final
