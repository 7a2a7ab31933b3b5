-- How each commit ends: overage and breakage that there were once it is over, and the median forecast while it is open.
-- Grain: one row a credit_grant_id.
with burndown as (
    select
        *,
        row_number() over (partition by credit_grant_id order by as_of_date desc) as day_number,
        min(case when status = 'exhausted' then as_of_date end)
            over (partition by credit_grant_id)
            as exhausted_date
    from {{ ref('commit_burndown_daily') }}
),

forecasts as (
    select * from {{ ref('commit_forecast') }}
),

final as (
    select
        ---------- keys
        burndown.credit_grant_id,

        ---------- ids
        burndown.account_id,

        ---------- numbers
        burndown.total_usd,
        case
            when forecasts.credit_grant_id is not null then forecasts.p50_breakage_usd
            else cast(burndown.expired_usd + burndown.voided_usd as decimal(18, 2))
        end as breakage_usd,
        case
            when forecasts.credit_grant_id is not null then forecasts.p50_overage_usd
            else burndown.overage_usd
        end as overage_usd,

        ---------- booleans
        forecasts.credit_grant_id is not null as is_open,

        ---------- dates
        burndown.effective_date,
        coalesce(forecasts.p50_exhaustion_date, burndown.exhausted_date) as exhaustion_date,
        burndown.expires_date
    from burndown
    left join forecasts on burndown.credit_grant_id = forecasts.credit_grant_id
    where burndown.day_number = 1
)

select * from final
