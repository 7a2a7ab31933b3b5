-- How much of revenue, usage and tickets is tied to an account, by the strength of the evidence; `orphan` is to none.
with shares as (
    select
        rule_class,
        sum(paid_invoices_ratio) as paid_invoices,
        sum(usage_credits_ratio) as usage_credits,
        sum(usage_events_ratio) as usage_events,
        sum(tickets_ratio) as tickets,
        min(match_rank) as match_rank
    from marts.identity_coverage
    group by rule_class
)

select measure, rule_class, ratio
from shares
unpivot (ratio for measure in (paid_invoices, usage_credits, usage_events, tickets))
order by measure, match_rank
