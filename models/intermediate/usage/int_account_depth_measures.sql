-- How deeply an account uses the product: how soon it came to value, how many of its users are regular, and how many use
-- each use case.
-- Grain: one row an account_id and as_of_date, dense.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

usage_measures as (
    select * from {{ ref('int_account_usage_measures') }}
),

regular_users as (
    select * from {{ ref('int_account_regular_users') }}
),

use_case_users as (
    select * from {{ ref('int_account_use_case_users') }}
),

-- What an account did before our first day we cannot know: its value may have come then.
starts as (
    select
        account_id,
        min(account_age_days) as first_age_days
    from account_days
    group by account_id
),

first_values as (
    select
        usage_days.account_id,
        min(usage_days.as_of_date) as first_value_date
    from usage_days
    inner join starts on usage_days.account_id = starts.account_id
    where usage_days.key_actions_count > 0 and starts.first_age_days = 0
    group by usage_days.account_id
),

final as (
    select
        ---------- keys
        account_days.account_id,
        account_days.as_of_date,

        ---------- numbers
        case
            when account_days.as_of_date >= first_values.first_value_date
                then
                    account_days.account_age_days
                    - {{ dbt.datediff(
                        'first_values.first_value_date', 'account_days.as_of_date', 'day'
                    ) }}
        end as time_to_value_days,
        -- Who was active on unknown days is not seen: with too many of them nobody can be called irregular.
        case
            when usage_measures.known_days_28d_count >= 28 - {{ var('known_days_tolerance_28d') }}
                then
                    cast(regular_users.regular_users_28d_count as double)
                    / nullif(usage_measures.active_users_28d_count, 0)
        end as regular_users_28d_ratio,
        {%- for use_case_id in use_case_ids() %}
        cast(use_case_users.{{ use_case_id }}_users_28d_count as double)
        / nullif(usage_measures.active_users_28d_count, 0) as {{ use_case_id }}_users_28d_ratio
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from account_days
    inner join usage_measures
        on
            account_days.account_id = usage_measures.account_id
            and account_days.as_of_date = usage_measures.as_of_date
    inner join regular_users
        on
            account_days.account_id = regular_users.account_id
            and account_days.as_of_date = regular_users.as_of_date
    inner join use_case_users
        on
            account_days.account_id = use_case_users.account_id
            and account_days.as_of_date = use_case_users.as_of_date
    left join first_values
        on account_days.account_id = first_values.account_id
)

select * from final
