-- What people have decided about the score of an account on a day, and why: the decision about this version before one
-- about every version, and the newest before an older one.
-- Grain: one row an account_id, as_of_date and health_score_version under a decision.
with overrides as (
    select * from {{ ref('health_overrides') }}
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

version_days as (
    select * from {{ ref('int_health_version_days') }}
),

ranked as (
    select
        account_days.account_id,
        account_days.as_of_date,
        version_days.health_score_version,
        overrides.override_kind,
        cast(overrides.score * 1000000 as bigint) as override_score_micropoints,
        overrides.reason as override_reason,
        row_number() over (
            partition by
                account_days.account_id,
                account_days.as_of_date,
                version_days.health_score_version
            order by
                case when overrides.health_score_version is null then 1 else 0 end asc,
                overrides.effective_from_date desc,
                overrides.override_kind asc
        ) as precedence
    from overrides
    inner join account_days
        on
            overrides.account_id = account_days.account_id
            and overrides.effective_from_date <= account_days.as_of_date
            and overrides.expires_on_date > account_days.as_of_date
    inner join version_days
        on
            account_days.as_of_date = version_days.as_of_date
            and (
                overrides.health_score_version = version_days.health_score_version
                or overrides.health_score_version is null
            )
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        override_kind,
        override_score_micropoints,
        override_reason
    from ranked
    where precedence = 1
)

select * from final
