-- What was known of each renewal from when to when. Opportunities decide where there are any, unless the customer left while
-- they were open; billing does elsewhere. Grain: one row a renewal_id and valid_from_date.
with renewals as (
    select * from {{ ref('int_renewals') }}
),

opportunity_states as (
    select
        renewals.renewal_id,
        states.stage_name,
        states.outcome,
        states.amount_cents,
        states.valid_from_date,
        states.valid_to_date
    from {{ ref('int_renewal_opportunity_states') }} as states
    inner join renewals
        on
            states.account_id = renewals.account_id
            and states.term_end_date = renewals.term_end_date
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

change_days as (
    select renewal_id, known_from_date as valid_from_date from renewals
    union distinct
    select renewal_id, valid_from_date from opportunity_states
    union distinct
    select renewal_id, billed_date as valid_from_date from renewals
    where billed_date is not null
    union distinct
    select renewal_id, ended_date as valid_from_date from renewals
    where ended_date is not null
),

-- Several opportunities of one term are parts of it.
joined as (
    select
        change_days.renewal_id,
        change_days.valid_from_date,
        case
            when min(states.stage_name) = max(states.stage_name) then max(states.stage_name)
            when count(states.stage_name) > 0 then 'several'
        end as stage_name,
        count(states.outcome) as opportunities_count,
        count(*) filter (where states.outcome = 'open') as open_count,
        count(*) filter (where states.outcome = 'won') as won_count,
        sum(case when states.outcome <> 'lost' then states.amount_cents end) as opportunity_cents,
        coalesce(sum(case when states.outcome = 'won' then states.amount_cents end), 0) as won_cents
    from change_days
    cross join clock
    left join opportunity_states as states
        on
            change_days.renewal_id = states.renewal_id
            and change_days.valid_from_date >= states.valid_from_date
            and (states.valid_to_date is null or change_days.valid_from_date < states.valid_to_date)
    where change_days.valid_from_date <= clock.as_of_date
    group by change_days.renewal_id, change_days.valid_from_date
),

decided as (
    select
        joined.*,
        renewals.billed_cents,
        case
            when joined.opportunities_count > 0 and joined.open_count = 0
                then case when joined.won_count > 0 then 'won' else 'lost' end
            when renewals.ended_date <= joined.valid_from_date then 'lost'
            when
                joined.opportunities_count = 0 and renewals.billed_date <= joined.valid_from_date
                then 'won'
            else 'open'
        end as outcome
    from joined
    inner join renewals on joined.renewal_id = renewals.renewal_id
),

final as (
    select
        renewal_id,
        stage_name,
        outcome,
        opportunity_cents,
        case
            when opportunities_count > 0 then won_cents
            when outcome = 'won' then billed_cents
            else 0
        end as renewed_cents,
        valid_from_date,
        lead(valid_from_date)
            over (partition by renewal_id order by valid_from_date)
            as valid_to_date
    from decided
)

select * from final
