-- Tells which events of the last 28 days the features seed does not know: they count as events but belong to no feature
-- and cost nothing, so a renamed metered event would look like a fall in consumption.
{{ config(severity='warn') }}

select
    user_feature_days.event_name,
    min(user_feature_days.event_date) as first_event_date,
    sum(user_feature_days.events_count) as events_count
from {{ ref('int_usage_user_feature_days') }} as user_feature_days
where
    user_feature_days.feature_id = 'unknown'
    and user_feature_days.event_date
    > cast({{ dbt.dateadd('day', -28, as_of_date()) }} as date)
group by user_feature_days.event_name
