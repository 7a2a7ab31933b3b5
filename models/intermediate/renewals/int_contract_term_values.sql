-- What a contract without a subscription of its term binds: the recurring revenue of the account's other subscriptions, a
-- year in US cents, on the last day of the term so far, and on the day after it.
-- Grain: one row an account_id and term_end_date.
with terms as (
    select
        contract_terms.*,
        least(
            cast({{ dbt.dateadd(
                'day', -1, 'least(contract_terms.term_end_date, contract_terms.terminated_date)'
            ) }} as date),
            clock.as_of_date
        ) as valued_date,
        -- Followed by another contract, or by itself when nobody gave notice: what is later changes nothing.
        case
            when contract_terms.is_auto_renewed
                then least(contract_terms.followed_date, contract_terms.term_end_date)
            else contract_terms.followed_date
        end as follow_date,
        clock.as_of_date
    from {{ ref('int_contract_terms') }} as contract_terms
    cross join {{ ref('util_as_of') }} as clock
    left join {{ ref('int_subscription_terms_matched') }} as subscription_terms
        on
            contract_terms.account_id = subscription_terms.account_id
            and contract_terms.term_end_date = subscription_terms.term_end_date
    where subscription_terms.billing_subscription_id is null
),

dated as (
    select
        *,
        least(coalesce(follow_date, term_end_date), as_of_date) as renewed_value_date
    from terms
),

item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where renewal_date is null
),

valued as (
    select
        {%- for day, name in [
            ('valued_date', 'term_cents'), ('renewed_value_date', 'renewed_cents')
        ] %}
        sum(
            case
                when
                    dated.{{ day }} >= item_periods.valid_from_date
                    and (
                        item_periods.valid_to_date is null
                        or dated.{{ day }} < item_periods.valid_to_date
                    )
                    then 12 * item_periods.mrr_cents
                else 0
            end
        ) as {{ name }},
        {%- endfor %}
        dated.account_id,
        dated.term_end_date
    from dated
    left join item_periods on dated.account_id = item_periods.account_id
    group by dated.account_id, dated.term_end_date
),

final as (
    select
        dated.account_id,
        dated.term_end_date,
        cast(coalesce(valued.term_cents, 0) as bigint) as term_cents,
        cast(coalesce(valued.renewed_cents, 0) as bigint) as renewed_cents,
        -- Only when the customer still pays.
        case
            when
                dated.terminated_date is null
                and dated.follow_date <= dated.as_of_date
                and coalesce(valued.renewed_cents, 0) > 0
                then dated.follow_date
        end as renewed_date,
        coalesce(
            dated.terminated_date,
            case
                when
                    dated.term_end_date <= dated.as_of_date
                    and coalesce(valued.renewed_cents, 0) = 0
                    then dated.term_end_date
            end
        ) as ended_date
    from dated
    inner join valued
        on
            dated.account_id = valued.account_id
            and dated.term_end_date = valued.term_end_date
)

select * from final
