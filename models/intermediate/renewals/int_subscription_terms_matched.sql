-- The contract to which a term of a subscription belongs: the one that ends nearest, within `renewal_match_days`. Without one
-- it is a renewal of its own. Grain: one row a billing_subscription_id and subscription_end_date.
with subscription_terms as (
    select * from {{ ref('int_subscription_terms') }}
),

contract_terms as (
    select * from {{ ref('int_contract_terms') }}
),

candidates as (
    select
        subscription_terms.*,
        contract_terms.term_end_date as contract_end_date,
        abs({{ dbt.datediff(
            'subscription_terms.subscription_end_date', 'contract_terms.term_end_date', 'day'
        ) }}) as distance_days
    from subscription_terms
    left join contract_terms
        on
            subscription_terms.account_id = contract_terms.account_id
            and abs({{ dbt.datediff(
                'subscription_terms.subscription_end_date', 'contract_terms.term_end_date', 'day'
            ) }}) <= {{ var('renewal_match_days') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by billing_subscription_id, subscription_end_date
            order by distance_days asc nulls last, contract_end_date asc nulls last
        ) as match_number
    from candidates
),

final as (
    select
        account_id,
        billing_subscription_id,
        coalesce(contract_end_date, subscription_end_date) as term_end_date,
        term_start_date,
        subscription_end_date,
        next_end_date,
        known_from_date,
        renewed_date,
        ended_date,
        valued_date
    from ranked
    where match_number = 1
)

select * from final
