-- Where a renewal stood from when to when, as it was known then: the state of a day is the row that holds on it.
-- Grain: one row a renewal_id and valid_from_date.
with states as (
    select * from {{ ref('int_renewal_states') }}
),

renewals as (
    select * from {{ ref('int_renewals') }}
),

final as (
    select
        ---------- keys
        states.renewal_id,
        states.valid_from_date,

        ---------- ids
        renewals.account_id,

        ---------- strings
        states.outcome,
        states.stage_name,

        ---------- numbers
        {{ usd_from_cents('states.opportunity_cents') }} as opportunity_usd,
        {{ usd_from_cents('states.renewed_cents') }} as renewed_usd,

        ---------- dates
        renewals.term_end_date,
        states.valid_to_date
    from states
    inner join renewals on states.renewal_id = renewals.renewal_id
)

select * from final
