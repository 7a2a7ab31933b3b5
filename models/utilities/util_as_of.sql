-- The one clock: the day as of which everything is known. One row.
-- The newest day of product usage counts as complete because a day's folder is dropped after the day has ended.
with newest_usage as (
    select max(landed_files._drop_date) as newest_drop_date
    from {{ source('raw_product', 'landed_files') }} as landed_files
    inner join {{ source('raw_product', '_dlt_loads') }} as loads
        on landed_files._dlt_load_id = loads.load_id
    where
        loads.status = 0
        and landed_files.table_name = 'tracks'
),

final as (
    select
        coalesce(
            cast(nullif('{{ var("as_of_date") or "" }}', '') as date),
            newest_drop_date,
            cast('1970-01-01' as date)
        ) as as_of_date
    from newest_usage
)

select * from final
