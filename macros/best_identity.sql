{% macro best_identity(candidates) -%}
    {#- Per source_id the best of the candidates: by rank of the rule, then an account that still lives, then the same
        name, then the oldest account; the id only makes ties deterministic. Candidates of the winner's class that name
        other accounts are counted: more than one is a conflict.
        Columns of `candidates`: source_id, account_id, match_rule, evidence, is_deleted_account, is_same_name,
        account_created_at. -#}
    (
        select
            ranked.source_id,
            ranked.account_id,
            ranked.match_rule,
            ranked.match_rank,
            ranked.evidence,
            counted.candidates_count
        from (
            select
                candidates.*,
                rules.match_rank,
                rules.rule_class,
                row_number() over (
                    partition by candidates.source_id
                    order by
                        rules.match_rank asc nulls last,
                        candidates.is_deleted_account asc nulls last,
                        candidates.is_same_name desc nulls last,
                        candidates.account_created_at asc nulls last,
                        candidates.account_id asc nulls last,
                        candidates.evidence asc nulls last
                ) as candidate_number
            from {{ candidates }} as candidates
            inner join {{ ref('identity_rules') }} as rules
                on candidates.match_rule = rules.match_rule
            where rules.is_enabled and candidates.account_id is not null
        ) as ranked
        inner join (
            select
                candidates.source_id,
                rules.rule_class,
                count(distinct candidates.account_id) as candidates_count
            from {{ candidates }} as candidates
            inner join {{ ref('identity_rules') }} as rules
                on candidates.match_rule = rules.match_rule
            where rules.is_enabled
            group by candidates.source_id, rules.rule_class
        ) as counted
            on
                ranked.source_id = counted.source_id
                and ranked.rule_class = counted.rule_class
        where ranked.candidate_number = 1
    )
{%- endmacro %}
