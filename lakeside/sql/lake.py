"""Tables of files: what is one, by the rules of docs/sources/files.md."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ..sources.credential import read_keys
from ..sources.errors import SourceError
from ..sources.record import Source
from ..sources.secret import read_secret

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo, FileSystem

Format = Literal["parquet", "csv", "iceberg"]
_ENDINGS: dict[str, Format] = {".parquet": "parquet", ".parq": "parquet", ".csv": "csv", ".csv.gz": "csv"}
#: Files of one table, at most.
_MOST = 100_000
_DEEPEST = 12


_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}")


@dataclass(frozen=True)
class LakeTable:
    """A table of files."""

    #: Folders it lies in, joined by `/`; empty at the top.
    schema: str
    name: str
    format: Format
    #: In the file system.
    path: str
    is_folder: bool


class Lake:
    """A folder, or a bucket, whose files are tables."""

    def __init__(self, source: Source) -> None:
        self._name = source.id
        self.files, self.root = _opened(source)
        self.is_local = "bucket" not in source.settings

    def tables(self, schema: str) -> list[LakeTable]:
        """The tables of a schema; none where there is no such folder."""
        entries = self._entries(schema)
        if not schema and (own := self._kind(self.root, entries, is_root=True)):
            return [LakeTable("", os.path.basename(self.root), own, self.root, True)]
        found = [table for table in (self._table(schema, info) for info in entries) if table]
        names = Counter(table.name for table in found)
        # Where two would have the same name, the ending stays.
        return [
            replace(table, name=os.path.basename(table.path))
            if names[table.name] > 1 and not table.is_folder
            else table
            for table in found
        ]

    def schemas(self, schema: str = "") -> list[str]:
        """The schemas that lie directly in one."""
        inside = [info for info in self._entries(schema) if _is_folder(info) and not self._table(schema, info)]
        return [f"{schema}/{info.base_name}" if schema else info.base_name for info in inside]

    def _entries(self, schema: str) -> list[FileInfo]:
        if any(part in ("", ".", "..") for part in schema.split("/")) and schema:
            return []
        return self._inside(f"{self.root}/{schema}" if schema else self.root)

    def _inside(self, path: str) -> list[FileInfo]:
        from pyarrow.fs import FileSelector

        try:
            found = self.files.get_file_info(FileSelector(path, allow_not_found=True))
        except OSError as error:
            raise SourceError(f"{self._name}: {path} cannot be read ({error.strerror or error}).") from None
        return sorted((info for info in found if info.base_name[:1] not in "._"), key=lambda info: info.path)

    def _table(self, schema: str, info: FileInfo) -> LakeTable | None:
        if not _is_folder(info):
            ending = _ending(info.base_name)
            stem = info.base_name[: -len(ending)] if ending else ""
            return LakeTable(schema, stem, _ENDINGS[ending], info.path, False) if ending and stem else None
        kind = self._format(info.path)
        return LakeTable(schema, info.base_name, kind, info.path, True) if kind else None

    def _format(self, path: str) -> Format | None:
        return self._kind(path, self._inside(path))

    def _kind(self, path: str, inside: list[FileInfo], is_root: bool = False) -> Format | None:
        """What a folder is; None where it is a schema."""
        if any(info.base_name == "metadata" and _is_folder(info) for info in inside):
            held = self._inside(f"{path}/metadata")
            if any(info.base_name.endswith(".metadata.json") for info in held):
                return "iceberg"
        data = [info.base_name for info in inside if not _is_folder(info) and _ending(info.base_name)]
        if data and not is_root and _are_parts_of_one(data):
            return _ENDINGS[_ending(data[0])]
        part = next((info for info in inside if _is_folder(info) and "=" in info.base_name), None)
        return self._below(part.path) if part and not data else None

    def _below(self, path: str, depth: int = 0) -> Format | None:
        inside = self._inside(path)
        for info in inside:
            if not _is_folder(info) and (ending := _ending(info.base_name)):
                return _ENDINGS[ending]
        part = next((info for info in inside if _is_folder(info) and "=" in info.base_name), None)
        return self._below(part.path, depth + 1) if part and depth < _DEEPEST else None

    def data_files(self, table: LakeTable) -> list[str]:
        """The files of a table of Parquet or CSV, in order."""
        if not table.is_folder:
            return [table.path]
        found: list[str] = []
        for path in self._walk(table.path, table.format):
            found.append(path)
            if len(found) > _MOST:
                raise SourceError(f"{self._name}: {table.name} has more than {_MOST:,} files.")
        return found

    def _walk(self, path: str, kind: Format) -> Iterator[str]:
        for info in self._inside(path):
            if not _is_folder(info):
                if _ENDINGS.get(_ending(info.base_name)) == kind:
                    yield info.path
            elif "=" in info.base_name:
                yield from self._walk(info.path, kind)

    def metadata_file(self, table: LakeTable) -> str:
        """The newest metadata of an Iceberg table that lies in a folder."""
        held = [info for info in self._inside(f"{table.path}/metadata") if info.base_name.endswith(".metadata.json")]
        path: str = max(held, key=lambda info: (_version(info.base_name), info.mtime_ns or 0)).path
        return path


def _is_folder(info: FileInfo) -> bool:
    from pyarrow.fs import FileType

    return bool(info.type == FileType.Directory)


def _are_parts_of_one(names: list[str]) -> bool:
    """Whether names differ by numbers alone."""
    bare = {re.sub(r"\d+", "#", _IDENTIFIER.sub("#", name.lower())) for name in names}
    return len(bare) == 1


def _ending(name: str) -> str:
    small = name.lower()
    return next((ending for ending in (".csv.gz", ".csv", ".parquet", ".parq") if small.endswith(ending)), "")


def _version(name: str) -> int:
    digits = name.removeprefix("v").partition("-")[0].partition(".")[0]
    return int(digits) if digits.isdigit() else -1


def _opened(source: Source) -> tuple[FileSystem, str]:
    if "bucket" in source.settings:
        return _bucket(source, source.settings["bucket"])
    from pyarrow.fs import LocalFileSystem

    path = source.settings.get("path")
    if not isinstance(path, str) or not os.path.isabs(path):
        raise SourceError(f"{source.place}: path must be the absolute path of a folder, or bucket be there.")
    if not os.path.isdir(path):
        raise SourceError(f"{source.id}: there is no folder {path}. Make it, and put files of Parquet or CSV into it.")
    return LocalFileSystem(), os.path.realpath(path)


def _bucket(source: Source, given: Any) -> tuple[FileSystem, str]:
    import pyarrow as pa
    from pyarrow.fs import S3FileSystem

    from ..toolbox.iceberg import brief

    if not isinstance(given, dict) or not isinstance(given.get("bucket"), str):
        raise SourceError(f"{source.place}: bucket must hold the name of the bucket: bucket: {{bucket: NAME, …}}.")
    options = s3_options(source, given)
    prefix = str(given.get("prefix", "")).strip("/")
    try:
        return S3FileSystem(**options), f"{given['bucket']}/{prefix}".rstrip("/")
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise SourceError(f"{source.place}: the settings of the bucket are wrong ({brief(error)}).") from None


def s3_options(source: Source, given: dict[str, Any]) -> dict[str, Any]:
    """What pyarrow's file system of a bucket wants; the key is AWS's own where none is named."""
    options: dict[str, Any] = {}
    endpoint = given.get("endpoint")
    if endpoint:
        scheme, _, host = str(endpoint).partition("://")
        options = {"endpoint_override": host.rstrip("/"), "scheme": scheme}
        options["force_virtual_addressing"] = given.get("pathStyle") is False
    if given.get("region") or endpoint:
        options["region"] = given.get("region", "us-east-1")
    key = given.get("credentials")
    if isinstance(key, dict):
        place = f"{source.place}: bucket.credentials"
        profile = key.get("profile")
        if profile is not None:
            keys = read_keys(profile, place)
            options["access_key"], options["secret_key"] = keys.identifier, keys.secret
            return options if keys.token is None else {**options, "session_token": keys.token}
        identifier = key.get("accessKeyId")
        options["access_key"] = identifier if isinstance(identifier, str) else read_secret(identifier, place)
        options["secret_key"] = read_secret(key.get("secretAccessKey"), place)
        if "sessionToken" in key:
            options["session_token"] = read_secret(key["sessionToken"], place)
    return options
