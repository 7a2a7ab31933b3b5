-- Prepaid commits that are nearly used, or burn faster than their term passes, at the clock: what the account consumes beyond them
-- a month, at the pace of the whole term and at the pace of late. Confidence is that of overage in the forecast.
-- Grain: one row a credit_grant_id.
with clock as (
    select * from {{ ref('util_as_of') }}
),

burndown as (
    select
        *,
        cast(total_usd as double)
        / nullif({{ dbt.datediff('effective_date', 'expires_date', 'day') }}, 0) as even_daily_usd
    from {{ ref('commit_burndown_daily') }}
),

forecasts as (
    select * from {{ ref('commit_forecast') }}
),

kinds as (
    select
        max(case when opportunity_kind = 'commit_headroom' then min_measure end) as min_used_ratio,
        max(case when opportunity_kind = 'commit_pace' then min_measure end) as min_pace_ratio
    from {{ ref('expansion_kinds') }}
),

measured as (
    select
        burndown.*,
        -- 365 days are 12 months. The first day of a term has no pace of its own: that of late stands for both, and the
        -- other way round where that is not known.
        (coalesce(burndown.linear_daily_usd, burndown.seasonal_daily_usd) - burndown.even_daily_usd)
        * 365 / 12 as linear_monthly_usd,
        (coalesce(burndown.seasonal_daily_usd, burndown.linear_daily_usd) - burndown.even_daily_usd)
        * 365 / 12 as seasonal_monthly_usd,
        case
            when
                burndown.consumed_ratio >= kinds.min_used_ratio
                and burndown.consumed_ratio > burndown.elapsed_ratio
                then 'commit_headroom'
            when burndown.pace_ratio >= kinds.min_pace_ratio then 'commit_pace'
        end as opportunity_kind
    from burndown
    inner join clock
        on burndown.as_of_date = clock.as_of_date
    cross join kinds
    where burndown.status in ('open', 'exhausted')
),

final as (
    select
        ---------- keys
        measured.credit_grant_id,

        ---------- ids
        measured.account_id,

        ---------- strings
        measured.opportunity_kind,
        concat(
            cast(cast(round(100 * measured.consumed_ratio) as bigint) as {{ dbt.type_string() }}),
            '% of the commit of ', {{ thousands('measured.total_usd') }}, ' dollars is used after ',
            cast(cast(round(100 * measured.elapsed_ratio) as bigint) as {{ dbt.type_string() }}),
            '% of its term',
            case
                when measured.pace_ratio is not null
                    then concat(
                        ': pace ',
                        cast(cast(measured.pace_ratio as decimal(9, 2)) as {{ dbt.type_string() }})
                    )
                else ''
            end
        ) as evidence,

        ---------- numbers
        -- Overage at the 10th percentile of consumption is overage with a chance of nine tenths.
        cast(
            case
                when forecasts.p50_overage_usd is null then null
                when forecasts.p10_overage_usd > 0 then 0.9
                when forecasts.p50_overage_usd > 0 then 0.5
                when forecasts.p90_overage_usd > 0 then 0.1
                else 0
            end as double
        ) as confidence_ratio,
        case
            when measured.opportunity_kind = 'commit_headroom' then measured.consumed_ratio
            else measured.pace_ratio
        end as measure_value,
        cast(
            greatest(least(measured.linear_monthly_usd, measured.seasonal_monthly_usd), 0)
            as decimal(18, 2)
        ) as p25_monthly_usd,
        cast(
            greatest((measured.linear_monthly_usd + measured.seasonal_monthly_usd) / 2, 0)
            as decimal(18, 2)
        ) as p50_monthly_usd,
        cast(
            greatest(measured.linear_monthly_usd, measured.seasonal_monthly_usd, 0)
            as decimal(18, 2)
        ) as p75_monthly_usd
    from measured
    left join forecasts
        on measured.credit_grant_id = forecasts.credit_grant_id
    where measured.opportunity_kind is not null and measured.linear_monthly_usd is not null
)

select * from final
