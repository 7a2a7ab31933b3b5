-- Health of each owner's book and of the whole company on each day, weighted by monthly revenue, with how much of it is
-- scored and how much revenue is at risk. Books add up to the company.
-- Grain: one row an as_of_date and book_id.
with members as (
    select * from {{ ref('health_rollup_members_daily') }}
    where rollup_type in ('company', 'owner')
),

owners as (
    select
        owner_crm_user_id,
        max(owner_name) as owner_name
    from {{ ref('accounts') }}
    where owner_crm_user_id is not null
    group by owner_crm_user_id
),

final as (
    select
        members.as_of_date,
        members.rollup_id as book_id,
        members.rollup_type as book_type,
        coalesce(owners.owner_name, members.rollup_id) as book_name,
        {{ health_rollup_measures() }},
        members.is_provisional
    from members
    left join owners
        on members.rollup_id = owners.owner_crm_user_id
    group by
        members.as_of_date,
        members.rollup_id,
        members.rollup_type,
        owners.owner_name,
        -- All accounts of a day are provisional, or none is.
        members.is_provisional
)

select * from final
