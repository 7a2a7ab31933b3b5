-- A group must be the sum of its members, and nothing may be lost on the way up: the score of every group is what its
-- members add, exactly; the books of all owners together, and the company, have the accounts and the revenue of the bands.
with member_sums as (
    select
        as_of_date,
        rollup_type,
        rollup_id,
        sum(contribution_micropoints) as score_micropoints,
        sum(weight) as weight,
        min(score_micropoints) as lowest_micropoints,
        max(score_micropoints) as highest_micropoints,
        count(contribution_micropoints) as scored_accounts_count
    from {{ ref('health_rollup_members_daily') }}
    group by as_of_date, rollup_type, rollup_id
),

rollups as (
    select
        as_of_date,
        book_type as rollup_type,
        book_id as rollup_id,
        score_micropoints
    from {{ ref('metrics_book_health_daily') }}
    union all
    select
        as_of_date,
        'parent' as rollup_type,
        parent_account_id as rollup_id,
        score_micropoints
    from {{ ref('metrics_parent_health_daily') }}
),

-- Each member loses less than a micro-point by rounding down.
wrong_scores as (
    select
        concat('score of ', coalesce(rollups.rollup_id, member_sums.rollup_id)) as problem,
        coalesce(rollups.as_of_date, member_sums.as_of_date) as as_of_date
    from rollups
    full outer join member_sums
        on
            rollups.as_of_date = member_sums.as_of_date
            and rollups.rollup_type = member_sums.rollup_type
            and rollups.rollup_id = member_sums.rollup_id
    where
        rollups.rollup_id is null
        or member_sums.rollup_id is null
        or coalesce(rollups.score_micropoints, -1) <> coalesce(member_sums.score_micropoints, -1)
        or rollups.score_micropoints
        not between member_sums.lowest_micropoints - member_sums.scored_accounts_count
        and member_sums.highest_micropoints
        or (member_sums.scored_accounts_count > 0 and member_sums.weight <= 0)
),

totals as (
    select
        as_of_date,
        book_type as seen_by,
        sum(accounts_count) as accounts_count,
        sum(
            at_risk_accounts_count
            + watch_accounts_count
            + healthy_accounts_count
            + unknown_accounts_count
            + churned_accounts_count
        ) as banded_accounts_count,
        sum(scored_accounts_count + unknown_accounts_count + churned_accounts_count)
            as known_accounts_count,
        sum(monthly_revenue_usd) as monthly_revenue_usd,
        sum(scored_revenue_usd + unknown_revenue_usd + churned_revenue_usd) as known_revenue_usd,
        sum(at_risk_revenue_usd) as at_risk_revenue_usd,
        sum(health_weighted_revenue_usd) as health_weighted_revenue_usd
    from {{ ref('metrics_book_health_daily') }}
    group by as_of_date, book_type
),

bands as (
    select
        as_of_date,
        sum(accounts_count) as accounts_count,
        sum(monthly_revenue_usd) as monthly_revenue_usd,
        sum(case when health_band = 'at_risk' then monthly_revenue_usd else 0 end)
            as at_risk_revenue_usd
    from {{ ref('metrics_health_daily') }}
    group by as_of_date
),

wrong_totals as (
    select
        concat('totals of ', coalesce(totals.seen_by, 'no book')) as problem,
        bands.as_of_date
    from bands
    left join totals
        on bands.as_of_date = totals.as_of_date
    left join totals as company
        on
            bands.as_of_date = company.as_of_date
            and company.seen_by = 'company'
    where
        totals.as_of_date is null
        or totals.accounts_count <> bands.accounts_count
        or totals.banded_accounts_count <> bands.accounts_count
        or totals.known_accounts_count <> bands.accounts_count
        or totals.monthly_revenue_usd <> bands.monthly_revenue_usd
        or totals.known_revenue_usd <> bands.monthly_revenue_usd
        or totals.at_risk_revenue_usd <> bands.at_risk_revenue_usd
        or totals.health_weighted_revenue_usd <> company.health_weighted_revenue_usd
)

select * from wrong_scores
union all
select * from wrong_totals
