{% test versions_without_gaps(model, key) %}
    {#- Between two versions of a key lies no gap. An account that left the book (merged, deleted) and came back has one:
        worth a look, no reason to stop. -#}
    with versions as (
        select
            {{ key }},
            valid_to_at,
            lead(valid_from_at) over (
                partition by {{ key }}
                order by valid_from_at asc nulls last
            ) as next_valid_from_at
        from {{ model }}
    )

    select * from versions
    where valid_to_at < next_valid_from_at
{% endtest %}
