-- Health of each group of companies on each day: the account at the top of a hierarchy and all below it, where at least
-- two of them are customers; weighted by monthly revenue, with how much of it is scored and how much revenue is at risk.
-- Grain: one row an as_of_date and parent_account_id.
with members as (
    select * from {{ ref('health_rollup_members_daily') }}
    where rollup_type = 'parent'
),

accounts as (
    select * from {{ ref('accounts') }}
),

final as (
    select
        members.as_of_date,
        members.rollup_id as parent_account_id,
        accounts.account_name as parent_account_name,
        {{ health_rollup_measures() }},
        members.is_provisional
    from members
    inner join accounts
        on members.rollup_id = accounts.account_id
    group by
        members.as_of_date,
        members.rollup_id,
        accounts.account_name,
        members.is_provisional
)

select * from final
