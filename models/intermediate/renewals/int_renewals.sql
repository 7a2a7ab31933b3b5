-- Renewals, past and to come: the ends of terms, and opportunities of accounts whose terms nobody wrote down.
-- Grain: one row a renewal_id: an account_id and term_end_date.
with terms as (
    select * from {{ ref('int_renewal_terms') }}
),

opportunities as (
    select
        account_id,
        term_end_date,
        sum(first_cents) as available_cents,
        min(opened_date) as known_from_date
    from {{ ref('int_renewal_opportunities') }}
    where not has_term
    group by account_id, term_end_date
),

unioned as (
    select
        account_id,
        renewal_source,
        available_cents,
        billed_cents,
        is_auto_renewed,
        term_start_date,
        term_end_date,
        notice_date,
        known_from_date,
        billed_date,
        ended_date
    from terms
    union all
    select
        account_id,
        'opportunity' as renewal_source,
        cast(available_cents as bigint) as available_cents,
        0 as billed_cents,
        false as is_auto_renewed,
        cast(null as date) as term_start_date,
        term_end_date,
        cast(null as date) as notice_date,
        known_from_date,
        cast(null as date) as billed_date,
        cast(null as date) as ended_date
    from opportunities
),

final as (
    select
        {{ surrogate_key(['account_id', 'term_end_date']) }} as renewal_id,
        account_id,
        renewal_source,
        available_cents,
        billed_cents,
        is_auto_renewed,
        term_start_date,
        term_end_date,
        notice_date,
        known_from_date,
        billed_date,
        ended_date
    from unioned
)

select * from final
