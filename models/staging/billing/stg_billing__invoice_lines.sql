-- Lines of Stripe invoices: the ten that an invoice embeds and those that page beyond them, both API generations in
-- one shape. A page may repeat embedded lines: those count once. Grain: one row a billing_invoice_line_id.
with invoices as (
    select * from {{ newest_version('billing', 'invoices', key='id') }}
),

further_lines as (
    select * from {{ newest_version('billing', 'invoice_lines', key='id') }}
),

embedded_lines as (
    select
        id as invoice_id,
        currency as invoice_currency,
        {{ json_elements('lines', 'data') }} as line
    from invoices
),

embedded_ids as (
    select {{ json_text('line', 'id') }} as embedded_line_id
    from embedded_lines
),

unioned as (
    select
        {{ json_text('line', 'id') }} as billing_invoice_line_id,
        invoice_id as billing_invoice_id,
        coalesce({{ json_text('line', 'price') }}, {{ json_text('line', 'pricing') }}) as pricing_json,
        {{ json_text('line', 'period') }} as period_json,
        {{ json_text('line', 'parent') }} as parent_json,
        {{ json_text('line', 'pretax_credit_amounts') }} as credits_json,
        {{ json_text('line', 'discount_amounts') }} as discounts_json,
        {{ json_text('line', 'subscription_item') }} as older_subscription_item_id,
        {{ json_text('line', 'proration') }} as older_proration,
        coalesce({{ json_text('line', 'currency') }}, invoice_currency) as currency,
        cast({{ json_text('line', 'amount') }} as bigint) as amount_minor_units,
        try_cast({{ json_text('line', 'quantity') }} as bigint) as quantity
    from embedded_lines
    union all
    select
        id as billing_invoice_line_id,
        invoice as billing_invoice_id,
        coalesce(cast(price as {{ dbt.type_string() }}), cast(pricing as {{ dbt.type_string() }})) as pricing_json,
        cast(period as {{ dbt.type_string() }}) as period_json,
        cast(parent as {{ dbt.type_string() }}) as parent_json,
        cast(pretax_credit_amounts as {{ dbt.type_string() }}) as credits_json,
        cast(discount_amounts as {{ dbt.type_string() }}) as discounts_json,
        subscription_item as older_subscription_item_id,
        lower(cast(proration as {{ dbt.type_string() }})) as older_proration,
        currency,
        amount as amount_minor_units,
        quantity
    from further_lines
    left join embedded_ids on further_lines.id = embedded_ids.embedded_line_id
    where embedded_ids.embedded_line_id is null
),

renamed as (
    select
        ---------- ids
        billing_invoice_line_id,
        billing_invoice_id,
        coalesce({{ json_text('pricing_json', 'id') }}, {{ json_text('pricing_json', 'price_details.price') }}) as billing_price_id,
        coalesce({{ json_text('pricing_json', 'product') }}, {{ json_text('pricing_json', 'price_details.product') }}) as billing_product_id,
        coalesce(
            older_subscription_item_id, {{ json_text('parent_json', 'subscription_item_details.subscription_item') }}
        ) as billing_subscription_item_id,

        ---------- strings
        currency,
        credits_json,
        discounts_json,

        ---------- numbers
        amount_minor_units,
        quantity,

        ---------- booleans
        coalesce(
            older_proration,
            {{ json_text('parent_json', 'subscription_item_details.proration') }},
            {{ json_text('parent_json', 'invoice_item_details.proration') }}
        ) = 'true' as is_proration,

        ---------- timestamps
        {{ epoch_to_timestamp('cast(' ~ json_text('period_json', 'start') ~ ' as bigint)') }} as period_started_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('period_json', 'end') ~ ' as bigint)') }} as period_ended_at
    from unioned
)

select * from renamed
