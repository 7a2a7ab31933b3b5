"""Product exports of a wanted size, in each form: `python -m benchmarks.product_files FORM EVENTS FOLDER`.

The sample company writes them, so they are shaped like its exports; the other forms are converted from its JSON lines.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

FORMS = ("jsonl.gz", "csv", "parquet")
ACCOUNTS, DAYS = 300, 60
UNTIL = date(2026, 10, 31)

_EVENTS_AT_DENSITY_1 = 39_300  # of that company, about
_TEXT = ("messageId", "type", "userId", "anonymousId", "event")
_JSON = ("context", "properties")
_TIMES = ("originalTimestamp", "sentAt", "receivedAt", "timestamp")


def main() -> None:
    """Writes `FOLDER/product/<day>/tracks-*.FORM`."""
    form, events, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if form == "jsonl.gz":
        _write(events, folder)
    else:
        _convert(folder.parent / "jsonl.gz", folder, form)


def _write(events: int, folder: Path) -> None:
    from pipelines.sample.model import SampleSettings
    from pipelines.sample.product import write_product
    from pipelines.sample.world import build_world

    density = events / _EVENTS_AT_DENSITY_1
    write_product(build_world(SampleSettings(ACCOUNTS, DAYS, 7, UNTIL, folder, density)), has_broken=False)
    for file in (folder / "product").glob("*/*"):  # tracks alone are measured
        if not file.name.startswith("tracks"):
            file.unlink()


def _convert(source: Path, folder: Path, form: str) -> None:
    """The same records: JSON columns as text, timestamps as text in CSV and as timestamps in Parquet."""
    import duckdb

    types = {**dict.fromkeys(_TEXT, "VARCHAR"), **dict.fromkeys(_JSON, "JSON"), **dict.fromkeys(_TIMES, "VARCHAR")}
    fields = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    columns = [f'"{name}"' for name in _TEXT]
    columns += [f'cast("{name}" as varchar) as "{name}"' for name in _JSON]
    kind = "timestamptz" if form == "parquet" else "varchar"
    columns += [f'cast("{name}" as {kind}) as "{name}"' for name in _TIMES]
    options = "format parquet" if form == "parquet" else "format csv, header true"
    with duckdb.connect() as connection:
        for file in sorted((source / "product").glob("*/tracks-*.jsonl.gz")):
            target = folder / "product" / file.parent.name / f"{file.name.removesuffix('.jsonl.gz')}.{form}"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy (select {', '.join(columns)} from read_json('{file}', format = 'newline_delimited',"
                f" auto_detect = false, columns = {{{fields}}})) to '{target}' ({options})"
            )


if __name__ == "__main__":
    main()
