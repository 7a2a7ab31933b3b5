-- How much of an account hangs on one person, one team or one use case in the last 28 days, and which of it is a risk.
-- Grain: one row an account_id, as of the clock, that used the product in the last 28 days.
with shares as (
    select * from {{ ref('int_account_usage_shares') }}
),

rules as (
    select * from {{ ref('concentration_rules') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

clock as (
    select * from {{ ref('util_as_of') }}
),

tops as (
    select
        shares.account_id,
        {%- for entity in ['user', 'team', 'use_case'] %}
        count(case when shares.entity_type = '{{ entity }}' then 1 end) as {{ entity }}s_count,
        max(case when shares.entity_type = '{{ entity }}' and share_rank = 1 then shares.entity_id end)
            as top_{{ entity }}_id,
        max(case when shares.entity_type = '{{ entity }}' then shares.share_ratio end)
            as top_{{ entity }}_ratio,
        max(
            case
                when
                    shares.entity_type = '{{ entity }}'
                    and shares.share_ratio >= rules.risk_from_ratio
                    then 1
                else 0
            end
        ) = 1 as is_one_{{ entity }}_risk
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from shares
    inner join rules
        on shares.entity_type = rules.entity_type
    group by shares.account_id
),

final as (
    select
        ---------- keys
        tops.account_id,

        ---------- ids
        tops.top_team_id as top_workspace_id,
        tops.top_use_case_id,

        ---------- strings
        accounts.account_name,

        ---------- numbers
        tops.users_count as users_28d_count,
        tops.teams_count as teams_28d_count,
        tops.use_cases_count as use_cases_28d_count,
        tops.top_user_ratio as top_user_events_ratio,
        tops.top_team_ratio as top_team_credits_ratio,
        tops.top_use_case_ratio as top_use_case_credits_ratio,

        ---------- booleans
        tops.is_one_user_risk,
        tops.is_one_team_risk,
        tops.is_one_use_case_risk,

        ---------- dates
        clock.as_of_date
    from tops
    inner join accounts
        on tops.account_id = accounts.account_id
    cross join clock
)

select * from final
