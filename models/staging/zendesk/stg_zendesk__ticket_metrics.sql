-- Zendesk's own metrics of each ticket, newest version known at the clock. Minutes are calendar minutes.
-- Grain: one row a ticket_metric_id.
with source as (
    select *
    from
        {{ newest_version(
            'zendesk', 'ticket_metrics', key='id', changed_column='updated_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as ticket_metric_id,
        cast(ticket_id as {{ dbt.type_string() }}) as ticket_id,

        ---------- numbers
        reopens as reopens_count,
        replies as agent_replies_count,
        cast({{ json_text('reply_time_in_minutes', 'calendar') }} as bigint) as first_reply_minutes,
        cast({{ json_text('first_resolution_time_in_minutes', 'calendar') }} as bigint) as first_resolution_minutes,
        cast({{ json_text('full_resolution_time_in_minutes', 'calendar') }} as bigint) as full_resolution_minutes,
        cast({{ json_text('requester_wait_time_in_minutes', 'calendar') }} as bigint) as requester_wait_minutes,
        cast({{ json_text('agent_wait_time_in_minutes', 'calendar') }} as bigint) as agent_wait_minutes,
        cast({{ json_text('on_hold_time_in_minutes', 'calendar') }} as bigint) as on_hold_minutes,

        ---------- timestamps
        {{ utc_timestamp('solved_at') }} as solved_at,
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
