-- Detects a difference between two definitions that the reconciliation does not explain to the last millionth: the steps
-- must lead from the ratio that one publishes to that of the other, and move all of both numerators and denominators; every
-- pair that has two ratios must be explained.
with company as (
    select * from {{ ref('revenue_retention_monthly') }}
    where cut_type = 'company' and retention_micropoints is not null
),

pairs as (
    select
        firsts.month_start_date,
        firsts.definition as first_definition,
        seconds.definition as second_definition,
        seconds.retention_micropoints - firsts.retention_micropoints as difference_micropoints,
        firsts.start_amount as first_start_amount,
        firsts.end_amount as first_end_amount,
        seconds.start_amount as second_start_amount,
        seconds.end_amount as second_end_amount
    from company as firsts
    inner join company as seconds
        on
            firsts.month_start_date = seconds.month_start_date
            and firsts.definition < seconds.definition
),

explained as (
    select
        month_start_date,
        first_definition,
        second_definition,
        sum(effect_micropoints) as difference_micropoints,
        sum(first_start_amount) as first_start_amount,
        sum(first_end_amount) as first_end_amount,
        sum(second_start_amount) as second_start_amount,
        sum(second_end_amount) as second_end_amount
    from {{ ref('retention_reconciliation_monthly') }}
    group by month_start_date, first_definition, second_definition
)

select
    coalesce(pairs.month_start_date, explained.month_start_date) as month_start_date,
    coalesce(pairs.first_definition, explained.first_definition) as first_definition,
    coalesce(pairs.second_definition, explained.second_definition) as second_definition
from pairs
full outer join explained
    on
        pairs.month_start_date = explained.month_start_date
        and pairs.first_definition = explained.first_definition
        and pairs.second_definition = explained.second_definition
where
    pairs.month_start_date is null
    or explained.month_start_date is null
    or pairs.difference_micropoints <> explained.difference_micropoints
    or pairs.first_start_amount <> explained.first_start_amount
    or pairs.first_end_amount <> explained.first_end_amount
    or pairs.second_start_amount <> explained.second_start_amount
    or pairs.second_end_amount <> explained.second_end_amount
