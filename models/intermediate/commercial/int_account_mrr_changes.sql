-- Days on which the recurring revenue of an account changed, and by how much: the running total is its MRR at the end of
-- each day. Changes that are known for days after the clock are left out.
-- Grain: one row an account_id and change_date.
with item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where account_id is not null and mrr_cents <> 0
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

edges as (
    select
        account_id,
        mrr_cents as mrr_cents_change,
        valid_from_date as change_date
    from item_periods
    union all
    select
        account_id,
        -mrr_cents as mrr_cents_change,
        valid_to_date as change_date
    from item_periods
    where valid_to_date is not null
),

final as (
    select
        edges.account_id,
        cast(sum(edges.mrr_cents_change) as bigint) as mrr_cents_change,
        edges.change_date
    from edges
    inner join clock on edges.change_date <= clock.as_of_date
    group by edges.account_id, edges.change_date
    having sum(edges.mrr_cents_change) <> 0
)

select * from final
