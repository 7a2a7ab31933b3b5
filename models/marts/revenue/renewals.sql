-- Renewals, past and to come, as they stand at the clock: what is at stake, what the commit's burn speaks for, and what became
-- of it. Won, lost and open parts add up to what was available; what is renewed beyond it is no renewal.
-- Grain: one row a renewal_id.
with renewals as (
    select * from {{ ref('int_renewals') }}
),

states as (
    select * from {{ ref('int_renewal_states') }}
    where valid_to_date is null
),

decisions as (
    select
        renewal_id,
        outcome,
        min(valid_from_date) as decided_date
    from {{ ref('int_renewal_states') }}
    where outcome <> 'open'
    group by renewal_id, outcome
),

-- Overage is the account's own: commits that overlap each show it.
commits as (
    select
        grants.renewal_id,
        max(outcomes.overage_usd) - sum(outcomes.breakage_usd) as beyond_usd,
        min(outcomes.exhaustion_date) as exhaustion_date,
        count(*) = count(outcomes.breakage_usd) as is_known
    from {{ ref('int_renewal_grants') }} as grants
    inner join {{ ref('commit_outcomes') }} as outcomes on grants.credit_grant_id = outcomes.credit_grant_id
    group by grants.renewal_id
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

joined as (
    select
        renewals.*,
        accounts.owner_crm_user_id,
        states.outcome,
        states.stage_name,
        states.opportunity_cents,
        states.renewed_cents,
        least(renewals.available_cents, states.renewed_cents) as won_cents,
        case when commits.is_known then commits.beyond_usd end as beyond_usd,
        decisions.decided_date,
        least(renewals.term_end_date, commits.exhaustion_date) as needed_date,
        clock.as_of_date
    from renewals
    cross join {{ ref('util_as_of') }} as clock
    inner join states on renewals.renewal_id = states.renewal_id
    inner join accounts on renewals.account_id = accounts.account_id
    left join decisions
        on
            renewals.renewal_id = decisions.renewal_id
            and states.outcome = decisions.outcome
    left join commits on renewals.renewal_id = commits.renewal_id
),

final as (
    select
        ---------- keys
        renewal_id,

        ---------- ids
        account_id,
        coalesce(owner_crm_user_id, 'nobody') as owner_crm_user_id,

        ---------- strings
        renewal_source,
        outcome,
        stage_name,

        ---------- numbers
        {{ usd_from_cents('available_cents') }} as available_usd,
        case
            when beyond_usd is not null
                then cast(greatest({{ usd_from_cents('available_cents') }} + beyond_usd, 0) as decimal(18, 2))
        end as expected_usd,
        {{ usd_from_cents('opportunity_cents') }} as opportunity_usd,
        {{ usd_from_cents('renewed_cents') }} as renewed_usd,
        {{ usd_from_cents('won_cents') }} as won_usd,
        {{ usd_from_cents("case when outcome = 'open' then 0 else available_cents - won_cents end") }} as lost_usd,
        {{ usd_from_cents("case when outcome = 'open' then available_cents - won_cents else 0 end") }} as open_usd,

        ---------- booleans
        is_auto_renewed,
        coalesce(decided_date, as_of_date) > term_end_date as is_late,

        ---------- dates
        term_start_date,
        notice_date,
        cast({{ dbt.dateadd('day', -var('renewal_start_days'), 'needed_date') }} as date) as renewal_start_date,
        term_end_date,
        known_from_date,
        decided_date,
        as_of_date
    from joined
)

select * from final
