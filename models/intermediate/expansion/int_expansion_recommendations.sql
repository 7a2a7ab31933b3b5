-- Past recommendations in the order in which they would have been made, by look-alikes and by popularity, in each account and
-- in the whole book, with what came of them: for all candidates, and for those that had not been started alone.
-- Grain: one row a population, account_id, use_case_id and as_of_date whose horizon has ended.
with scores as (
    select * from {{ ref('int_expansion_scores') }}
    where adopted_later is not null and history_count >= {{ var('expansion_minimum_history') }}
),

populations as (
    select
        'all' as population,
        scores.*
    from scores
    union all
    select
        'not_started' as population,
        scores.*
    from scores
    where adoption_state = 'not_started'
),

final as (
    select
        population,
        account_id,
        use_case_id,
        as_of_date,
        adopted_later,
        {%- for method, column in [('look_alike', 'confidence_ratio'), ('popularity', 'popularity_ratio')] %}
        row_number() over (
            partition by population, as_of_date, account_id
            order by {{ column }} desc, use_case_id asc
        ) as {{ method }}_account_rank,
        row_number() over (
            partition by population, as_of_date
            order by {{ column }} desc, account_id asc, use_case_id asc
        ) as {{ method }}_book_rank
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from populations
)

select * from final
