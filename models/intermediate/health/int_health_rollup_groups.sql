-- Which customers are summed up together: the whole company, the book of each owner, and each group of companies of
-- which at least two are customers. Owners and hierarchies are those of the clock.
-- Grain: one row a rollup_type, rollup_id and account_id.
with customers as (
    select * from {{ ref('int_accounts') }}
    where is_customer and started_date is not null
),

hierarchies as (
    select * from {{ ref('int_account_hierarchies') }}
),

families as (
    select
        customers.account_id,
        hierarchies.root_account_id,
        count(*) over (partition by hierarchies.root_account_id) as members_count
    from customers
    inner join hierarchies
        on customers.account_id = hierarchies.account_id
),

final as (
    select
        'company' as rollup_type,
        'company' as rollup_id,
        account_id
    from customers
    union all
    select
        'owner' as rollup_type,
        coalesce(owner_crm_user_id, 'nobody') as rollup_id,
        account_id
    from customers
    union all
    select
        'parent' as rollup_type,
        root_account_id as rollup_id,
        account_id
    from families
    where members_count >= 2
)

select * from final
