"""Rows of COPY in binary to Arrow: a block of rows is taken apart by NumPy, a column at once.

Numbers and times arrive as they lie in memory: neither does the server write them as text nor does anything here
read it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ..sources.errors import SourceError
from .blocks import joined
from .pgreaders import Block, Fixed, Ints, Reader, binary_type, native, reader_of
from .pgtypes import Field

_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
#: Bytes of what comes after the last row.
_TRAILER = 2


class Run:
    """Columns beside each other; where all are of one size and none is NULL, they are taken in one go."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers
        self._fixed = [reader for reader in readers if isinstance(reader, Fixed)]
        sent = [part for at, each in enumerate(self._fixed) for part in ((f"size{at}", ">i4"), (str(at), each.sent))]
        self._layout = np.dtype(sent)
        #: Bytes that are read from the place of the first value on.
        self.size = self._layout.itemsize

    def read(self, block: Block, places: Ints) -> tuple[list[pa.Array], Ints]:
        """The columns, and where in each row the next begins."""
        if self._fixed:
            seen = block.at(places, f"V{self.size}").view(self._layout)
            if all((seen[f"size{at}"] == seen.dtype[str(at)].itemsize).all() for at in range(len(self._fixed))):
                found = [each.finish(native(seen[str(at)]), None) for at, each in enumerate(self._fixed)]
                return found, places + self.size
        columns = []
        for reader in self._readers:
            lengths: Ints = block.at(places, ">i4").astype(np.int64)
            begins = places + 4
            nulls = None
            if lengths.min() < 0:
                nulls = lengths < 0
                lengths[nulls] = 0
            places = begins + lengths
            columns.append(reader(block, begins, lengths, nulls))
        return columns, places


def _runs(readers: Sequence[Reader]) -> list[Run]:
    groups: list[list[Reader]] = []
    for reader in readers:
        if groups and isinstance(reader, Fixed) and isinstance(groups[-1][-1], Fixed):
            groups[-1].append(reader)
        else:
            groups.append([reader])
    return [Run(group) for group in groups]


class BinaryBlocks:
    """Takes rows apart as they come: the server fills the connection meanwhile."""

    size = 1 << 20

    def __init__(self, fields: Sequence[Field]) -> None:
        self._kinds = [binary_type(field) for field in fields]
        self._runs = _runs([reader_of(field) for field in fields])
        # After the last row, so that what is read at the place of a missing value is still there.
        self._spare = bytes(max(32, *(run.size for run in self._runs)))
        self._parts: list[list[pa.Array]] = [[] for _ in fields]
        self._is_first = True

    def add(self, rows: bytearray, sizes: array[int]) -> None:
        """Whole rows, and how many bytes each has. The first block begins with the header."""
        if self._is_first:
            self._is_first = False
            header = _header(rows)
            del rows[:header]
            sizes[0] -= header
        if sizes[-1] == _TRAILER:
            sizes.pop()
        if sizes:
            rows += self._spare
            self._read(Block(rows), np.frombuffer(sizes, dtype=np.int64))

    def _read(self, block: Block, sizes: Ints) -> None:
        # Before the first value of a row there is the number of its values.
        places = np.cumsum(sizes) - sizes + 2
        columns: list[pa.Array] = []
        for run in self._runs:
            found, places = run.read(block, places)
            columns += found
        for parts, column in zip(self._parts, columns, strict=True):
            parts.append(column)

    def columns(self) -> list[pa.ChunkedArray]:
        """All columns; one that is text anywhere is text everywhere."""
        columns = []
        for at, kind in enumerate(self._kinds):
            parts, self._parts[at] = self._parts[at], []
            columns.append(joined([pa.chunked_array([part]) for part in parts], kind))
        return columns

    def close(self) -> None:
        """There is nothing to end."""


def _header(rows: bytearray) -> int:
    """How many bytes the header has."""
    if not rows.startswith(_SIGNATURE):
        raise SourceError(
            "What the server sent does not begin as a COPY in binary does, so it is no PostgreSQL that Lakeside knows. "
            "Read it through lakeside.get_connection."
        )
    more = len(_SIGNATURE) + 8
    return more + int.from_bytes(rows[more - 4 : more], "big")
