-- Detects money that the allotment to teams loses or makes: per account, product, use case, part and month the teams must
-- add up to what was booked, in minor units and in cents.
{%- set keys = [
    'account_id', 'currency', 'billing_product_id', 'use_case_id', 'revenue_part', 'month_start_date',
] | join(', ') %}
with unioned as (
    select
        {{ keys }},
        amount_minor_units,
        amount_cents
    from {{ ref('int_revenue_entries') }}
    union all
    select
        {{ keys }},
        -amount_minor_units as amount_minor_units,
        -amount_cents as amount_cents
    from {{ ref('int_revenue_allotted_to_teams') }}
)

select {{ keys }}
from unioned
group by {{ keys }}
having sum(amount_minor_units) <> 0 or sum(amount_cents) <> 0
