"""Which files are there: `<exports>/<system>/<YYYY-MM-DD>/<file>` on any file system that fsspec reaches."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, Protocol

import fsspec
from fsspec.implementations.local import LocalFileSystem

from pipelines.landing.contract import Contract
from pipelines.landing.errors import ExportsMissingError

Format = Literal["json", "csv", "parquet"]

_FORMATS: dict[str, Format] = {
    **dict.fromkeys((".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz"), "json"),
    **dict.fromkeys((".csv", ".csv.gz"), "csv"),
    ".parquet": "parquet",
}
_DROP_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FileSystem(Protocol):
    """The part of fsspec's AbstractFileSystem that is used here (fsspec has no type hints)."""

    def ls(self, path: str, detail: bool = True) -> list[dict[str, Any]]: ...
    def exists(self, path: str) -> bool: ...
    def get_file(self, rpath: str, lpath: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file that matches a table of the contract.

    Attributes:
        path: path relative to the exports folder, with `/`; this is what `_source_file` shows.
        location: path on its own file system.
        bytes: size as stored, so compressed where the file is.
        modified_at: last change in UTC; None where the file system does not know.
        etag: content tag of an object store; None elsewhere.
        version: 1, then one more each time that its content changed after it had landed.
    """

    path: str
    location: str
    table: str
    format: Format
    drop_date: date
    bytes: int
    modified_at: datetime | None
    etag: str | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Exports:
    """An opened exports folder."""

    fs: FileSystem
    root: str
    url: str

    @property
    def is_local(self) -> bool:
        return isinstance(self.fs, LocalFileSystem)


def open_exports(url: str, systems: tuple[str, ...]) -> Exports:
    """Open the exports folder.

    Raises:
        ExportsMissingError: it does not exist, cannot be reached, or holds no folder named like a system.
    """
    try:
        fs, root = fsspec.core.url_to_fs(url)
        root = root.rstrip("/") or "/"
        if any(fs.exists(posixpath.join(root, system)) for system in systems):
            return Exports(fs, root, url)
        found = fs.exists(root)
    except (OSError, ValueError, ImportError) as error:
        raise ExportsMissingError(f"cannot open the exports folder {url}: {error}") from error
    why = f"it has none of the folders {', '.join(systems)}" if found else "it does not exist"
    raise ExportsMissingError(f"no exports in {url}: {why}")


def list_files(exports: Exports, contract: Contract, until: date | None = None) -> tuple[list[ExportFile], list[str]]:
    """All files of the system's drop days up to and including `until`, in drop-day order, and warnings.

    Names that begin with `.` or `_` are markers and are passed over silently; anything else that belongs to
    no table is passed over with a warning.
    """
    files: list[ExportFile] = []
    strays: list[str] = []
    folder = posixpath.join(exports.root, contract.system)
    if not exports.fs.exists(folder):
        return [], [f"{contract.system}: there is no folder {contract.system}/ in {exports.url}"]
    for day_name, is_folder, _info in _entries(exports, folder):
        day = _drop_day(day_name) if is_folder else None
        if day is None:
            strays.append(f"{contract.system}/{day_name}")
        elif until is None or day <= until:
            for name, is_nested, info in _entries(exports, posixpath.join(folder, day_name)):
                path = f"{contract.system}/{day_name}/{name}"
                file = None if is_nested else _export_file(contract, path, name, day, info)
                if file:
                    files.append(file)
                else:
                    strays.append(path)
    files.sort(key=lambda file: (file.drop_date, file.path))
    return files, _stray_warning(contract.system, sorted(strays))


def has_changed(exports: Exports, file: ExportFile) -> bool:
    """Whether a file is no longer what was listed. A remote file was read from a copy, which stays as it is."""
    if not exports.is_local:
        return False
    try:
        stat = Path(file.location).stat()
    except FileNotFoundError:
        return True
    return (stat.st_size, _modified(_local_info(file.location, stat))) != (file.bytes, file.modified_at)


def _export_file(contract: Contract, path: str, name: str, day: date, info: dict[str, Any]) -> ExportFile | None:
    file_format = next((f for ending, f in _FORMATS.items() if name.endswith(ending)), None)
    table = next((t.name for t in contract.tables if fnmatchcase(name, t.files)), None)
    if file_format is None or table is None:
        return None
    return ExportFile(path, info["name"], table, file_format, day, int(info["size"]), _modified(info), _etag(info))


def _entries(exports: Exports, folder: str) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """(name, is a folder, info) of what lies directly in a folder, but for markers and hidden files."""
    if exports.is_local:  # an fsspec listing of thousands of local files costs ten times as much
        with os.scandir(folder) as found:
            for entry in found:
                if not entry.name.startswith((".", "_")):
                    stat = entry.stat()
                    yield entry.name, entry.is_dir(), _local_info(entry.path, stat)
        return
    for info in exports.fs.ls(folder, detail=True):
        name = posixpath.basename(str(info["name"]).rstrip("/"))
        if not name.startswith((".", "_")):
            yield name, info["type"] == "directory", info


def _local_info(path: str, stat: os.stat_result) -> dict[str, Any]:
    return {"name": path, "size": stat.st_size, "mtime": stat.st_mtime_ns // 1000 / 1e6}


def _drop_day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if _DROP_DAY.fullmatch(name) else None
    except ValueError:
        return None


def _modified(info: dict[str, Any]) -> datetime | None:
    for key in ("mtime", "LastModified", "last_modified", "updated", "modified", "created"):
        value = info.get(key)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                continue
        if isinstance(value, datetime):
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _etag(info: dict[str, Any]) -> str | None:
    return next((str(info[key]) for key in ("ETag", "etag", "md5Hash", "content_md5") if info.get(key)), None)


def _stray_warning(system: str, strays: list[str]) -> list[str]:
    if not strays:
        return []
    more = f" and {len(strays) - 3} more" if len(strays) > 3 else ""
    return [f"{system}: passed over, as they match no table: {', '.join(strays[:3])}{more}"]
