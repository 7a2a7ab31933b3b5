-- How often recommendations of use cases were right, beside those by popularity and beside chance.
select
    population,
    list_scope,
    list_length,
    recommendations_count,
    look_alike_hits_count,
    popularity_hits_count,
    look_alike_precision_ratio,
    popularity_precision_ratio,
    base_ratio,
    is_better_than_popularity,
    count(*) over () as lists_count,
    count(*) filter (where is_better_than_popularity) over () as better_lists_count,
    max(origins_count) over () as origins_count
from marts.expansion_backtest
order by population, list_scope, list_length
