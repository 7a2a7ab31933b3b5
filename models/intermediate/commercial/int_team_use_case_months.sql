-- What share each team (workspace) had in the use of a use case in a month, in whole micro-credits: the weights by which
-- metered revenue is allotted to teams. Grain: one row an account_id, use_case_id, workspace_id and month_start_date.
with usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
    where use_case_id <> '' and credits > 0
),

months as (
    select
        account_id,
        use_case_id,
        workspace_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        cast(sum(credits) * 1000000 as bigint) as used_microcredits
    from usage_facts
    group by
        account_id,
        use_case_id,
        workspace_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
),

final as (
    select
        *,
        cast(sum(used_microcredits) over (
            partition by account_id, use_case_id, month_start_date
        ) as bigint) as all_microcredits
    from months
)

select * from final
