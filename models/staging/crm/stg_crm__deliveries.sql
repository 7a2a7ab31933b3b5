-- Days on which any table of the CRM was delivered.
-- Grain: one row a drop_date.
with landed_rows as (
    select _drop_date from {{ landed('crm', 'accounts') }} as accounts
    union all
    select _drop_date from {{ landed('crm', 'contacts') }} as contacts
    union all
    select _drop_date from {{ landed('crm', 'opportunities') }} as opportunities
    union all
    select _drop_date from {{ landed('crm', 'opportunity_histories') }} as opportunity_histories
    union all
    select _drop_date from {{ landed('crm', 'tasks') }} as tasks
    union all
    select _drop_date from {{ landed('crm', 'events') }} as events
    union all
    select _drop_date from {{ landed('crm', 'users') }} as users
),

grouped as (
    select
        ---------- numbers
        count(*) as rows_count,

        ---------- dates
        _drop_date as drop_date
    from landed_rows
    group by _drop_date
)

select * from grouped
