"""The assets of Superset fit the marts and each other. That a real Superset takes them is `make bi-test`."""

from __future__ import annotations

import copy
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlalchemy
import sqlglot
import yaml
from sqlalchemy.pool import NullPool

from bi.superset import assets
from bi.superset.assets import Asset, read_assets
from pipelines.config import PROJECT_ROOT
from tests.dashboard.serving_files import write_serving

FOLDER = assets.ASSETS.parent
TABLE = sqlglot.exp.Table
DATABASES, DATASETS = read_assets("databases"), read_assets("datasets")
CHARTS, DASHBOARDS = read_assets("charts"), read_assets("dashboards")
DATASET_OF = {asset["uuid"]: asset for asset in DATASETS.values()}
ALL = [*DATABASES.values(), *DATASETS.values(), *CHARTS.values(), *DASHBOARDS.values()]
# Superset refuses a bundle for one field that it does not know.
FIELDS = {
    "dataset": {
        *("version", "uuid", "database_uuid", "schema", "table_name", "main_dttm_col", "description", "sql"),
        *("columns", "metrics"),
    },
    "column": {"column_name", "verbose_name", "type", "is_dttm", "groupby", "filterable", "description"},
    "metric": {"metric_name", "verbose_name", "expression"},
    "chart": {
        *("version", "uuid", "dataset_uuid", "slice_name", "description", "viz_type", "params", "query_context"),
    },
}


def question(chart: Asset) -> Asset:
    """The one question that is saved with a chart."""
    (asked,) = chart["query_context"]["queries"]
    return dict(asked)


def columns_of(asked: Asset) -> list[str]:
    """What a question groups by or lists; an axis of time is told in full."""
    return [each if isinstance(each, str) else each["sqlExpression"] for each in asked.get("columns", [])]


def unknown_names(chart: Asset, dataset: Asset) -> set[str]:
    """Columns and metrics that a chart names and its dataset does not have."""
    asked, params = question(chart), chart["params"]
    columns = {
        *columns_of(asked),
        *(each["col"] for each in asked.get("filters", [])),
        *(each[0] for each in asked.get("orderby", [])),
        *params.get("all_columns", []),
        *params.get("groupby", []),
        *params.get("column_config", {}),
        *([params["x_axis"]] if "x_axis" in params else []),
        *(each["subject"] for each in params.get("adhoc_filters", [])),
        *(json.loads(each)[0] for each in params.get("order_by_cols", [])),
    }
    metrics = {*asked.get("metrics", []), *params.get("metrics", [])}
    metrics |= {params["metric"]} if "metric" in params else set()
    known = {column["column_name"] for column in assets.dataset_columns(dataset)}
    return (columns - known) | (metrics - {metric["metric_name"] for metric in dataset["metrics"]})


@pytest.fixture(scope="module")
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every published table, empty, with the columns that its model's YAML tells."""
    with duckdb.connect() as connection:
        for schema in ("marts", "metrics"):
            connection.execute(f"create schema {schema}")
            for path in sorted((PROJECT_ROOT / "models" / schema).rglob("[!_]*.yml")):
                if path.with_suffix(".sql").exists():
                    columns = ", ".join(
                        f'"{each["column_name"]}" {each["type"]}' for each in assets.model_columns(path.stem)
                    )
                    connection.execute(f"create table {schema}.{path.stem} ({columns})")
        yield connection


def test_each_asset_has_a_uuid_of_its_own() -> None:
    uuids = [asset["uuid"] for asset in ALL]
    assert len(set(uuids)) == len(uuids) == 1 + len(DATASETS) + len(CHARTS) + 1
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uuid) for uuid in uuids)


def test_assets_have_no_field_that_superset_does_not_know() -> None:
    for name, dataset in DATASETS.items():
        assert dataset.keys() <= FIELDS["dataset"], name
        assert all(each.keys() <= FIELDS["column"] for each in dataset.get("columns", [])), name
        assert all(each.keys() <= FIELDS["metric"] for each in dataset["metrics"]), name
    for name, chart in CHARTS.items():
        assert chart.keys() <= FIELDS["chart"], name


def test_datasets_and_charts_belong_to_what_exists() -> None:
    (database,) = DATABASES.values()
    assert {dataset["database_uuid"] for dataset in DATASETS.values()} == {database["uuid"]}
    assert {chart["dataset_uuid"] for chart in CHARTS.values()} == set(DATASET_OF)


def test_the_dashboard_shows_each_chart_once_and_no_other() -> None:
    (dashboard,) = DASHBOARDS.values()
    parts = {key: part for key, part in dashboard["position"].items() if isinstance(part, dict)}
    shown = [part["meta"] for part in parts.values() if part["type"] == "CHART"]
    assert sorted(each["uuid"] for each in shown) == sorted(chart["uuid"] for chart in CHARTS.values())
    assert len({each["chartId"] for each in shown}) == len(shown)
    for key, part in parts.items():
        assert part["id"] == key
        assert all(child in parts for child in part.get("children", []))
    rows = [part for part in parts.values() if part["type"] == "ROW"]
    assert all(sum(parts[child]["meta"]["width"] for child in row["children"]) == 12 for row in rows)


def test_filters_ask_the_charts_that_know_their_column() -> None:
    (dashboard,) = DASHBOARDS.values()
    meta = [part["meta"] for part in dashboard["position"].values() if isinstance(part, dict) and "meta" in part]
    numbers = {each["uuid"]: each["chartId"] for each in meta if "chartId" in each}
    for each in dashboard["metadata"]["native_filter_configuration"]:
        (target,) = each["targets"]
        column = target["column"]["name"]
        knows = {
            uuid: column in {known["column_name"] for known in assets.dataset_columns(dataset)}
            for uuid, dataset in DATASET_OF.items()
        }
        assert knows[target["datasetUuid"]]
        left_out = {numbers[chart["uuid"]] for chart in CHARTS.values() if not knows[chart["dataset_uuid"]]}
        assert set(each["scope"]["excluded"]) == left_out


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_is_what_its_mart_has(name: str, published: duckdb.DuckDBPyConnection) -> None:
    dataset = DATASETS[name]
    source = f"({dataset['sql']})" if "sql" in dataset else f"{dataset['schema']}.{dataset['table_name']}"
    told = {each["column_name"]: each["type"] for each in assets.dataset_columns(dataset)}
    has = {row[0]: row[1] for row in published.sql(f"describe select * from {source}").fetchall()}
    assert told == has
    assert dataset.get("main_dttm_col", next(iter(told))) in told
    for metric in dataset["metrics"]:
        published.execute(f"select {metric['expression']} from {source}").fetchall()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_names_what_its_dataset_has(name: str) -> None:
    chart = CHARTS[name]
    assert unknown_names(chart, DATASET_OF[chart["dataset_uuid"]]) == set()


def test_a_renamed_column_or_metric_is_found() -> None:
    chart = CHARTS["worklist"]
    dataset = copy.deepcopy(DATASET_OF[chart["dataset_uuid"]])
    broken = copy.deepcopy(chart)
    broken["params"]["all_columns"].append("gone")
    broken["query_context"]["queries"][0]["metrics"] = ["gone_too"]
    assert unknown_names(broken, dataset) == {"gone", "gone_too"}
    dataset["columns"].append({"column_name": "gone", "verbose_name": "Gone"})
    with pytest.raises(KeyError, match="account_health has no gone"):
        assets.dataset_columns(dataset)


@pytest.mark.parametrize("name", CHARTS)
def test_a_saved_question_is_what_the_chart_draws(name: str) -> None:
    """A browser asks by `params`, programs and alerts by `query_context`: both say the same."""
    asked, params = question(CHARTS[name]), CHARTS[name]["params"]
    axis = [params["x_axis"]] if "x_axis" in params else []
    assert columns_of(asked) == params.get("all_columns", axis + params.get("groupby", []))
    assert asked.get("metrics", []) == params.get("metrics", [params["metric"]] if "metric" in params else [])
    assert asked.get("orderby", []) == [json.loads(each) for each in params.get("order_by_cols", [])]
    assert asked.get("row_limit") == params.get("row_limit")
    assert [(each["col"], each["op"], each.get("val")) for each in asked.get("filters", [])] == [
        (each["subject"], each["operator"], each.get("comparator")) for each in params.get("adhoc_filters", [])
    ]


def test_each_chart_has_an_answer() -> None:
    assert {path.stem for path in (FOLDER / "answers").iterdir()} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_an_answer_has_the_columns_of_its_chart(name: str, published: duckdb.DuckDBPyConnection) -> None:
    answer = published.sql((FOLDER / "answers" / f"{name}.sql").read_text())
    asked = question(CHARTS[name])
    assert answer.columns == columns_of(asked) + asked.get("metrics", [])


def test_the_next_publish_changes_what_every_dataset_reads(published: duckdb.DuckDBPyConnection) -> None:
    sql = (FOLDER / "next_publish.sql").read_text()
    published.begin()
    published.execute(sql)
    published.rollback()
    changed = {table.sql() for part in sqlglot.parse(sql, dialect="duckdb") if part for table in part.find_all(TABLE)}
    assert all(tables_of(dataset) & changed for dataset in DATASETS.values())


def tables_of(dataset: Asset) -> set[str]:
    """`schema.table` of all that a dataset reads."""
    if "sql" not in dataset:
        return {f"{dataset['schema']}.{dataset['table_name']}"}
    return {f"{table.db}.{table.name}" for table in sqlglot.parse_one(dataset["sql"], dialect="duckdb").find_all(TABLE)}


def test_the_exposure_names_what_the_datasets_read() -> None:
    exposures = yaml.safe_load((PROJECT_ROOT / "models" / "marts" / "_exposures.yml").read_text())["exposures"]
    told = {each["name"]: each["depends_on"] for each in exposures if each["name"].startswith("superset_")}
    read = {table.split(".")[1] for dataset in DATASETS.values() for table in tables_of(dataset)}
    assert told == {f"superset_{name}": [f"ref('{table}')" for table in sorted(read)] for name in DASHBOARDS}


def test_the_database_reads_the_published_file_and_nothing_else(tmp_path: Path) -> None:
    serving = write_serving(tmp_path / "home", {}).serving
    other = tmp_path / "other.txt"
    other.write_text("nobody's business")
    database = assets.completed("databases", DATABASES["account_health"], serving)
    engine = sqlalchemy.create_engine(
        database["sqlalchemy_uri"], poolclass=NullPool, **database["extra"]["engine_params"]
    )
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select count(*) from marts.account_health")).scalar() == 0
    for sql, reason in {
        f"select * from read_text('{other}')": "disabled by configuration",
        "set enable_external_access = true": "locked",
        "create table marts.mine as select 1 as one": "read-only",
    }.items():
        with engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError, match=reason):
            connection.execute(sqlalchemy.text(sql))
    assert database["cache_timeout"] == -1, "a cache would show the night before"


@pytest.mark.parametrize(("replace", "kind"), [(False, "Dashboard"), (True, "assets")])
def test_a_bundle_is_complete(replace: bool, kind: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    assets.write_bundle(Path("/srv/it's here/serving.duckdb"), bundle, replace)
    with zipfile.ZipFile(bundle) as archive:
        files = {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}
    assert files.pop("account_health/metadata.yaml")["type"] == kind
    assert len(files) == len(ALL)
    assert assets.PLACE_OF_FILE not in str(files)
    uri = files["account_health/databases/account_health.yaml"]["sqlalchemy_uri"]
    assert sqlalchemy.make_url(uri).database == "/srv/it's here/serving.duckdb"
    health = files["account_health/datasets/account_health/account_health.yaml"]["columns"]
    assert {each["column_name"]: each["description"] for each in health}["account_id"] == "Account."
    charts = [each for name, each in files.items() if "/charts/" in name]
    assert all(json.loads(each["query_context"])["queries"] for each in charts)


def test_requirements_are_pinned_and_name_no_host() -> None:
    lines = (FOLDER / "requirements.txt").read_text().splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert all(re.match(r"[\w.\[\]-]+==[\w.]+( ; |$)", line) for line in pinned)
    assert "duckdb==2.0.0" in pinned
    assert "://" not in "\n".join(lines)
