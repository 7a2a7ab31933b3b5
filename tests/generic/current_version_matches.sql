{% test current_version_matches(model, key, column, to) %}
    {#- Every record that stands has exactly one current version with the value it has now, and no other record has one:
        a refresh that skipped the snapshot, or a snapshot of half an export, shows here. -#}
    with current_versions as (
        select
            {{ key }},
            count(*) as versions_count,
            max({{ column }}) as history_value
        from {{ model }}
        where is_current
        group by {{ key }}
    )

    select
        coalesce(records.{{ key }}, current_versions.{{ key }}) as {{ key }},
        records.{{ column }} as value_now,
        current_versions.history_value,
        current_versions.versions_count
    from {{ to }} as records
    full outer join current_versions
        on records.{{ key }} = current_versions.{{ key }}
    where
        records.{{ key }} is null
        or current_versions.{{ key }} is null
        or current_versions.versions_count <> 1
        or coalesce(records.{{ column }}, '') <> coalesce(current_versions.history_value, '')
{% endtest %}
