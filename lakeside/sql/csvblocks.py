"""CSV, as PostgreSQL's COPY writes it, to Arrow: in blocks of whole rows, so that the text is never held as a whole."""

from __future__ import annotations

import codecs
from array import array
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa
import pyarrow.csv as csv

from .blocks import joined

_WAITING = 2


class CsvBlocks:
    """Takes rows and parses them beside, two blocks waiting at most."""

    size = 2 << 20

    def __init__(self, kinds: Sequence[pa.DataType]) -> None:
        self._names = [str(at) for at in range(len(kinds))]
        self._kinds = list(kinds)
        self._parser: ThreadPoolExecutor | None = None
        self._parsed: list[Future[pa.Table]] = []
        self._last: pa.Table | None = None

    def add(self, rows: bytearray, _: array[int]) -> None:
        """Whole rows; they are parsed beside where there are many."""
        if rows.startswith(codecs.BOM_UTF8):
            # The reader takes one mark at the beginning for no part of the text.
            rows[:0] = codecs.BOM_UTF8
        if len(rows) < self.size:
            self._last = self._read(rows)
            return
        self._parser = self._parser or ThreadPoolExecutor(1, "lakeside-csv")
        if len(self._parsed) >= _WAITING:
            self._parsed[-_WAITING].result()
        self._parsed.append(self._parser.submit(self._read, rows))

    def _read(self, block: bytearray) -> pa.Table:
        if not block:
            return pa.table([pa.array([], kind) for kind in self._kinds], names=self._names)
        try:
            return self._read_as(block, self._kinds)
        except pa.ArrowInvalid:
            # Some value does not fit: it stays text, and so does its column in the end.
            return self._read_as(block, [pa.string()] * len(self._kinds))

    def _read_as(self, block: bytearray, kinds: Sequence[pa.DataType]) -> pa.Table:
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
        tables = [parsed.result() for parsed in self._parsed]
        if self._last is not None or not tables:
            tables.append(self._last or self._read(bytearray()))
        self._parsed, self._last = [], None
        return [joined([table.column(at) for table in tables], kind) for at, kind in enumerate(self._kinds)]

    def close(self) -> None:
        """Ends the thread; what it parsed is thrown away."""
        if self._parser is not None:
            self._parser.shutdown(wait=True, cancel_futures=True)
