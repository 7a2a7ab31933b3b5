-- Share of each person, team and use case in the last 28 days of an account, the largest first. People are compared by
-- what they do themselves (events), teams and use cases by credits, jobs of machines included.
-- Grain: one row an account_id, entity_type and entity_id.
with user_periods as (
    select * from {{ ref('int_user_use_case_periods') }}
    where periods_ago = 0
),

parts as (
    {%- for entity, column, amount in [
        ('user', 'product_user_id', 'events_count'),
        ('team', 'workspace_id', 'credits'),
        ('use_case', 'use_case_id', 'credits'),
    ] %}
    select
        account_id,
        '{{ entity }}' as entity_type,
        {{ column }} as entity_id,
        cast(sum({{ amount }}) as decimal(24, 6)) as amount
    from user_periods
    where {{ column }} <> ''
    group by account_id, {{ column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        account_id,
        entity_type,
        entity_id,
        amount,
        {{ share_of_total('amount', 'account_id, entity_type') }} as share_ratio,
        row_number() over (
            partition by account_id, entity_type
            order by amount desc, entity_id asc
        ) as share_rank
    from parts
)

select * from final
