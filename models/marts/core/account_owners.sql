-- Who owns each account that the CRM knows, with the stage and plan that the CRM shows. Narrow on purpose: its history
-- is kept by crm_accounts_snapshot. Merged records are left out, their survivor stands for them.
-- Grain: one row an account_id of a surviving CRM account.
with accounts as (
    select * from {{ ref('int_accounts') }}
    where has_crm
),

final as (
    select
        account_id,
        owner_crm_user_id,
        owner_name,
        customer_stage,
        crm_plan as plan,
        is_owner_active
    from accounts
)

select * from final
