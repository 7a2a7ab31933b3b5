-- Terms that come up for renewal: contracts with the subscriptions that end with them, and subscriptions without a contract;
-- what they are worth, and what billing says became of them. Terms of one account that end together are one.
-- Grain: one row an account_id and term_end_date.
with contract_terms as (
    select * from {{ ref('int_contract_terms') }}
),

-- As long as a part of it was renewed, it did not end.
subscriptions as (
    select
        account_id,
        term_end_date,
        count(*) as subscriptions_count,
        sum(term_cents) as term_cents,
        sum(renewed_cents) as renewed_cents,
        min(term_start_date) as term_start_date,
        min(known_from_date) as known_from_date,
        min(renewed_date) as renewed_date,
        case when count(ended_date) = count(*) then max(ended_date) end as ended_date
    from {{ ref('int_subscription_term_values') }}
    group by account_id, term_end_date
),

contract_values as (
    select * from {{ ref('int_contract_term_values') }}
),

keys as (
    select account_id, term_end_date from contract_terms
    union distinct
    select account_id, term_end_date from subscriptions
),

final as (
    select
        keys.account_id,
        keys.term_end_date,
        case when contract_terms.account_id is not null then 'contract' else 'subscription' end
            as renewal_source,
        coalesce(subscriptions.subscriptions_count, 0) as subscriptions_count,
        cast(coalesce(subscriptions.term_cents, contract_values.term_cents) as bigint)
            as available_cents,
        cast(coalesce(subscriptions.renewed_cents, contract_values.renewed_cents) as bigint)
            as billed_cents,
        coalesce(contract_terms.is_auto_renewed, true) as is_auto_renewed,
        coalesce(contract_terms.term_start_date, subscriptions.term_start_date) as term_start_date,
        contract_terms.notice_date,
        least(contract_terms.known_from_date, subscriptions.known_from_date) as known_from_date,
        coalesce(subscriptions.renewed_date, contract_values.renewed_date) as billed_date,
        case
            when subscriptions.renewed_date is null
                then
                    coalesce(
                        subscriptions.ended_date,
                        contract_values.ended_date,
                        contract_terms.terminated_date
                    )
        end as ended_date
    from keys
    left join contract_terms
        on
            keys.account_id = contract_terms.account_id
            and keys.term_end_date = contract_terms.term_end_date
    left join subscriptions
        on
            keys.account_id = subscriptions.account_id
            and keys.term_end_date = subscriptions.term_end_date
    left join contract_values
        on
            keys.account_id = contract_values.account_id
            and keys.term_end_date = contract_values.term_end_date
)

select * from final
