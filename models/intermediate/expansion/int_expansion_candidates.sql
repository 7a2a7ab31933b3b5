-- Use cases that an account could take up, at the clock and every 28 days before it: those it has not adopted, with what
-- came of them by the end of the horizon.
-- Grain: one row an account_id, use_case_id and as_of_date.
{%- set horizon = var('expansion_horizon_days') // 28 %}

with accounts as (
    select * from {{ ref('int_expansion_accounts') }}
),

states as (
    select
        *,
        lead(is_adopted, {{ horizon }}) over (
            partition by account_id, use_case_id order by as_of_date
        ) as is_adopted_later
    from {{ ref('int_account_use_case_states') }}
),

final as (
    select
        states.account_id,
        states.use_case_id,
        states.as_of_date,
        states.periods_ago,
        states.adoption_state,
        accounts.account_age_class,
        accounts.plan,
        accounts.size_tier,
        accounts.industry,
        accounts.adopted_set,
        case
            when states.is_adopted_later then 1
            when not states.is_adopted_later then 0
        end as adopted_later
    from states
    inner join accounts
        on
            states.account_id = accounts.account_id
            and states.as_of_date = accounts.as_of_date
    where not states.is_adopted
)

select * from final
