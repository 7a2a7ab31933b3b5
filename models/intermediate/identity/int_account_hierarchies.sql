-- The account at the top of each account's company hierarchy; an account without a parent is its own.
-- Pointers to parents are doubled four times, so that hierarchies of up to 16 levels end at their root. Merges can close
-- a circle of parents: after 16 steps one is in it, and 16 more see all of it, so all who lead into it share its lowest id.
-- Grain: one row an account_id.
with accounts as (
    select * from {{ ref('int_accounts') }}
),

after_1_step as (
    select
        account_id,
        coalesce(parent_account_id, account_id) as ancestor_account_id,
        coalesce(parent_account_id, account_id) as lowest_account_id
    from accounts
),

{% for steps in [2, 4, 8, 16] -%}
{%- set half = 'after_1_step' if loop.first else 'after_' ~ steps // 2 ~ '_steps' -%}
after_{{ steps }}_steps as (
    select
        {{ half }}.account_id,
        next_steps.ancestor_account_id,
        least({{ half }}.lowest_account_id, next_steps.lowest_account_id) as lowest_account_id
    from {{ half }}
    inner join {{ half }} as next_steps
        on {{ half }}.ancestor_account_id = next_steps.account_id
),

{% endfor -%}
final as (
    select
        accounts.account_id,
        accounts.parent_account_id,
        -- A root is its own parent for ever: the lowest of its next 16 steps is itself.
        ancestors.lowest_account_id as root_account_id
    from accounts
    inner join after_16_steps
        on accounts.account_id = after_16_steps.account_id
    inner join after_16_steps as ancestors
        on after_16_steps.ancestor_account_id = ancestors.account_id
)

select * from final
