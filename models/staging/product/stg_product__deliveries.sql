-- Days on which usage was delivered. Identify and group calls alone do not make a day known.
-- Grain: one row a drop_date.
with landed_rows as (
    select _drop_date from {{ landed('product', 'tracks') }} as tracks
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
