-- An override is a decision: it says about whom, what, why, who answers for it and until when. Without that it would bend
-- the score for ever and nobody could say why.
{%- set text = dbt.type_string() %}
with overrides as (
    select * from {{ ref('health_overrides') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by account_id, health_score_version, effective_from_date
            order by override_kind
        ) as place
    from overrides
),

checked as (
    select
        numbered.account_id,
        numbered.effective_from_date,
        case
            when coalesce(trim(numbered.account_id), '') = ''
                then 'account_id is empty: write whose score it is'
            when coalesce(trim(numbered.reason), '') = ''
                then 'reason is empty: write why it was decided'
            when coalesce(trim(numbered.owner), '') = ''
                then 'owner is empty: write who answers for it'
            when numbered.override_kind is null
                then 'override_kind is empty: write set, cap or floor'
            when coalesce(numbered.score < 0 or numbered.score > 100, true)
                then 'score must lie between 0 and 100'
            when numbered.effective_from_date is null or numbered.expires_on_date is null
                then 'effective_from_date and expires_on_date must both be filled in'
            when numbered.expires_on_date <= numbered.effective_from_date
                then 'expires_on_date must be after effective_from_date'
            when
                {{ dbt.datediff(
                    'numbered.effective_from_date', 'numbered.expires_on_date', 'day'
                ) }} > {{ var('override_max_days') }}
                then
                    'it must expire within {{ var('override_max_days') }} days: decide anew then'
            when numbered.health_score_version is not null and versions.health_score_version is null
                then concat(
                    'there is no version ', numbered.health_score_version,
                    ': leave it empty for every version'
                )
            when numbered.place > 1
                then 'another override of the account begins on that day: keep one'
            -- Accounts of the past may have been merged since: their rows only explain old scores.
            when accounts.account_id is null and numbered.expires_on_date > {{ as_of_date() }}
                then 'marts.accounts has no such account: correct its id or remove the row'
        end as rule
    from numbered
    left join versions
        on numbered.health_score_version = versions.health_score_version
    left join accounts
        on numbered.account_id = accounts.account_id
)

select
    concat(
        'The override of ', coalesce(account_id, 'nobody'), ' from ',
        coalesce(cast(effective_from_date as {{ text }}), 'no day'),
        ' in seeds/health_overrides.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
