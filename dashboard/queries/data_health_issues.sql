-- Records whose account is in doubt, the most money and usage first.
select
    source_system,
    issue,
    count(*) as records_count,
    sum(paid_invoices_usd) as paid_invoices_usd,
    sum(usage_credits) as usage_credits,
    sum(tickets_count) as tickets_count
from marts.identity_issues
group by source_system, issue
order by paid_invoices_usd desc, usage_credits desc, source_system, issue
limit $row_limit
