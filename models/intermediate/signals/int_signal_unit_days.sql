-- Days of use of what an account can lose apart from its level: teams, features that are key actions, and its champions in
-- the CRM by their e-mail. Observed days alone. Grain: one row an account_id, unit_type, unit_id and as_of_date.
with entity_days as (
    select * from {{ ref('int_account_entity_days') }}
    where is_known_entity and entity_type in ('team', 'feature', 'user')
),

observed_days as (
    select * from {{ ref('int_account_observed_days') }}
    where is_observed
),

features as (
    select * from {{ ref('features') }}
    where is_key_action
),

champions as (
    select * from {{ ref('int_champion_users') }}
),

final as (
    select
        entity_days.account_id,
        case when entity_days.entity_type = 'user' then 'champion' else entity_days.entity_type end
            as unit_type,
        case
            when entity_days.entity_type = 'user' then champions.crm_contact_id
            else entity_days.entity_id
        end as unit_id,
        entity_days.as_of_date,
        cast(entity_days.credits as double) as credits,
        observed_days.is_weekend,
        observed_days.working_days_to_date_count,
        observed_days.weekend_days_to_date_count
    from entity_days
    inner join observed_days
        on
            entity_days.account_id = observed_days.account_id
            and entity_days.as_of_date = observed_days.as_of_date
    left join features
        on entity_days.entity_type = 'feature' and entity_days.entity_id = features.feature_id
    left join champions
        on
            entity_days.entity_type = 'user'
            and entity_days.account_id = champions.account_id
            and entity_days.entity_id = champions.product_user_id
            and entity_days.as_of_date >= champions.first_champion_date
    where
        entity_days.entity_type = 'team'
        or features.feature_id is not null
        or champions.crm_contact_id is not null
)

select * from final
