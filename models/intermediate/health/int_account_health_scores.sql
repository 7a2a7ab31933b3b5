-- Score of each account and day under each version that scores the day, before bands: computed, then overridden where
-- people have decided so. A score speaks of the risk of losing a customer: without a subscription there is none to lose,
-- and it is withheld. Grain: one row an account_id, as_of_date and health_score_version, also where nothing could be
-- scored.
with measures as (
    select * from {{ ref('int_account_measures') }}
),

computed as (
    select * from {{ ref('int_account_health_sums') }}
),

version_days as (
    select * from {{ ref('int_health_version_days') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

overrides as (
    select * from {{ ref('int_health_override_days') }}
),

joined as (
    select
        measures.account_id,
        measures.as_of_date,
        version_days.health_score_version,
        version_days.is_official,
        computed.worst_component,
        computed.best_component,
        {%- for dimension in health_dimensions() %}
        computed.{{ dimension }}_score,
        {%- endfor %}
        overrides.override_reason,
        overrides.override_kind,
        overrides.override_score_micropoints,
        coalesce(measures.days_since_subscription_end >= 0, false) as is_churned,
        coalesce(computed.computed_micropoints, 0) as computed_micropoints,
        cast(coalesce(computed.coverage_ratio, 0) as decimal(5, 4)) as coverage_ratio,
        coalesce(computed.coverage_ratio >= versions.minimum_coverage_ratio, false) as is_covered,
        measures.measured_on_date
    from measures
    inner join version_days
        on measures.as_of_date = version_days.as_of_date
    inner join versions
        on version_days.health_score_version = versions.health_score_version
    left join computed
        on
            measures.account_id = computed.account_id
            and measures.as_of_date = computed.as_of_date
            and version_days.health_score_version = computed.health_score_version
    left join overrides
        on
            measures.account_id = overrides.account_id
            and measures.as_of_date = overrides.as_of_date
            and version_days.health_score_version = overrides.health_score_version
),

-- A cap or a floor bounds a score that there is; a set score also stands where too little is known to compute one.
scored as (
    select
        *,
        case
            when is_churned then null
            when override_kind = 'set' then override_score_micropoints
            when not is_covered then null
            when override_kind = 'cap'
                then least(computed_micropoints, override_score_micropoints)
            when override_kind = 'floor'
                then greatest(computed_micropoints, override_score_micropoints)
            else computed_micropoints
        end as score_micropoints
    from joined
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        is_official,
        worst_component,
        best_component,
        {%- for dimension in health_dimensions() %}
        {{ dimension }}_score,
        {%- endfor %}
        override_reason,
        computed_micropoints,
        coalesce(score_micropoints - computed_micropoints, 0) as override_micropoints,
        score_micropoints,
        coverage_ratio,
        is_churned,
        is_covered,
        measured_on_date
    from scored
)

select * from final
