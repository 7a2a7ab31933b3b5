"""Which export files hold an address: they would land it again in a new warehouse."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.forget.erase import Person
from pipelines.landing.contract import Contract
from pipelines.landing.counting import BLOCK_BYTES, UNPACK_ERROR, unpacked
from pipelines.landing.files import ExportFile, Exports, list_files
from pipelines.landing.system import LocalCopies
from pipelines.sql import literal


def files_that_mention(exports: Exports, contracts: Iterable[Contract], person: Person) -> list[str]:
    """Paths of the contract's files in which the address stands, and of those that cannot be read."""
    found = []
    for contract in contracts:
        files, _ = list_files(exports, contract)
        for file in files:
            with tempfile.TemporaryDirectory(prefix="forget-") as folder:
                if _mentions(Path(LocalCopies(exports, Path(folder)).path(file)), file, person):
                    found.append(file.path)
    return found


def _mentions(path: Path, file: ExportFile, person: Person) -> bool:
    try:
        return _in_parquet(path, person) if file.format == "parquet" else _in_text(path, file, person)
    except (OSError, EOFError, UNPACK_ERROR, duckdb.Error):
        return True  # who cannot look must not say that there is nothing


def _in_text(path: Path, file: ExportFile, person: Person) -> bool:
    pattern = re.compile(person.pattern.encode())
    overlap = 2 * len(person.address)
    before = b""
    with path.open("rb") as stored:
        stream = unpacked(stored, file.path)
        while block := stream.read(BLOCK_BYTES):
            text = before + block.lower()
            if pattern.search(text):
                return True
            before = text[-overlap:]
    return False


def _in_parquet(path: Path, person: Person) -> bool:
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select count(*) from read_parquet({literal(path)}) as row"
            " where regexp_matches(lower(cast(row as varchar)), $pattern)",
            {"pattern": person.pattern},
        ).fetchall()
    return rows != [(0,)]
