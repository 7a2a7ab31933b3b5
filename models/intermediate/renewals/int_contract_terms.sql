-- Terms of contracts that were activated, by the day after their last: contracts that end together are renewed together. A
-- contract that ended early comes up for renewal when it would have ended. Grain: one row an account_id and term_end_date.
with contracts as (
    select
        *,
        cast({{ dbt.dateadd('month', 'cast(term_months_count as int)', 'start_date') }} as date)
            as planned_end_date
    from {{ ref('stg_crm__contracts') }}
    where is_activated and not is_deleted and start_date is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

dated as (
    select
        identities.account_id,
        contracts.expiration_notice_days,
        contracts.is_auto_renewed,
        contracts.start_date,
        coalesce(contracts.planned_end_date, contracts.ended_date) as term_end_date,
        case when contracts.ended_date < contracts.planned_end_date then contracts.ended_date end
            as terminated_date,
        cast(contracts.activated_at as date) as activated_date
    from contracts
    inner join identities on contracts.crm_account_id = identities.source_id
),

terms as (
    select
        account_id,
        term_end_date,
        min(start_date) as term_start_date,
        max(expiration_notice_days) as expiration_notice_days,
        min(case when is_auto_renewed then 1 else 0 end) = 1 as is_auto_renewed,
        min(activated_date) as known_from_date,
        -- It has ended when all of it has.
        case when count(terminated_date) = count(*) then max(terminated_date) end as terminated_date
    from dated
    where term_end_date is not null
    group by account_id, term_end_date
),

-- A contract that begins where this one ends, give or take, follows it.
followed as (
    select
        terms.account_id,
        terms.term_end_date,
        min(dated.activated_date) as followed_date
    from terms
    inner join dated
        on
            terms.account_id = dated.account_id
            and terms.term_end_date < dated.term_end_date
            and abs({{ dbt.datediff('terms.term_end_date', 'dated.start_date', 'day') }})
            <= {{ var('renewal_match_days') }}
    group by terms.account_id, terms.term_end_date
),

final as (
    select
        terms.account_id,
        terms.term_end_date,
        terms.is_auto_renewed,
        terms.term_start_date,
        cast({{ dbt.dateadd(
            'day', '-cast(terms.expiration_notice_days as int)', 'terms.term_end_date'
        ) }} as date) as notice_date,
        terms.known_from_date,
        terms.terminated_date,
        followed.followed_date
    from terms
    left join followed
        on
            terms.account_id = followed.account_id
            and terms.term_end_date = followed.term_end_date
)

select * from final
