"""What `account-health rejects` shows: the records that did not land and whose file has not been repaired since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.config import Settings
from pipelines.landing.contract import load_contract
from pipelines.landing.rejects import REJECTS

_OPEN = """
    with landed as (
        select
            files.file, files._dlt_load_id,
            row_number() over (partition by files.file order by coalesce(files.version, 1) desc) as newness
        from {schema}.landed_files as files
        inner join {schema}._dlt_loads as loads on files._dlt_load_id = loads.load_id
        where loads.status = 0
    )

    select rejected.file, rejected.line_number, rejected.reason, rejected.detail, rejected.raw_text
    from {schema}.{rejects} as rejected
    inner join landed on rejected.file = landed.file and rejected._dlt_load_id = landed._dlt_load_id
    where landed.newness = 1
    order by rejected._drop_date, rejected.file, rejected.line_number
"""


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that did not land; `text` is what stood in the file."""

    system: str
    file: str
    line: int
    reason: str
    detail: str
    text: str


def open_rejects(settings: Settings, systems: Sequence[str]) -> list[Reject]:
    """The rejects of each file's newest version, oldest drop day first.

    Raises:
        duckdb.IOException: a refresh is writing the warehouse.
    """
    found: list[Reject] = []
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        for system in systems:
            schema = load_contract(system, settings.contract_dir).schema
            tables = connection.execute(
                "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, REJECTS]
            ).fetchall()
            if tables != [(0,)]:
                rows = connection.execute(_OPEN.format(schema=schema, rejects=REJECTS)).fetchall()
                found += [Reject(system, *row) for row in rows]
    return found


def print_rejects(rejects: Sequence[Reject], last: int, shows_text: bool, console: Console) -> None:
    """The newest `last` rejects and how many there are for each reason."""
    if not rejects:
        console.print("No rejected records.")
        return
    headings = ("system", "file", "line", "reason", "detail", *(["text"] if shows_text else []))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="right" if heading == "line" else "left", overflow="fold")
    for reject in rejects[-last:]:
        values = (reject.system, reject.file, f"{reject.line:,}", reject.reason, reject.detail)
        table.add_row(*(_plain(value) for value in (*values, *([reject.text] if shows_text else []))))
    console.print(table)
    counts = Counter((reject.system, reject.reason) for reject in rejects)
    console.print()
    for (system, reason), count in counts.most_common():
        console.print(Text(f"{count:>9,}  {system} {reason}"))
    if len(rejects) > last:
        console.print(f"The newest {last:,} of {len(rejects):,} are listed: --last shows more.")
    if not shows_text:
        console.print("Their text may hold personal data: --show prints it. Drop a repaired file under the same name.")


def _plain(value: str) -> Text:
    """Text from outside, without markup and control characters."""
    return Text("".join(char if char.isprintable() else " " for char in value))
