-- When each open commit runs out, and how much will be overage or expire unused at the end of its term, at the clock.
-- Grain: one row a credit_grant_id.
{%- set percentiles = ['p10', 'p50', 'p90'] %}
{%- set opposite = {'p10': 'p90', 'p50': 'p50', 'p90': 'p10'} %}

with commits as (
    select * from {{ ref('int_open_commits') }}
),

forecasts as (
    select * from {{ ref('int_consumption_forecasts') }}
    where is_live
),

forecast_days as (
    select
        commits.credit_grant_id,
        commits.ahead_cents + commits.remaining_cents as needed_cents,
        {%- for percentile in percentiles %}
        forecasts.{{ percentile }}_credits * commits.cents_per_credit as {{ percentile }}_cents,
        {%- endfor %}
        forecasts.forecast_date
    from commits
    left join forecasts
        on
            commits.account_id = forecasts.account_id
            and commits.last_drawn_date >= forecasts.forecast_date
),

-- The early exhaustion (p10) is that of much consumption (p90).
outcomes as (
    select
        {%- for percentile in percentiles %}
        min(case when {{ opposite[percentile] }}_cents >= needed_cents then forecast_date end)
            as {{ percentile }}_exhaustion_date,
        coalesce(max({{ percentile }}_cents), 0) as {{ percentile }}_cents,
        {%- endfor %}
        credit_grant_id
    from forecast_days
    group by credit_grant_id
),

final as (
    select
        ---------- keys
        commits.credit_grant_id,

        ---------- ids
        commits.account_id,

        ---------- strings
        commits.missing_reason,

        ---------- numbers
        {{ usd_from_cents('commits.remaining_cents') }} as remaining_usd,
        {{ usd_from_cents('commits.overage_cents') }} as overage_to_date_usd,
        {%- for percentile in percentiles %}
        case
            when commits.missing_reason is null
                then {{ usd_from_cents(
                    'commits.overage_cents + round(greatest(outcomes.' ~ percentile
                    ~ '_cents - commits.account_remaining_cents, 0))'
                ) }}
        end as {{ percentile }}_overage_usd,
        case
            when commits.missing_reason is null
                then {{ usd_from_cents(
                    'round(greatest(commits.remaining_cents - greatest(outcomes.'
                    ~ opposite[percentile] ~ '_cents - commits.ahead_cents, 0), 0))'
                ) }}
        end as {{ percentile }}_breakage_usd,
        {%- endfor %}

        ---------- booleans
        coalesce(commits.remaining_cents = 0, false) as is_exhausted,

        ---------- dates
        commits.as_of_date,
        {%- for percentile in percentiles %}
        case
            when commits.remaining_cents = 0 then commits.exhausted_date
            when commits.missing_reason is null then outcomes.{{ percentile }}_exhaustion_date
        end as {{ percentile }}_exhaustion_date,
        {%- endfor %}
        commits.last_drawn_date,
        commits.expires_date
    from commits
    inner join outcomes on commits.credit_grant_id = outcomes.credit_grant_id
)

select * from final
