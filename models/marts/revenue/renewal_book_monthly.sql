-- The renewal book: what comes up for renewal in a month, by owner, and what became of it by today and by the end of the
-- month. A renewal counts in the month in which its term ends, however late it is decided.
-- Grain: one row a month_start_date and owner_crm_user_id.
with renewals as (
    select
        *,
        cast({{ dbt.last_day('term_end_date', 'month') }} as date) as month_end_date
    from {{ ref('renewals') }}
),

history as (
    select * from {{ ref('renewal_history') }}
),

due as (
    select
        cast({{ dbt.date_trunc('month', 'renewals.term_end_date') }} as date) as month_start_date,
        renewals.owner_crm_user_id,
        count(*) as due_count,
        {%- for outcome in ['won', 'lost', 'open'] %}
        count(*) filter (where renewals.outcome = '{{ outcome }}') as {{ outcome }}_count,
        {%- endfor %}
        count(*) filter (where renewals.outcome = 'won' and renewals.is_late) as late_count,
        sum(renewals.available_usd) as due_usd,
        sum(renewals.expected_usd) as expected_usd,
        sum(renewals.renewed_usd) as renewed_usd,
        sum(renewals.won_usd) as won_usd,
        sum(renewals.lost_usd) as lost_usd,
        sum(renewals.open_usd) as open_usd,
        -- A month that is not over has not been closed.
        sum(case
            when renewals.month_end_date <= renewals.as_of_date
                then least(renewals.available_usd, coalesce(history.renewed_usd, 0))
        end) as month_end_won_usd
    from renewals
    left join history
        on
            renewals.renewal_id = history.renewal_id
            and renewals.month_end_date >= history.valid_from_date
            and (history.valid_to_date is null or renewals.month_end_date < history.valid_to_date)
    group by
        cast({{ dbt.date_trunc('month', 'renewals.term_end_date') }} as date),
        renewals.owner_crm_user_id
),

notices as (
    select
        cast({{ dbt.date_trunc('month', 'notice_date') }} as date) as month_start_date,
        owner_crm_user_id,
        count(*) as notice_due_count,
        sum(available_usd) as notice_due_usd
    from renewals
    where notice_date is not null
    group by cast({{ dbt.date_trunc('month', 'notice_date') }} as date), owner_crm_user_id
),

keys as (
    select month_start_date, owner_crm_user_id from due
    union distinct
    select month_start_date, owner_crm_user_id from notices
),

final as (
    select
        ---------- keys
        keys.month_start_date,
        keys.owner_crm_user_id,

        ---------- numbers
        {%- for column in [
            'due_count', 'won_count', 'lost_count', 'open_count', 'late_count', 'notice_due_count'
        ] %}
        coalesce({{ column }}, 0) as {{ column }},
        {%- endfor %}
        {%- for column in [
            'due_usd', 'expected_usd', 'renewed_usd', 'won_usd', 'lost_usd', 'open_usd', 'notice_due_usd'
        ] %}
        cast(coalesce({{ column }}, 0) as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        cast(due.month_end_won_usd as decimal(18, 2)) as month_end_won_usd,
        cast(due.won_usd as double) / nullif(cast(due.due_usd as double), 0) as gross_renewal_ratio,
        cast(due.won_usd + due.open_usd as double)
        / nullif(cast(due.due_usd as double), 0) as max_renewal_ratio,
        cast(due.month_end_won_usd as double)
        / nullif(cast(due.due_usd as double), 0) as month_end_gross_renewal_ratio
    from keys
    left join due
        on
            keys.month_start_date = due.month_start_date
            and keys.owner_crm_user_id = due.owner_crm_user_id
    left join notices
        on
            keys.month_start_date = notices.month_start_date
            and keys.owner_crm_user_id = notices.owner_crm_user_id
)

select * from final
