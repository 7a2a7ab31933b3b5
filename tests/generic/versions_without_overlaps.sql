{% test versions_without_overlaps(model, key) %}
    {#- On any day a key had one version, and none ends before it begins: an overlap counts money and accounts twice in
        every join on a day. -#}
    with versions as (
        select
            {{ key }},
            valid_from_at,
            valid_to_at,
            lead(valid_from_at) over (
                partition by {{ key }}
                order by valid_from_at asc nulls last
            ) as next_valid_from_at
        from {{ model }}
    )

    select * from versions
    where
        valid_to_at <= valid_from_at
        or (next_valid_from_at is not null and coalesce(valid_to_at > next_valid_from_at, true))
{% endtest %}
