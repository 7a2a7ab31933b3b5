-- Days on which the support side of an account moved: steps of its backlog, and what happened on that day.
-- Grain: one row an account_id and change_date.
with tickets as (
    select * from {{ ref('int_tickets') }}
    where account_id is not null and is_counted
),

periods as (
    select * from {{ ref('int_ticket_periods') }}
),

solutions as (
    select * from {{ ref('int_ticket_spans') }}
    where span_type = 'resolution'
),

resolutions as (
    select * from {{ ref('int_ticket_resolutions') }}
    where reopened_at is not null
),

escalations as (
    select * from {{ ref('int_ticket_escalations') }}
),

ratings as (
    select * from {{ ref('stg_zendesk__satisfaction_ratings') }}
    where rating_score in ('good', 'bad')
),

first_days as (
    select
        account_id,
        min(as_of_date) as first_day
    from {{ ref('int_account_days') }}
    group by account_id
),

unioned as (
    select account_id, 'open' as change_type, 1 as change_value, valid_from_date as change_date
    from periods
    union all
    select account_id, 'open', -1, valid_to_date
    from periods
    where valid_to_date is not null
    union all
    select account_id, 'urgent_open', 1, valid_from_date
    from periods
    where is_urgent
    union all
    select account_id, 'urgent_open', -1, valid_to_date
    from periods
    where is_urgent and valid_to_date is not null
    union all
    select account_id, 'solved_28d', 1, span_from_date
    from solutions
    union all
    select account_id, 'solved_28d', -1, span_28d_to_date
    from solutions
    union all
    select account_id, 'created', 1, created_date
    from tickets
    union all
    select tickets.account_id, 'reopened', 1, cast(resolutions.reopened_at as date)
    from resolutions
    inner join tickets on resolutions.ticket_id = tickets.ticket_id
    union all
    select account_id, 'escalated', 1, escalated_date
    from escalations
    union all
    -- A rating counts as what it is now, from the day on which it became that.
    select
        tickets.account_id,
        concat('rated_', ratings.rating_score),
        1,
        cast(ratings.updated_at as date)
    from ratings
    inner join tickets on ratings.ticket_id = tickets.ticket_id
),

final as (
    select
        unioned.account_id,
        {% for change_type in [
            'open', 'urgent_open', 'solved_28d', 'created', 'reopened', 'escalated', 'rated_good', 'rated_bad',
        ] -%}
        coalesce(
            sum(unioned.change_value) filter (where unioned.change_type = '{{ change_type }}'), 0
        ) as {{ change_type }}_change,
        {% endfor -%}
        -- A state from before the first day of the account counts on that day; an event from before then does not.
        greatest(unioned.change_date, first_days.first_day) as change_date
    from unioned
    inner join first_days on unioned.account_id = first_days.account_id
    where
        unioned.change_date >= first_days.first_day
        or unioned.change_type in ('open', 'urgent_open', 'solved_28d')
    group by unioned.account_id, greatest(unioned.change_date, first_days.first_day)
)

select * from final
