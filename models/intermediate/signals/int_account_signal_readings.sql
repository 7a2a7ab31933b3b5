-- How far the last days of an account are from what was to be expected, in standard deviations: consumption and people, each
-- as heavy as it is steady. Grain: one row an account_id and as_of_date, dense.
{%- set measures = ['credits', 'users'] %}
{%- set windows = var('signal_windows_days') %}
{%- set pattern_days = 7 * var('signal_pattern_weeks') %}

with deviations as (
    select * from {{ ref('int_account_signal_deviations') }}
),

summed as (
    select
        *,
        {%- for measure in measures %}
        {%- for days in windows %}
        sum({{ measure }}_seen) over {{ trailing_frame(days) }} as {{ measure }}_seen_{{ days }}d,
        sum({{ measure }}_expected) over {{ trailing_frame(days) }}
            as {{ measure }}_expected_{{ days }}d,
        count({{ measure }}_seen) over {{ trailing_frame(days) }} as {{ measure }}_days_{{ days }}d
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from deviations
),

-- The weight of a change is one over its variance, that of what was usual included.
weighed as (
    select
        *,
        {%- for measure in measures %}
        {%- for days in windows %}
        {%- set suffix = '_' ~ days ~ 'd' %}
        ln(greatest(
            {{ measure }}_seen{{ suffix }} / nullif({{ measure }}_expected{{ suffix }}, 0),
            {{ var('signal_floor_ratio') }}
        )) as {{ measure }}_change{{ suffix }},
        case
            when {{ measure }}_days{{ suffix }} >= {{ days * var('signal_minimum_known_ratio') }}
                then power({{ measure }}_expected{{ suffix }}, 2) / nullif(
                    power({{ measure }}_noise * {{ measure }}_level, 2)
                    * {{ measure }}_days{{ suffix }}
                    * (1 + {{ measure }}_days{{ suffix }} / {{ pattern_days }}.0), 0
                )
        end as {{ measure }}_weight{{ suffix }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed
),

final as (
    select
        account_id,
        as_of_date,
        is_confirming,
        {%- for days in windows %}
        {%- set suffix = '_' ~ days ~ 'd' %}
        credits_seen{{ suffix }},
        credits_expected{{ suffix }},
        users_seen{{ suffix }},
        users_expected{{ suffix }},
        round((
            coalesce(credits_change{{ suffix }} * credits_weight{{ suffix }}, 0)
            + coalesce(users_change{{ suffix }} * users_weight{{ suffix }}, 0)
        ) / nullif(
            coalesce(credits_weight{{ suffix }}, 0) + coalesce(users_weight{{ suffix }}, 0), 0
        ) / sqrt(
            1 / nullif(
                coalesce(credits_weight{{ suffix }}, 0) + coalesce(users_weight{{ suffix }}, 0), 0
            ) + {{ var('signal_drift_ratio') ** 2 }}
        ), 6) as strength{{ suffix }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from weighed
)

select * from final
