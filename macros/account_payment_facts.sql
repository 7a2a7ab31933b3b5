{% macro account_payment_facts(kind) -%}
    {#- Facts of int_account_payment_changes: `state` ones are running totals of their steps, `event` ones are counted in
        windows, and only from the account's first day on. -#}
    {%- set states = ['receivables', 'failed_open'] -%}
    {%- for age_bucket in receivable_age_buckets() -%}
        {%- do states.append('past_due_' ~ age_bucket) -%}
    {%- endfor -%}
    {%- for outcome in ['open', 'won', 'lost', 'withdrawn'] -%}
        {%- do states.append('disputes_' ~ outcome) -%}
        {%- do states.append('disputed_' ~ outcome) -%}
    {%- endfor -%}
    {%- set events = [
        'billed', 'failed_attempts', 'failed_payments', 'failed', 'recovered_payments', 'recovered', 'lost_payments', 'lost',
    ] -%}
    {{ return(states if kind == 'state' else events) }}
{%- endmacro %}
