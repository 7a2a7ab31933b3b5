-- CSAT ratings, newest version known at the clock: a changed mind counts once, as changed.
-- Grain: one row a satisfaction_rating_id.
with source as (
    select *
    from
        {{ newest_version(
            'zendesk', 'satisfaction_ratings', key='id', changed_column='updated_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as satisfaction_rating_id,
        cast(ticket_id as {{ dbt.type_string() }}) as ticket_id,

        ---------- strings
        case when score like 'good%' then 'good' when score like 'bad%' then 'bad' else score end as rating_score,
        reason as rating_reason,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
