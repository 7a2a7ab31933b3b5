{% macro health_rollup_measures() -%}
    {#- What is known of the members of a group on a day, summed up; all but the score is null-free. -#}
    {%- set live = "count(case when health_band <> 'churned' then 1 end)" -%}
    {%- set live_usd = "sum(case when health_band <> 'churned' then monthly_revenue_usd end)" -%}
    {%- set scored_usd = 'sum(case when is_scored then monthly_revenue_usd else 0 end)' -%}
    cast(cast(sum(contribution_micropoints) as bigint) * 0.000001 as decimal(5, 2)) as health_score,
        cast(sum(contribution_micropoints) as bigint) as score_micropoints,
        count(*) as accounts_count,
        count(score_micropoints) as scored_accounts_count,
        {%- for band in ['at_risk', 'watch', 'healthy', 'unknown', 'churned'] %}
        count(case when health_band = '{{ band }}' then 1 end) as {{ band }}_accounts_count,
        {%- endfor %}
        cast(sum(monthly_revenue_usd) as decimal(18, 2)) as monthly_revenue_usd,
        cast({{ scored_usd }} as decimal(18, 2)) as scored_revenue_usd,
        {%- for band in ['at_risk', 'unknown', 'churned'] %}
        cast(
            sum(case when health_band = '{{ band }}' then monthly_revenue_usd else 0 end)
            as decimal(18, 2)
        ) as {{ band }}_revenue_usd,
        {%- endfor %}
        cast(sum(health_weighted_revenue_usd) as decimal(18, 2)) as health_weighted_revenue_usd,
        cast(
            cast(count(score_micropoints) as double) / nullif({{ live }}, 0) as decimal(5, 4)
        ) as scored_accounts_ratio,
        cast(
            cast({{ scored_usd }} as double) / nullif({{ live_usd }}, 0) as decimal(5, 4)
        ) as scored_revenue_ratio
{%- endmacro %}
