-- When each clock of a ticket started and stopped; withdrawn events stay, marked.
-- Grain: one row a ticket_metric_event_id.
with source as (
    select *
    from
        {{ newest_version(
            'zendesk', 'ticket_metric_events', key='id', changed_column='time'
        ) }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as ticket_metric_event_id,
        cast(ticket_id as {{ dbt.type_string() }}) as ticket_id,

        ---------- strings
        metric as metric_name,
        type as event_type,

        ---------- numbers
        instance_id as instance_number,

        ---------- booleans
        coalesce(deleted, false) as is_deleted,

        ---------- timestamps
        {{ utc_timestamp('time') }} as occurred_at
    from source
)

select * from renamed
