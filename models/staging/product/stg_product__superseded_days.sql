-- Event days of usage rows whose file landed again with other content: what was built from those rows is to be built anew.
-- Grain: one row an event_date and superseding_load_id.
with superseded as (
    select
        tracks.timestamp,
        tracks.received_at,
        superseded_files.superseding_load_id
    from {{ source('raw_product', 'tracks') }} as tracks
    inner join {{ superseded_files('product') }} as superseded_files
        on
            tracks._source_file = superseded_files.file
            and tracks._dlt_load_id = superseded_files._dlt_load_id
),

renamed as (
    select distinct
        ---------- ids
        superseding_load_id,

        ---------- dates
        cast(least({{ utc_timestamp('timestamp') }}, {{ utc_timestamp('received_at') }}) as date) as event_date
    from superseded
)

select * from renamed
