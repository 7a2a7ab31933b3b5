-- What each grant is made of at the end of each day, from its first entry to its last day or the clock: what was granted has
-- been drawn, expired, voided, rolled over, or is left. What is pending with a date to come is pending at the clock.
-- Grain: one row a credit_grant_id and as_of_date.
{% set measures = ['granted', 'drawn', 'expired', 'voided', 'rolled', 'balance', 'pending'] -%}
with entries as (
    select
        entries.*,
        case
            when entries.entry_status = 'pending'
                then least(entries.effective_date, clock.as_of_date)
            else entries.effective_date
        end as counted_date
    from {{ ref('int_credit_ledger_entries') }} as entries
    cross join {{ ref('util_as_of') }} as clock
),

grants as (
    select * from {{ ref('int_credit_grants') }}
),

days as (
    select calendar_date from {{ ref('util_days') }}
),

entry_days as (
    select
        credit_grant_id,
        counted_date,
        {%- for unit in ['units', 'cents'] %}
        {%- for measure, type in [
            ('drawn', 'draw_down'), ('expired', 'expiry'), ('voided', 'void'), ('rolled', 'rollover')
        ] %}
        -sum(case when entry_type = '{{ type }}' then signed_{{ unit }} else 0 end)
            as {{ measure }}_{{ unit }},
        {%- endfor %}
        sum(
            case
                when entry_type in ('grant', 'top_up', 'true_up', 'adjustment')
                    then signed_{{ unit }}
                else 0
            end
        ) as granted_{{ unit }},
        sum(signed_{{ unit }}) as balance_{{ unit }},
        sum(pending_{{ unit }}) as pending_{{ unit }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from entries
    group by credit_grant_id, counted_date
),

running as (
    select
        credit_grant_id,
        {%- for unit in ['units', 'cents'] %}
        {%- for measure in measures %}
        sum({{ measure }}_{{ unit }}) over (
            partition by credit_grant_id
            order by counted_date
            rows between unbounded preceding and current row
        ) as {{ measure }}_{{ unit }},
        {%- endfor %}
        {%- endfor %}
        counted_date as valid_from_date,
        lead(counted_date) over (
            partition by credit_grant_id order by counted_date
        ) as valid_to_date,
        max(counted_date) over (partition by credit_grant_id) as last_entry_date
    from entry_days
),

final as (
    select
        running.*,
        days.calendar_date as as_of_date
    from running
    inner join grants on running.credit_grant_id = grants.credit_grant_id
    inner join days
        on
            running.valid_from_date <= days.calendar_date
            and (running.valid_to_date is null or running.valid_to_date > days.calendar_date)
            and (
                grants.expires_at is null
                or days.calendar_date <= greatest(
                    running.last_entry_date,
                    cast(least(grants.expires_at, grants.voided_at) as date)
                )
            )
)

select * from final
