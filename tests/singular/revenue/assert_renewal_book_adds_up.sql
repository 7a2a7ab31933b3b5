-- Detects renewals that the book counts twice or leaves out: over all months and owners it holds each renewal and each notice
-- once, with all its money, and in each cell the outcomes make up what is due. No rate goes beyond its highest.
with book as (
    select * from {{ ref('renewal_book_monthly') }}
),

book_totals as (
    select
        coalesce(sum(due_count), 0) as due_count,
        coalesce(sum(notice_due_count), 0) as notice_due_count,
        coalesce(sum(due_usd), 0) as due_usd,
        coalesce(sum(won_usd), 0) as won_usd,
        coalesce(sum(renewed_usd), 0) as renewed_usd
    from book
),

renewal_totals as (
    select
        count(*) as due_count,
        count(notice_date) as notice_due_count,
        coalesce(sum(available_usd), 0) as due_usd,
        coalesce(sum(won_usd), 0) as won_usd,
        coalesce(sum(renewed_usd), 0) as renewed_usd
    from {{ ref('renewals') }}
)

select
    owner_crm_user_id,
    month_start_date
from book
where
    due_count <> won_count + lost_count + open_count
    or due_usd <> won_usd + lost_usd + open_usd
    or gross_renewal_ratio not between 0 and max_renewal_ratio
    or max_renewal_ratio > 1
    or month_end_gross_renewal_ratio not between 0 and 1
union all
select
    'all' as owner_crm_user_id,
    cast(null as date) as month_start_date
from book_totals
cross join renewal_totals
where
    book_totals.due_count <> renewal_totals.due_count
    or book_totals.notice_due_count <> renewal_totals.notice_due_count
    or book_totals.due_usd <> renewal_totals.due_usd
    or book_totals.won_usd <> renewal_totals.won_usd
    or book_totals.renewed_usd <> renewal_totals.renewed_usd
