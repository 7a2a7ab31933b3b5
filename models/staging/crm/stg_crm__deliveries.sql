-- Days on which the CRM delivered anything.
-- Grain: one row a drop_date.
with source as (
    select * from {{ landed('crm', 'landed_files') }}
),

grouped as (
    select
        ---------- numbers
        count(*) as files_count,
        cast(sum(rows) as bigint) as rows_count,
        cast(coalesce(sum(rejected_rows), 0) as bigint) as rejected_rows_count,

        ---------- dates
        _drop_date as drop_date
    from source
    group by _drop_date
)

select * from grouped
