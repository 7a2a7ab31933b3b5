-- Detects forecasts that contradict themselves: what is less likely to be exceeded must be larger, an early date must not
-- come after a late one, no commit may be short and left over in the same case, and every open commit has a row.
select credit_grant_id
from {{ ref('commit_forecast') }}
where
    p10_overage_usd > p50_overage_usd
    or p50_overage_usd > p90_overage_usd
    or p10_breakage_usd > p50_breakage_usd
    or p50_breakage_usd > p90_breakage_usd
    or p90_breakage_usd > remaining_usd
    or p10_overage_usd < overage_to_date_usd
    or (p50_overage_usd > overage_to_date_usd and p50_breakage_usd > 0)
    -- A later percentile without a date lies beyond the term.
    or p10_exhaustion_date > p50_exhaustion_date
    or (p10_exhaustion_date is null and p50_exhaustion_date is not null)
    or p50_exhaustion_date > p90_exhaustion_date
    or (p50_exhaustion_date is null and p90_exhaustion_date is not null)
    or (missing_reason is null) <> (p50_breakage_usd is not null)

union all

select burndown.credit_grant_id
from {{ ref('commit_burndown_daily') }} as burndown
inner join {{ ref('util_as_of') }} as clock on burndown.as_of_date = clock.as_of_date
left join {{ ref('commit_forecast') }} as forecast
    on burndown.credit_grant_id = forecast.credit_grant_id
where burndown.status in ('open', 'exhausted') and forecast.credit_grant_id is null
