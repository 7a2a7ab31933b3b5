-- Support tickets with their account, newest state known at the clock, and how long they took: computed from metric
-- events beside what Zendesk publishes. Deleted and merged tickets are kept, marked, and count nowhere else.
-- Grain: one row a ticket_id.
with tickets as (
    select * from {{ ref('stg_zendesk__tickets') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
),

statuses as (
    select * from {{ ref('ticket_statuses') }}
),

first_replies as (
    select * from {{ ref('int_ticket_first_replies') }}
),

resolutions as (
    select
        ticket_id,
        min(resolution_minutes) as first_resolution_minutes,
        max(resolution_minutes) as full_resolution_minutes,
        max(solved_at) as solved_at,
        count(reopened_at) as reopens_count
    from {{ ref('int_ticket_resolutions') }}
    group by ticket_id
),

published as (
    select * from {{ ref('stg_zendesk__ticket_metrics') }}
),

final as (
    select
        tickets.ticket_id,
        coalesce(organizations.account_id, requesters.account_id) as account_id,
        tickets.zendesk_organization_id,
        tickets.requester_zendesk_user_id,
        tickets.ticket_type,
        tickets.ticket_priority,
        tickets.ticket_status,
        tickets.channel,
        first_replies.first_reply_minutes,
        resolutions.first_resolution_minutes,
        resolutions.full_resolution_minutes,
        coalesce(resolutions.reopens_count, 0) as reopens_count,
        published.first_reply_minutes as published_first_reply_minutes,
        published.first_resolution_minutes as published_first_resolution_minutes,
        published.full_resolution_minutes as published_full_resolution_minutes,
        published.reopens_count as published_reopens_count,
        tickets.is_deleted,
        tickets.is_merged,
        not tickets.is_deleted and not tickets.is_merged as is_counted,
        coalesce(statuses.is_open, true) and not tickets.is_merged as is_open,
        cast(tickets.created_at as date) as created_date,
        tickets.created_at,
        first_replies.first_replied_at,
        resolutions.solved_at
    from tickets
    left join identities as organizations
        on
            tickets.zendesk_organization_id = organizations.source_id
            and organizations.source_system = 'zendesk_organization'
    left join identities as requesters
        on
            tickets.requester_zendesk_user_id = requesters.source_id
            and requesters.source_system = 'zendesk_user'
    left join statuses on tickets.ticket_status = statuses.ticket_status
    left join first_replies on tickets.ticket_id = first_replies.ticket_id
    left join resolutions on tickets.ticket_id = resolutions.ticket_id
    left join published on tickets.ticket_id = published.ticket_id
)

select * from final
