-- Booked revenue by month, what was charged by use allotted to the teams that used the use case in that month, by their
-- measured use: each team gets its whole share, what is left over goes to the largest remainders, one unit each. So teams
-- add up exactly. What has no measured use stays with no team. Grain: one row an account_id, currency, billing_product_id,
-- use_case_id, workspace_id, revenue_part and month_start_date.
{%- set keys = 'account_id, currency, billing_product_id, use_case_id, revenue_part, is_metered, month_start_date' %}
with months as (
    select
        {{ keys }},
        cast(sum(amount_minor_units) as bigint) as amount_minor_units,
        cast(sum(amount_cents) as bigint) as amount_cents
    from {{ ref('int_revenue_entries') }}
    group by {{ keys }}
),

team_use as (
    select * from {{ ref('int_team_use_case_months') }}
),

weighted as (
    select
        months.*,
        coalesce(team_use.workspace_id, '') as workspace_id,
        coalesce(team_use.used_microcredits, 1) as part,
        coalesce(team_use.all_microcredits, 1) as whole
    from months
    left join team_use
        on
            months.is_metered
            and months.account_id = team_use.account_id
            and months.use_case_id = team_use.use_case_id
            and months.month_start_date = team_use.month_start_date
),

cut_off as (
    select
        *
        {%- for unit in ['minor_units', 'cents'] %},
        {{ floor_divide(wide('abs(amount_' ~ unit ~ ')') ~ ' * part', 'whole') }} as cut_{{ unit }}
        {%- endfor %}
    from weighted
),

ranked as (
    select
        *
        {%- for unit in ['minor_units', 'cents'] %},
        abs(amount_{{ unit }}) - sum(cut_{{ unit }}) over (partition by {{ keys }})
            as left_{{ unit }},
        row_number() over (
            partition by {{ keys }}
            order by
                {{ wide('abs(amount_' ~ unit ~ ')') }} * part - {{ wide('cut_' ~ unit) }} * whole desc,
                workspace_id asc
        ) as rank_{{ unit }}
        {%- endfor %}
    from cut_off
),

final as (
    select
        account_id,
        currency,
        billing_product_id,
        use_case_id,
        nullif(workspace_id, '') as workspace_id,
        revenue_part,
        month_start_date
        {%- for unit in ['minor_units', 'cents'] %},
        cast(sum(
            (cut_{{ unit }} + case when rank_{{ unit }} <= left_{{ unit }} then 1 else 0 end)
            * case when amount_{{ unit }} < 0 then -1 else 1 end
        ) as bigint) as amount_{{ unit }}
        {%- endfor %}
    from ranked
    group by
        account_id,
        currency,
        billing_product_id,
        use_case_id,
        nullif(workspace_id, ''),
        revenue_part,
        month_start_date
)

select * from final
