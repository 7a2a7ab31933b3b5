-- Every exported version of every ticket, the last one of each drop day: the state at the end of that day.
-- Grain: one row a ticket_id and known_date.
with source as (
    select *
    from {{ newest_version('zendesk', 'tickets', key='id, _drop_date', changed_column='generated_timestamp') }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as ticket_id,

        ---------- strings
        status as ticket_status,
        coalesce(priority, 'unset') as ticket_priority,

        ---------- booleans
        coalesce(cast(tags as {{ dbt.type_string() }}) like '%"closed_by_merge"%', false) as is_merged,

        ---------- dates
        _drop_date as known_date,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at
    from source
)

select * from renamed
