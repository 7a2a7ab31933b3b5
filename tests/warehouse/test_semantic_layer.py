"""The semantic layer is valid on what readers see, and its metrics answer what plain SQL on the marts answers."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Settings
from tests.warehouse.lints import PROJECT

NOW = "as_of_date = (select max(as_of_date) from marts.account_health_daily)"
MONTH = "date '2026-09-01'"
# Metrics, what they are grouped by, a filter, and the same question in SQL.
QUESTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "accounts and revenue now": (
        {"metrics": ["accounts", "revenue"]},
        f"select count(*), sum(monthly_revenue_usd) from marts.account_health_daily where {NOW}",
    ),
    "the book by segment": (
        {"metrics": ["accounts", "revenue", "revenue_weighted_health"], "group_by": ["account__segment"]},
        f"""select segment, count(*), sum(daily.monthly_revenue_usd),
            sum(health_score * daily.monthly_revenue_usd)
                / nullif(sum(case when health_score is not null then daily.monthly_revenue_usd end), 0)
        from marts.account_health_daily as daily
        left join marts.account_segments using (account_id) where daily.{NOW} group by segment""",
    ),
    "revenue at risk by owner": (
        {"metrics": ["at_risk_revenue"], "group_by": ["account__owner_name"]},
        f"""select owner_name, sum(monthly_revenue_usd) from marts.account_health_daily
        left join marts.accounts using (account_id)
        where account_health_daily.{NOW} and health_band = 'at_risk' group by 1""",
    ),
    "share of revenue scored by plan": (
        {"metrics": ["scored_revenue_ratio"], "group_by": ["account__plan"]},
        f"""select plan, sum(case when health_score is not null then monthly_revenue_usd end) / sum(monthly_revenue_usd)
        from marts.account_health_daily left join marts.accounts using (account_id)
        where account_health_daily.{NOW} group by plan""",
    ),
    "consumption by month": (
        {"metrics": ["consumption"], "group_by": ["metric_time__month"]},
        "select date_trunc('month', as_of_date), sum(credits) from marts.account_usage_daily group by 1",
    ),
    "active users at each month's end": (
        {"metrics": ["active_users"], "group_by": ["metric_time__month"]},
        """select date_trunc('month', as_of_date), sum(active_users_28d_count) from marts.account_usage_daily
        where as_of_date in (
            select max(as_of_date) from marts.account_usage_daily group by date_trunc('month', as_of_date)
        )
        group by 1""",
    ),
    "satisfaction and open tickets by plan": (
        {"metrics": ["csat", "open_tickets"], "group_by": ["account__plan"]},
        """select plan, sum(csat_90d_pct * ratings_90d_count) / nullif(sum(ratings_90d_count), 0),
            sum(open_tickets_count)
        from marts.account_support_daily as support left join marts.accounts using (account_id)
        where support.as_of_date = (select max(as_of_date) from marts.account_support_daily) group by plan""",
    ),
    "movements by month": (
        {"metrics": ["new_revenue", "expansion_revenue", "churn_revenue"], "group_by": ["metric_time__month"]},
        """select month_start_date, sum(new_usd), sum(expansion_usd), sum(churn_usd)
        from marts.revenue_movements_monthly where revenue_basis = 'total' group by 1""",
    ),
    "retention of a month by size": (
        {
            "metrics": ["monthly_nrr", "monthly_grr"],
            "group_by": ["retention__size_tier"],
            "where": [f"{{{{ TimeDimension('metric_time', 'month') }}}} = {MONTH}"],
        },
        f"""select size_tier,
            sum(end_amount) filter (where definition = 'monthly_nrr')
                / sum(start_amount) filter (where definition = 'monthly_nrr'),
            sum(end_amount) filter (where definition = 'monthly_grr')
                / sum(start_amount) filter (where definition = 'monthly_grr')
        from marts.account_retention_monthly where month_start_date = {MONTH}
            and definition in ('monthly_nrr', 'monthly_grr') group by size_tier""",
    ),
    "balance of commits by owner": (
        {"metrics": ["commit_balance"], "group_by": ["account__owner_name"]},
        """select owner_name, sum(balance_usd) from marts.commit_burndown_daily as burndown
        left join marts.accounts using (account_id)
        where burndown.as_of_date = (select max(as_of_date) from marts.commit_burndown_daily) group by 1""",
    ),
    "the saved query of the book": (
        {"saved_query": "book_by_owner", "where": ["{{ TimeDimension('metric_time', 'month') }} = date '2026-10-01'"]},
        f"""select date '2026-10-01', owner_name, count(*), sum(daily.monthly_revenue_usd),
            sum(daily.monthly_revenue_usd) filter (where health_band = 'at_risk'), sum(open_tickets_count)
        from marts.account_health_daily as daily left join marts.accounts on daily.account_id = accounts.account_id
        left join marts.account_support_daily as support
            on daily.account_id = support.account_id and daily.as_of_date = support.as_of_date
        where daily.{NOW} group by owner_name""",
    ),
}


@pytest.fixture(scope="module")
def environment(company: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """MetricFlow reads what readers see, and the manifest of a project parsed for that."""
    folder = tmp_path_factory.mktemp("metricflow")
    return {
        **company.child_env(),
        "ACCOUNT_HEALTH_TARGET": "serving",
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }


def run(environment: dict[str, str], *command: str, said: str = "") -> str:
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, input=said, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def answers(environment: dict[str, str]) -> dict[str, list[list[str]]]:
    run(environment, str(Path(sys.executable).with_name("dbt")), "--quiet", "parse")
    requests = json.dumps([request for request, _ in QUESTIONS.values()])
    found = run(environment, sys.executable, "-m", "tests.warehouse.ask_metricflow", said=requests)
    return dict(zip(QUESTIONS, json.loads(found), strict=True))


def test_configuration_is_valid(environment: dict[str, str], answers: dict[str, list[list[str]]]) -> None:
    said = run(environment, str(Path(sys.executable).with_name("mf")), "validate-configs")
    assert said.count("ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: 0") == 6


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_equal_sql(company: Settings, answers: dict[str, list[list[str]]], question: str) -> None:
    with duckdb.connect(str(company.serving), read_only=True) as connection:
        expected = connection.execute(QUESTIONS[question][1]).fetchall()
    assert any(value for row in expected for value in row), "nothing to compare"
    assert sorted(map(plain, answers[question]), key=str) == sorted(map(plain, expected), key=str)


def plain(row: Any) -> tuple[Any, ...]:
    """Numbers to 9 digits, days as text, nothing as None: CSV knows no types, and no months without a value."""
    return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)[:10]
    return float(f"{number:.9g}") if math.isfinite(number) else None
