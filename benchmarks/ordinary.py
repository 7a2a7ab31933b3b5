"""dlt's ordinary way to land files: `python -m benchmarks.ordinary FORM ROOT DATABASE COLUMNS.json STATE`.

The filesystem source with the reader of the form, declared columns, Parquet between dlt and DuckDB. CSV is read by
`read_csv` (pandas): dlt 1.31's `read_csv_duckdb` fails on DuckDB 2.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.filesystem import filesystem, read_csv, read_jsonl, read_parquet

_READERS: dict[str, tuple[Callable[..., DltResource], dict[str, Any]]] = {
    "jsonl.gz": (read_jsonl, {}),
    "csv": (read_csv, {"dtype": str, "keep_default_na": False}),
    "parquet": (read_parquet, {}),
}


def main() -> None:
    """Lands every file of tracks below ROOT and says how many rows there are."""
    form, root, database, columns, state = sys.argv[1:]
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    reader, options = _READERS[form]
    files = filesystem(bucket_url=root, file_glob=f"product/*/tracks*.{form}")
    tracks = (files | reader(**options)).with_name("tracks")
    tracks.apply_hints(columns=json.loads(Path(columns).read_text()))
    tracks.max_table_nesting = 0
    pipeline = dlt.pipeline(
        "ordinary",
        pipelines_dir=state,
        destination=dlt.destinations.duckdb(database),
        dataset_name="raw",
    )
    pipeline.run(tracks, loader_file_format="parquet")
    with pipeline.sql_client() as client:
        ((rows,),) = client.execute_sql("select count(*) from tracks") or [(0,)]
    print(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
