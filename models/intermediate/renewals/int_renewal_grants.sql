-- The commits that run out with a renewal: each grant belongs to the term of its account that ends nearest to its expiry,
-- within `renewal_match_days`. Grain: one row a credit_grant_id.
with grants as (
    select * from {{ ref('int_commit_grants') }}
),

renewals as (
    select * from {{ ref('int_renewals') }}
),

candidates as (
    select
        grants.credit_grant_id,
        renewals.renewal_id,
        renewals.term_end_date,
        abs({{ dbt.datediff('grants.expires_date', 'renewals.term_end_date', 'day') }})
            as distance_days
    from grants
    inner join renewals
        on
            grants.account_id = renewals.account_id
            and abs({{ dbt.datediff('grants.expires_date', 'renewals.term_end_date', 'day') }})
            <= {{ var('renewal_match_days') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by credit_grant_id order by distance_days asc, term_end_date asc
        ) as match_number
    from candidates
),

final as (
    select
        credit_grant_id,
        renewal_id
    from ranked
    where match_number = 1
)

select * from final
