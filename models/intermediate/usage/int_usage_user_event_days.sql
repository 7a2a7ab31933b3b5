-- Product events per day, team, user and event name, each call counted once: facts only, nothing mapped or priced,
-- so that an edit of the features seed is right for all history without a rebuild.
-- Grain: one row an event_date, product_group_id, workspace_id, product_user_id and event_name.
{{
    config(
        materialized='incremental',
        incremental_strategy=rebuild_days_strategy(),
        unique_key='event_date',
        partition_by=['event_date'],
        on_schema_change='fail',
    )
}}
-- The hooks read the clock: depends_on: {{ ref('util_as_of') }}
-- and which days lost rows: depends_on: {{ ref('stg_product__superseded_days') }}

{% if is_incremental() -%}
with built as (
    select
        coalesce(max(built_load_id), '') as newest_load_id,
        coalesce(max(built_as_of_date), cast('1900-01-01' as date)) as newest_drop_date
    from {{ this }}
),

-- Each reading of the tracks states its own key as not null: it changes no row, but keeps DuckDB from sharing one
-- scan of everything between them. Alone, each prunes by the order in which raw rows were landed and dropped.
landed_since as (
    select distinct tracks.event_date
    from {{ ref('stg_product__tracks') }} as tracks
    inner join built
        on tracks.load_id > built.newest_load_id
    where tracks.load_id is not null
),

-- Landed before, on days that the clock has only now reached.
dropped_since as (
    select distinct tracks.event_date
    from {{ ref('stg_product__tracks') }} as tracks
    inner join built
        on tracks.drop_date > built.newest_drop_date
    where tracks.drop_date is not null
),

-- Days of rows that no longer count, as their file landed again without them.
superseded_since as (
    select distinct days.event_date
    from {{ ref('stg_product__superseded_days') }} as days
    inner join built
        on days.superseding_load_id > built.newest_load_id
),

touched_days as (
    select event_date from landed_since
    union distinct
    select event_date from dropped_since
    union distinct
    select event_date from superseded_since
),

-- Nothing is dropped before it happened (a singular test holds that), so that older drops need no reading.
bounded_days as (
    select
        event_date,
        min(event_date) over () as first_drop_date
    from touched_days
),

deliveries as (
    select tracks.*
    from {{ ref('stg_product__tracks') }} as tracks
    inner join bounded_days
        on
            tracks.event_date = bounded_days.event_date
            and tracks.drop_date >= bounded_days.first_drop_date
),

{% else -%}
with deliveries as (
    select * from {{ ref('stg_product__tracks') }}
),

{% endif -%}
-- The first arrival of a call counts; what follows received_at only makes equal arrivals deterministic.
ranked as (
    select
        *,
        row_number() over (
            partition by event_date, message_id
            order by
                received_at asc nulls last,
                drop_date asc nulls last,
                load_id asc nulls last,
                quantity_units asc nulls last
        ) as arrival_rank
    from deliveries
),

final as (
    select
        event_date,
        coalesce(product_group_id, '') as product_group_id,
        coalesce(workspace_id, '') as workspace_id,
        coalesce(product_user_id, '') as product_user_id,
        coalesce(event_name, '') as event_name,
        count(*) as events_count,
        cast(sum(quantity_units) as decimal(24, 3)) as quantity_units,
        max(drop_date) as built_as_of_date,
        max(load_id) as built_load_id
    from ranked
    where arrival_rank = 1
    group by
        event_date,
        coalesce(product_group_id, ''),
        coalesce(workspace_id, ''),
        coalesce(product_user_id, ''),
        coalesce(event_name, '')
)

select * from final
-- Written in the order of time, so that one day of it can be read without the rest.
order by event_date asc nulls last
