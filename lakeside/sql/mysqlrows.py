"""Rows as MySQL sends them, many at a time: the bytes of a batch are taken apart by NumPy, a column at once.

A driver makes an object of Python of every value, which is what reading from MySQL costs otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_WHOLE = 0xFFFFFF
#: Bytes of rows that are taken apart at a time.
BATCH = 4 << 20
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ending:
    """What came after the last row."""

    #: The server's own code and words, where it ended with an error.
    error: tuple[int, str] | None
    has_more_results: bool
    sequence: int


class RowBytes:
    """Takes what arrives from the server after the description of the columns, and gives columns of bytes."""

    def __init__(self, kinds: Sequence[pa.DataType]) -> None:
        self._kinds = kinds
        self._buffer = bytearray()
        self._at = 0
        self._starts: list[int] = []
        self.ending: Ending | None = None
        self.rows = 0

    def feed(self, data: bytes) -> list[pa.Array] | None:
        """What arrived; gives the columns of a batch once there is one, or the last rows came."""
        buffer = self._buffer
        buffer += data
        at, end, starts = self._at, len(buffer), self._starts
        while at + 5 <= end:
            size = buffer[at] | buffer[at + 1] << 8 | buffer[at + 2] << 16
            if size == _WHOLE and not self._joined(at):
                break
            end = len(buffer)
            size = self._size if size == _WHOLE else size
            after = at + 4 + size
            if after > end:
                break
            first = buffer[at + 4]
            if (first == 0xFE and size < 9) or first == 0xFF:
                self._finish(bytes(buffer[at:after]))
                break
            starts.append(at + 4)
            at = after
        self._at = at
        return self.take() if self.ending or at >= BATCH else None

    _size = 0

    def _joined(self, at: int) -> bool:
        """Joins the packets of a row of 16 MB and more; false while some of them are still to come."""
        buffer, size, heads = self._buffer, _WHOLE, []
        place = at + 4 + _WHOLE
        while True:
            if place + 4 > len(buffer):
                return False
            part = buffer[place] | buffer[place + 1] << 8 | buffer[place + 2] << 16
            if place + 4 + part > len(buffer):
                return False
            heads.append(place)
            size += part
            place += 4 + part
            if part < _WHOLE:
                break
        for head in reversed(heads):
            del buffer[head : head + 4]
        self._size = size
        return True

    def _finish(self, packet: bytes) -> None:
        body = packet[4:]
        if body[0] == 0xFF:
            code = int.from_bytes(body[1:3], "little")
            said = body[9:] if body[3:4] == b"#" else body[3:]
            self.ending = Ending((code, said.decode("utf-8", "replace")), False, packet[3])
        else:
            status = int.from_bytes(body[3:5], "little")
            self.ending = Ending(None, bool(status & 8), packet[3])

    def take(self) -> list[pa.Array] | None:
        """The columns of the rows that were not taken yet; None where there are none."""
        count, starts = len(self._starts), self._starts
        if not count:
            return None
        data = bytes(self._buffer[: self._at])
        del self._buffer[: self._at]
        self._at, self._starts = 0, []
        self.rows += count
        return _columns(data, np.array(starts, dtype=np.int64), self._kinds)


def _columns(data: bytes, places: Places, kinds: Sequence[pa.DataType]) -> list[pa.Array]:
    seen, buffer = np.frombuffer(data, dtype=np.uint8), pa.py_buffer(data)
    columns = []
    for kind in kinds:
        places, sizes, nulls = _sizes(seen, places)
        ends = places + sizes
        columns.append(_values(buffer, places, ends, nulls, kind))
        places = ends
    return columns


def _sizes(seen: npt.NDArray[np.uint8], places: Places) -> tuple[Places, Places, npt.NDArray[np.bool_] | None]:
    """Where values begin, how long they are, and which are NULL."""
    first = seen[places]
    sizes = first.astype(np.int64)
    if first.max() < 0xFB:
        return places + 1, sizes, None
    begin = places + 1
    nulls = first == 0xFB
    sizes[nulls] = 0
    for mark, width in ((0xFC, 2), (0xFD, 3), (0xFE, 8)):
        long = np.flatnonzero(first == mark)
        if long.size:
            sizes[long] = sum(seen[places[long] + 1 + byte].astype(np.int64) << 8 * byte for byte in range(width))
            begin[long] += width
    return begin, sizes, nulls


def _values(
    buffer: pa.Buffer, begins: Places, ends: Places, nulls: npt.NDArray[np.bool_] | None, kind: pa.DataType
) -> pa.Array:
    """One column. The batch itself is an array of values and of what lies between them; each second one is taken."""
    count = len(begins)
    offsets = np.empty(2 * count, dtype=np.int32)
    offsets[0::2], offsets[1::2] = begins, ends
    whole = pa.Array.from_buffers(kind, 2 * count - 1, [None, pa.py_buffer(offsets), buffer])
    wanted = pa.array(np.arange(0, 2 * count - 1, 2, dtype=np.int32), mask=nulls)
    return pc.take(whole, wanted)
