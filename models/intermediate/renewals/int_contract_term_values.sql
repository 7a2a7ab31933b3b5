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
        least(coalesce(contract_terms.followed_date, contract_terms.term_end_date), clock.as_of_date) as renewed_value_date,
        contract_terms.term_end_date <= clock.as_of_date as is_over
    from {{ ref('int_contract_terms') }} as contract_terms
    cross join {{ ref('util_as_of') }} as clock
    left join {{ ref('int_subscription_terms_matched') }} as subscription_terms
        on
            contract_terms.account_id = subscription_terms.account_id
            and contract_terms.term_end_date = subscription_terms.term_end_date
    where subscription_terms.billing_subscription_id is null
),

item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where renewal_date is null
),

valued as (
    select
        terms.account_id,
        terms.term_end_date,
        {%- for day, name in [('valued_date', 'term_cents'), ('renewed_value_date', 'renewed_cents')] %}
        sum(case
            when
                terms.{{ day }} >= item_periods.valid_from_date
                and (item_periods.valid_to_date is null or terms.{{ day }} < item_periods.valid_to_date)
                then 12 * item_periods.mrr_cents
            else 0
        end) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from terms
    left join item_periods on terms.account_id = item_periods.account_id
    group by terms.account_id, terms.term_end_date
),

final as (
    select
        terms.account_id,
        terms.term_end_date,
        cast(coalesce(valued.term_cents, 0) as bigint) as term_cents,
        cast(coalesce(valued.renewed_cents, 0) as bigint) as renewed_cents,
        -- Renewed by the next contract, or by itself when nobody gave notice and the customer still pays.
        case
            when terms.terminated_date is null and coalesce(valued.renewed_cents, 0) > 0
                then coalesce(
                    terms.followed_date,
                    case when terms.is_over and terms.is_auto_renewed then terms.term_end_date end
                )
        end as renewed_date,
        coalesce(
            terms.terminated_date,
            case when terms.is_over and coalesce(valued.renewed_cents, 0) = 0 then terms.term_end_date end
        ) as ended_date
    from terms
    inner join valued
        on
            terms.account_id = valued.account_id
            and terms.term_end_date = valued.term_end_date
)

select * from final
