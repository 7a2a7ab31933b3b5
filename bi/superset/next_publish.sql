-- What the next publish holds: every number of the dashboard is another one.
delete from marts.account_health
where account_id in (
    select account_id
    from marts.account_health
    qualify row_number() over (partition by segment, health_band order by account_id) % 3 = 1
);
update marts.account_health
set as_of_date = as_of_date + 1, health_score = health_score - 1, monthly_revenue_usd = monthly_revenue_usd + 1;
update metrics.metrics_book_health_daily
set health_score = health_score - 1, at_risk_revenue_usd = at_risk_revenue_usd + 1;
update marts.revenue_movements_monthly set new_usd = new_usd + 1;
update marts.revenue_retention_monthly set retention_ratio = retention_ratio + 0.01;
update marts.usage_signals set is_open = not is_open;
update marts.commit_forecast set p50_overage_usd = p50_overage_usd + 1;
update marts.data_health set as_of_date = as_of_date + 1;
