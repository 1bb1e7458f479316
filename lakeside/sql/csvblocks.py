"""CSV, as PostgreSQL's COPY writes it, to Arrow: in blocks of whole rows, so that the text is never held as a whole."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa
import pyarrow.csv as csv

#: Bytes of CSV that are parsed at a time.
BLOCK = 2 << 20
_WAITING = 2


class CsvBlocks:
    """Takes rows and parses them beside, two blocks waiting at most."""

    def __init__(self, kinds: Sequence[pa.DataType]) -> None:
        self._names = [str(at) for at in range(len(kinds))]
        self._kinds = list(kinds)
        self._rows: list[memoryview | bytes] = []
        self._size = 0
        self._parser: ThreadPoolExecutor | None = None
        self._parsed: list[Future[pa.Table]] = []

    def add(self, row: memoryview | bytes) -> None:
        """One or more whole rows."""
        self._rows.append(row)
        self._size += len(row)
        if self._size >= BLOCK:
            self._parse()

    def _taken(self) -> bytes:
        block = b"".join(self._rows)
        self._rows, self._size = [], 0
        # The reader takes one mark at the beginning for no part of the text.
        return codecs.BOM_UTF8 + block if block.startswith(codecs.BOM_UTF8) else block

    def _parse(self) -> None:
        block = self._taken()
        self._parser = self._parser or ThreadPoolExecutor(1, "lakeside-csv")
        if len(self._parsed) >= _WAITING:
            self._parsed[-_WAITING].result()
        self._parsed.append(self._parser.submit(self._read, block))

    def _read(self, block: bytes) -> pa.Table:
        if not block:
            return pa.table([pa.array([], kind) for kind in self._kinds], names=self._names)
        try:
            return self._read_as(block, self._kinds)
        except pa.ArrowInvalid:
            # Some value does not fit: it stays text, and so does its column in the end.
            return self._read_as(block, [pa.string()] * len(self._kinds))

    def _read_as(self, block: bytes, kinds: Sequence[pa.DataType]) -> pa.Table:
        return csv.read_csv(
            pa.BufferReader(block),
            read_options=csv.ReadOptions(
                column_names=self._names, block_size=1 << 20, use_threads=len(block) > 1 << 20
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict(zip(self._names, kinds, strict=True)),
                null_values=["\\N"],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )

    def columns(self) -> list[pa.ChunkedArray]:
        """All columns; one that is text anywhere is text everywhere."""
        last = [self._read(self._taken())] if self._rows or not self._parsed else []
        tables = [*(parsed.result() for parsed in self._parsed), *last]
        self._parsed = []
        return [self._column(tables, at) for at in range(len(self._kinds))]

    def _column(self, tables: Sequence[pa.Table], at: int) -> pa.ChunkedArray:
        parts = [table.column(at) for table in tables]
        kind = self._kinds[at]
        if any(part.type != kind for part in parts):
            parts = [_retyped(part, kind) for part in parts]
        if any(part.type != kind for part in parts):
            parts = [_as_text(part) for part in parts]
            kind = pa.string()
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=kind)

    def close(self) -> None:
        """Ends the thread; what it parsed is thrown away."""
        if self._parser is not None:
            self._parser.shutdown(wait=True, cancel_futures=True)


def _retyped(part: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if part.type == kind:
        return part
    try:
        return part.cast(kind)
    except pa.ArrowInvalid:
        return part


def _as_text(part: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(part.type):
        return part
    if pa.types.is_boolean(part.type):
        import pyarrow.compute as pc

        return pc.if_else(part, "t", "f")
    return part.cast(pa.string())
