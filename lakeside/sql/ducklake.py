"""The tables of a source of files, for DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..sources.errors import SourceError
from ..sources.record import Source
from .icebergstream import IcebergStream
from .lake import Lake, LakeTable

#: Names for completion, at most; folders are looked into two levels deep.
_MOST_NAMES = 5000


class LakeTables:
    """Looks for tables when a statement names them: a file that is new is there at once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lake = Lake(source)

    def named(self, words: set[str]) -> Iterator[tuple[str, str, Any]]:
        small = {word.casefold() for word in words}
        for schema in ["", *self._schemas(words)]:
            near = [table for table in self._lake.tables(schema) if table.name.casefold() in small]
            chosen: dict[str, LakeTable] = {}
            for table in near:
                other = chosen.get(table.name.casefold())
                if other is not None and other.name in words and table.name in words:
                    raise SourceError(
                        f"{table.name} and {other.name} differ in capitals alone, which DuckDB takes for the same. "
                        "Use one of them in a statement."
                    )
                if other is None or table.name in words:
                    chosen[table.name.casefold()] = table
            for table in chosen.values():
                yield schema, table.name, self._content(table)

    def _schemas(self, words: set[str]) -> list[str]:
        return [word for word in sorted(words) if self._lake.tables(word)]

    def names(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        waiting = [""]
        while waiting and len(found) < _MOST_NAMES:
            schema = waiting.pop(0)
            found += [(schema, table.name) for table in self._lake.tables(schema)]
            if schema.count("/") < 2:
                waiting += self._lake.schemas(schema)
        return found[:_MOST_NAMES]

    def _content(self, table: LakeTable) -> Any:
        if table.format == "iceberg":
            return IcebergStream(lambda: self._iceberg(table))
        files = self._lake.data_files(table)
        # DuckDB takes these characters for patterns, and reads no bucket without an extension.
        if not self._lake.is_local or any(re.search(r"[*?\[]", file) for file in files):
            return self._dataset(table, files)
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        hive = ", hive_partitioning = true" if table.is_folder and any("=" in file for file in files) else ""
        hive = hive or ", hive_partitioning = false"
        reader = "read_parquet" if table.format == "parquet" else "read_csv"
        return f"FROM {reader}([{listed}]{hive})"

    def _dataset(self, table: LakeTable, files: Sequence[str]) -> Any:
        import pyarrow.dataset as ds

        return ds.dataset(
            list(files),
            filesystem=self._lake.files,
            format=table.format,
            partitioning=ds.partitioning(flavor="hive") if table.is_folder else None,
            partition_base_dir=table.path if table.is_folder else None,
        )

    def _iceberg(self, table: LakeTable) -> Any:
        from pyiceberg.table import StaticTable

        file = self._lake.metadata_file(table)
        if self._lake.is_local:
            return StaticTable.from_metadata(f"file://{file}")
        from ..toolbox.iceberg import s3_properties

        return StaticTable.from_metadata(f"s3://{file}", s3_properties(self._source, self._source.settings["bucket"]))
