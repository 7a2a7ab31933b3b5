-- Zendesk tickets, newest version known at the clock; deleted and merged ones included.
-- Grain: one row a ticket_id.
with source as (
    select *
    from
        {{ newest_version(
            'zendesk', 'tickets', key='id', changed_column='generated_timestamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as ticket_id,
        cast(organization_id as {{ dbt.type_string() }}) as zendesk_organization_id,
        cast(requester_id as {{ dbt.type_string() }}) as requester_zendesk_user_id,
        cast(assignee_id as {{ dbt.type_string() }}) as assignee_zendesk_user_id,

        ---------- strings
        type as ticket_type,
        coalesce(priority, 'unset') as ticket_priority,
        status as ticket_status,
        {{ json_text('via', 'channel') }} as channel,

        ---------- booleans
        status = 'deleted' as is_deleted,
        coalesce(cast(tags as {{ dbt.type_string() }}) like '%"closed_by_merge"%', false) as is_merged,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at,
        {{ epoch_to_timestamp('generated_timestamp') }} as generated_at
    from source
)

select * from renamed
