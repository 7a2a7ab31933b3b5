-- What the score says of an account today, and what others say: the money to come, the CRM, support.
-- Grain: one row an account_id, as of the clock.
with clock as (
    select * from {{ ref('util_as_of') }}
),

scores as (
    select * from {{ ref('int_account_health_scores') }}
    where is_official
),

measures as (
    select * from {{ ref('int_account_measures') }}
),

estimates as (
    select * from {{ ref('int_account_consumption_estimates') }}
),

windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where opportunity_type = 'Renewal' and not is_closed and not is_deleted
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

-- No sentiment is kept in the CRM: the stage of the open renewal, as a probability, is what the owner believes. The most
-- doubtful one counts.
renewals as (
    select
        identities.account_id,
        min(opportunities.probability_pct) as renewal_probability_pct,
        min_by(opportunities.stage_name, opportunities.probability_pct) as renewal_stage
    from opportunities
    inner join identities
        on opportunities.crm_account_id = identities.source_id
    group by identities.account_id
),

final as (
    select
        scores.account_id,
        renewals.renewal_stage,
        cast(scores.score_micropoints * 0.000001 as decimal(18, 6)) as health_score,
        -- The week four weeks from now against the mean week of the last 90 days.
        100 * (
            estimates.level_credits * exp(4 * estimates.growth_ratio)
            / nullif(
                7 * cast(windows.consumption_credits_90d as double)
                / nullif(windows.known_days_90d_count, 0), 0
            ) - 1
        ) as consumption_forecast_change_pct,
        measures.mrr_change_90d_pct,
        cast(renewals.renewal_probability_pct as double) as renewal_probability_pct,
        measures.tickets_created_90d_count,
        measures.monthly_revenue_usd,
        measures.past_due_usd,
        scores.as_of_date
    from scores
    inner join clock
        on scores.as_of_date = clock.as_of_date
    inner join measures
        on
            scores.account_id = measures.account_id
            and scores.as_of_date = measures.as_of_date
    left join estimates
        on
            scores.account_id = estimates.account_id
            and measures.measured_on_date = estimates.as_of_date
    left join windows
        on
            scores.account_id = windows.account_id
            and measures.measured_on_date = windows.as_of_date
    left join renewals
        on scores.account_id = renewals.account_id
)

select * from final
