-- Where the forecast of one commit ends: on the day that it is used up, or with what is left on the last day that it can
-- pay for. One row a point: today, then the end of each outcome.
select
    outcome,
    as_of_date as at_date,
    remaining_usd
from marts.commit_forecast
cross join (values ('early'), ('median'), ('late')) as outcomes (outcome)
where credit_grant_id = $credit_grant_id and missing_reason is null and not is_exhausted
union all
select
    outcome,
    case outcome
        when 'early' then coalesce(p10_exhaustion_date, last_drawn_date)
        when 'median' then coalesce(p50_exhaustion_date, last_drawn_date)
        else coalesce(p90_exhaustion_date, last_drawn_date)
    end,
    case outcome
        when 'early' then p10_breakage_usd
        when 'median' then p50_breakage_usd
        else p90_breakage_usd
    end
from marts.commit_forecast
cross join (values ('early'), ('median'), ('late')) as outcomes (outcome)
where credit_grant_id = $credit_grant_id and missing_reason is null and not is_exhausted
order by outcome, at_date
