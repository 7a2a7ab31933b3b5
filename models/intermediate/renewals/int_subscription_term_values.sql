-- What a term of a subscription is worth a year, in US cents, on its last day so far, and what its next one was on its first.
-- Grain: one row a billing_subscription_id and subscription_end_date.
with terms as (
    select * from {{ ref('int_subscription_terms_matched') }}
),

item_periods as (
    select
        *,
        12 * mrr_cents as yearly_cents
    from {{ ref('int_subscription_item_periods') }}
    where renewal_date is not null
),

valued as (
    select
        terms.billing_subscription_id,
        terms.subscription_end_date,
        sum(
            case
                when
                    item_periods.renewal_date = terms.subscription_end_date
                    then item_periods.yearly_cents
                else 0
            end
        )
            as term_cents,
        sum(
            case
                when
                    item_periods.renewal_date = terms.next_end_date
                    then item_periods.yearly_cents
                else 0
            end
        )
            as renewed_cents
    from terms
    inner join item_periods
        on
            terms.billing_subscription_id = item_periods.billing_subscription_id
            and (
                (
                    terms.subscription_end_date = item_periods.renewal_date
                    and terms.valued_date >= item_periods.valid_from_date
                    and (
                        item_periods.valid_to_date is null
                        or terms.valued_date < item_periods.valid_to_date
                    )
                )
                or (
                    terms.next_end_date = item_periods.renewal_date
                    and terms.renewed_date = item_periods.valid_from_date
                )
            )
    group by terms.billing_subscription_id, terms.subscription_end_date
),

final as (
    select
        terms.billing_subscription_id,
        terms.subscription_end_date,
        terms.account_id,
        terms.term_end_date,
        cast(coalesce(valued.term_cents, 0) as bigint) as term_cents,
        cast(coalesce(valued.renewed_cents, 0) as bigint) as renewed_cents,
        terms.term_start_date,
        terms.known_from_date,
        terms.renewed_date,
        terms.ended_date
    from terms
    left join valued
        on
            terms.billing_subscription_id = valued.billing_subscription_id
            and terms.subscription_end_date = valued.subscription_end_date
)

select * from final
