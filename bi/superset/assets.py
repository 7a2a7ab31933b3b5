"""The assets of Superset as files, and the bundle that Superset imports.

    python -m bi.superset.assets /srv/account-health/serving.duckdb account-health.zip
    python -m bi.superset.assets --replace /srv/account-health/serving.duckdb account-health.zip

The first is for Superset's "Import dashboards", which leaves charts alone that are already there; the second for its
`/api/v1/assets/import/`, which replaces them.

A file is what Superset itself exports, but for three things that are written once and filled in here: the path of the
published file, the columns of a mart with their descriptions (they are in the YAML beside the model), and what a saved
question repeats of its chart.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import yaml

from pipelines.config import PROJECT_ROOT

ASSETS = Path(__file__).with_name("assets")
PLACE_OF_FILE = "SERVING_FILE"

Asset = dict[str, Any]


def read_assets(kind: str) -> dict[str, Asset]:
    """Name -> content of the assets of a kind: databases, datasets, charts or dashboards."""
    return {path.stem: yaml.safe_load(path.read_text()) for path in sorted((ASSETS / kind).glob("*.yaml"))}


def model_columns(table: str) -> list[Asset]:
    """The columns of a mart as Superset describes columns, from the YAML beside the model.

    Raises:
        FileNotFoundError: there is no such mart.
    """
    found = next(iter(sorted((PROJECT_ROOT / "models").glob(f"m*/**/{table}.yml"))), None)
    if found is None:
        raise FileNotFoundError(f"no mart is called {table}")
    return [
        {
            "column_name": column["name"],
            "type": column["data_type"].replace("string", "varchar").upper(),
            "is_dttm": column["data_type"] in {"date", "timestamp"},
            "groupby": True,
            "filterable": True,
            "description": column["description"],
        }
        for column in yaml.safe_load(found.read_text())["models"][0]["columns"]
    ]


def dataset_columns(dataset: Asset) -> list[Asset]:
    """All columns of a dataset: those of its mart, named as the asset says; its own for a query.

    Raises:
        KeyError: the asset names a column that its mart does not have.
    """
    own = {column["column_name"]: column for column in dataset.get("columns", [])}
    if "sql" in dataset:
        return list(own.values())
    columns = [column | own.pop(column["column_name"], {}) for column in model_columns(dataset["table_name"])]
    if own:
        raise KeyError(f"{dataset['table_name']} has no {', '.join(own)}")
    return columns


def completed(kind: str, asset: Asset, serving: Path) -> Asset:
    """An asset as Superset takes it."""
    if kind == "databases":
        return asset | {"sqlalchemy_uri": asset["sqlalchemy_uri"].replace(PLACE_OF_FILE, str(serving.absolute()))}
    if kind == "datasets":
        return asset | {"columns": dataset_columns(asset)}
    if kind == "charts":
        # Superset puts the number of its dataset in place of the zero.
        source = {"id": 0, "type": "table"}
        context = {"datasource": source, "force": False, "result_format": "json", "result_type": "full"}
        params = {"viz_type": asset["viz_type"], "datasource": "0__table"} | asset["params"]
        return asset | {"params": params, "query_context": json.dumps(context | asset["query_context"])}
    return asset


def write_bundle(serving: Path, bundle: Path, replace: bool = False) -> None:
    """Writes the ZIP file that Superset imports: dashboard, charts, datasets and the database on that file."""
    metadata = {"version": "1.0.0", "type": "assets" if replace else "Dashboard"}
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account_health/metadata.yaml", yaml.safe_dump(metadata))
        for kind in ("databases", "datasets", "charts", "dashboards"):
            for name, asset in read_assets(kind).items():
                text = yaml.safe_dump(completed(kind, asset, serving), sort_keys=False, allow_unicode=True)
                folder = f"{kind}/account_health" if kind == "datasets" else kind
                archive.writestr(f"account_health/{folder}/{name}.yaml", text)


def main(arguments: list[str]) -> None:
    """Writes a bundle as the command line says."""
    replace = "--replace" in arguments
    paths = [Path(each) for each in arguments if each != "--replace"]
    if len(paths) != 2:
        sys.exit("usage: python -m bi.superset.assets [--replace] SERVING_FILE BUNDLE.zip")
    write_bundle(paths[0], paths[1], replace)


if __name__ == "__main__":
    main(sys.argv[1:])
