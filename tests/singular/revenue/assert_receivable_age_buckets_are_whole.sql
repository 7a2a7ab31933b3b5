-- Detects ages of what is past due that overlap, leave a gap or stop, names that do not tell their limits, and buckets that
-- the macro receivable_age_buckets does not list: such amounts would be counted twice, or in no column at all.
with buckets as (
    select
        *,
        lag(to_days, 1, 0) over (order by from_days) as previous_to_days,
        lead(from_days) over (order by from_days) as next_from_days
    from {{ ref('receivable_age_buckets') }}
),

listed as (
    {% for age_bucket in receivable_age_buckets() -%}
    select '{{ age_bucket }}' as age_bucket
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    coalesce(buckets.age_bucket, listed.age_bucket) as age_bucket,
    case
        when listed.age_bucket is null then 'add it to macros/receivable_age_buckets.sql'
        when
            buckets.age_bucket is null
            then 'the macro receivable_age_buckets lists it, the seed does not have it'
        when buckets.from_days <> buckets.previous_to_days + 1 or buckets.previous_to_days is null
            then 'it does not begin on the day after the one before ends'
        when
            (buckets.to_days is null) <> (buckets.next_from_days is null)
            then 'only the last has no limit'
        else 'its name must tell its limits'
    end as problem
from buckets
full outer join listed on buckets.age_bucket = listed.age_bucket
where
    listed.age_bucket is null
    or buckets.age_bucket is null
    or buckets.previous_to_days is null
    or buckets.from_days <> buckets.previous_to_days + 1
    or (buckets.to_days is null) <> (buckets.next_from_days is null)
    or buckets.age_bucket <> case
        when buckets.to_days is null
            then concat('over_', cast(buckets.from_days - 1 as {{ dbt.type_string() }}), '_days')
        else concat(
            cast(buckets.from_days as {{ dbt.type_string() }}),
            '_',
            cast(buckets.to_days as {{ dbt.type_string() }}),
            '_days'
        )
    end
