-- What the score of today would be under every other version, and which component makes the difference: nothing of it is
-- a change of the customer. Grain: one row an account_id, compared_version and component.
with changes as (
    select * from {{ ref('int_health_changes') }}
    where from_date = to_date
),

final as (
    select
        account_id,
        to_version as compared_version,
        component,
        dimension,
        from_version as health_score_version,
        second_measure_value as measure_value,
        first_micropoints as contribution_micropoints,
        second_micropoints as compared_contribution_micropoints,
        second_micropoints - first_micropoints as difference_micropoints,
        to_date as as_of_date
    from changes
)

select * from final
