-- When and why subscriptions ended. Stripe's reason counts where it names the payment; an end without notice while an
-- invoice is past due or written off is dunning, whatever reason it was given; status unpaid ends it without an end.
-- Grain: one row a billing_subscription_id.
with subscription_periods as (
    select * from {{ ref('int_subscription_periods') }}
    where account_id is not null
),

-- A notice that was taken back is in older versions only.
ranked_versions as (
    select
        billing_subscription_id,
        cancellation_reason,
        cast(canceled_at as date) as notice_date,
        row_number() over (
            partition by billing_subscription_id order by known_date desc
        ) as version_rank
    from {{ ref('stg_billing__subscription_versions') }}
),

newest_versions as (
    select * from ranked_versions
    where version_rank = 1
),

invoices as (
    select
        attributed.*,
        invoices.billing_subscription_id
    from {{ ref('int_invoices_attributed') }} as attributed
    inner join {{ ref('stg_billing__invoices') }} as invoices
        on attributed.billing_invoice_id = invoices.billing_invoice_id
    where attributed.was_overdue and not attributed.is_void
),

reasons as (
    select * from {{ ref('subscription_ending_reasons') }}
),

ended as (
    select
        billing_subscription_id,
        account_id,
        min(ended_date) as ended_date,
        min(case when subscription_status = 'unpaid' then valid_from_date end) as unpaid_date
    from subscription_periods
    group by billing_subscription_id, account_id
    having
        min(ended_date) is not null
        or min(case when subscription_status = 'unpaid' then valid_from_date end) is not null
),

in_dunning as (
    select distinct ended.billing_subscription_id
    from ended
    inner join invoices
        on
            ended.billing_subscription_id = invoices.billing_subscription_id
            and ended.ended_date >= invoices.overdue_from_date
            and (
                invoices.invoice_status = 'uncollectible'
                or invoices.settled_date is null
                or ended.ended_date < invoices.settled_date
            )
),

explained as (
    select
        ended.billing_subscription_id,
        ended.account_id,
        coalesce(least(ended.ended_date, ended.unpaid_date), ended.ended_date, ended.unpaid_date)
            as ended_date,
        case
            when stated.is_involuntary then newest_versions.cancellation_reason
            when ended.unpaid_date is not null then 'unpaid'
            when
                in_dunning.billing_subscription_id is not null
                and coalesce(newest_versions.notice_date >= ended.ended_date, true)
                then 'unpaid_invoice'
            else coalesce(newest_versions.cancellation_reason, 'unknown')
        end as ending_reason
    from ended
    inner join newest_versions
        on ended.billing_subscription_id = newest_versions.billing_subscription_id
    left join in_dunning on ended.billing_subscription_id = in_dunning.billing_subscription_id
    left join reasons as stated
        on newest_versions.cancellation_reason = stated.ending_reason
),

final as (
    select
        explained.billing_subscription_id,
        explained.account_id,
        explained.ending_reason,
        coalesce(reasons.is_involuntary, false) as is_involuntary,
        explained.ended_date
    from explained
    left join reasons on explained.ending_reason = reasons.ending_reason
)

select * from final
