-- Every measure that scores, segments and signals may use, side by side; null where it is not known. A day that a broken
-- feed holds shows the measures of the last day that could be trusted: none for an account that was not there on it, and
-- none at all once they are withheld. Revenue is no measure of a score: a withheld day shows what is known of it.
-- Grain: one row an account_id and as_of_date.
{%- set concepts = [
    'usage', 'trend', 'peer', 'adoption', 'depth', 'commercial', 'support', 'relationship', 'engagement'
] %}
{%- set known_days = ['known_days_7d_count', 'known_days_28d_count', 'known_days_90d_count'] %}

with account_days as (
    select * from {{ ref('int_account_days') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

{% for concept in concepts -%}
{{ concept }}_measures as (
    select * from {{ ref('int_account_' ~ concept ~ '_measures') }}
),

{% endfor -%}
shown_days as (
    select
        account_days.account_id,
        account_days.as_of_date,
        score_days.measured_on_date,
        coalesce(score_days.measured_on_date, account_days.as_of_date) as shown_date,
        account_days.account_age_days
        - {{ dbt.datediff(
            'coalesce(score_days.measured_on_date, account_days.as_of_date)',
            'account_days.as_of_date', 'day'
        ) }} as shown_age_days
    from account_days
    inner join score_days
        on account_days.as_of_date = score_days.as_of_date
),

joined as (
    select
        shown_days.account_id,
        shown_days.as_of_date,
        shown_days.measured_on_date,
        case when shown_days.shown_age_days >= 0 then shown_days.shown_age_days end
            as account_age_days,
        {%- for concept in concepts %}
        {%- for measure in account_measures(concept) %}
        {{ concept }}_measures.{{ measure }},
        {%- endfor %}
        {%- endfor %}
        {%- for column in known_days %}
        usage_measures.{{ column }},
        {%- endfor %}
        commercial_measures.monthly_revenue_usd
    from shown_days
    {% for concept in concepts -%}
    left join {{ concept }}_measures
        on
            shown_days.account_id = {{ concept }}_measures.account_id
            and shown_days.shown_date = {{ concept }}_measures.as_of_date
    {% endfor %}
),

-- The joins of a withheld day go to the day itself, for its revenue; nothing else of it is shown.
final as (
    select
        account_id,
        as_of_date,
        {%- for column in account_measures() + known_days %}
        case when measured_on_date is not null then {{ column }} end as {{ column }},
        {%- endfor %}
        monthly_revenue_usd,
        measured_on_date
    from joined
)

select * from final
