"""Copies what is published into a folder of Parquet files, for tools that read files."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import duckdb

from pipelines.serving.publish import READABLE_BY_ALL
from pipelines.serving.reading import reading
from pipelines.serving.relations import SERVED_SCHEMAS, PublishError
from pipelines.sql import literal, quoted

CURRENT = "current"
_UNFINISHED, _NEXT_LINK = ".next", ".current"
_KEPT = 2  # the publish that readers are pointed to, and the one that some still read


def copy_to_parquet(serving: Path, folder: Path) -> Path:
    """Writes `<folder>/<run id>/<schema>/<table>.parquet` and points the link `<folder>/current` at it.

    A reader that resolved the link before goes on with the files of then; they are kept until the publish after next.

    Args:
        serving: the published DuckDB file.
        folder: made where it is missing; holds nothing else.

    Returns:
        The folder that `current` points to.

    Raises:
        PublishError: `current` points to what it pointed to before.
    """
    if not serving.exists():
        raise PublishError(f"Nothing has been published at {serving}: run `account-health nightly` first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder)
        with reading(serving) as connection:
            run_id = str(_one(connection, "select run_id from serving.ops.publishes"))
            target = folder / run_id
            if not target.exists():  # a run publishes once: what is there is whole, and may be being read
                shutil.rmtree(unfinished := folder / _UNFINISHED, ignore_errors=True)
                _write(connection, unfinished)
                _open_to_all(unfinished)
                unfinished.rename(target)
        _point(folder, target)
        _drop_older(folder)
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"Publishing to {folder} failed: {error}") from error
    return target


def _write(connection: duckdb.DuckDBPyConnection, unfinished: Path) -> None:
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = 'serving' and list_contains($schemas, schema_name)",
        {"schemas": list(SERVED_SCHEMAS)},
    ).fetchall()
    for schema, name in tables:
        path = unfinished / schema / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        source = f"serving.{quoted(schema)}.{quoted(name)}"
        connection.execute(f"copy {source} to {literal(path)} (format parquet, compression zstd)")
        rows = _one(connection, f"select count(*) from {source}")
        if rows != (written := _one(connection, f"select count(*) from read_parquet({literal(path)})")):
            raise PublishError(f"{schema}.{name}: {written} of {rows} rows are in {path}")


def _open_to_all(folder: Path) -> None:
    """Whatever the umask of the refresh is: this is for readers, as the serving file is."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else READABLE_BY_ALL)


def _refuse_foreign(folder: Path) -> None:
    """Old publishes are deleted here: nobody else's folder may be taken for one."""
    made_here = {CURRENT, _UNFINISHED, _NEXT_LINK}
    if not all(path.name in made_here or _is_publish(path) for path in folder.iterdir()):
        raise PublishError(f"{folder} holds other things: publish into a folder of its own")


def _is_publish(path: Path) -> bool:
    return (path / "ops" / "publishes.parquet").exists()


def _point(folder: Path, target: Path) -> None:
    link = folder / _NEXT_LINK
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(folder / CURRENT)


def _drop_older(folder: Path) -> None:
    published = [path for path in folder.iterdir() if path.name not in (CURRENT, _UNFINISHED) and _is_publish(path)]
    published.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in published[_KEPT:]:
        with contextlib.suppress(OSError):
            shutil.rmtree(old)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]
