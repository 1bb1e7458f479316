"""Values of PostgreSQL's binary form to Arrow: a column of a block of rows at once.

What no type of Arrow holds (infinity, NaN in a decimal, years before 1) is written as PostgreSQL does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .pgtexts import date_text, numeric_text, time_text, timestamp_text
from .pgtypes import Field

_DAY = 86_400_000_000
#: From 1970, which is Arrow's, to 2000, which is PostgreSQL's.
_DAYS = 10_957
#: The first and the last day of the years 1 to 9999, from 2000.
_FIRST, _LAST = -730_119, 2_921_939
_POWERS = 10 ** np.arange(19, dtype=np.int64)
_PLACES = 18
#: The first so many of four digits of 16 bits.
_MASKS = np.array([(1 << 64) - (1 << 64 - 16 * count) for count in range(5)], dtype=np.uint64)
#: The two letters of each byte, and where those of a UUID stand between its dashes.
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype=np.uint8).reshape(256, 2)
_HEX_PLACES = [at for at in range(36) if at not in (8, 13, 18, 23)]

Ints = npt.NDArray[np.int64]
Nulls = npt.NDArray[np.bool_] | None
#: Makes a column of values of one size, and of which of them are NULL.
Finish = Callable[[npt.NDArray[Any], Nulls], pa.Array]
#: Makes a column of the block, the places of its values, their lengths, and which are NULL.
Reader = Callable[["Block", Ints, Ints, Nulls], pa.Array]


class Block:
    """The bytes of rows."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.buffer = pa.py_buffer(data)

    def at(self, places: Ints, kind: str) -> npt.NDArray[Any]:
        """Numbers of a kind of NumPy's, which may begin at any byte."""
        size = np.dtype(kind).itemsize
        seen: npt.NDArray[Any] = np.ndarray((len(self.data) - size + 1,), kind, self.data, strides=(1,))
        return native(seen[places])


def native(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Numbers as this machine has them, one after the other."""
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))


@dataclass(frozen=True)
class Fixed:
    """A type whose values all have one size: how NumPy calls it as it is sent, and what becomes of them."""

    sent: str
    finish: Finish

    def __call__(self, block: Block, begins: Ints, _: Ints, nulls: Nulls) -> pa.Array:
        return self.finish(block.at(begins, self.sent), nulls)


def is_binary(fields: Sequence[Field]) -> bool:
    """Whether all columns of a result can be read in binary."""
    return all(field.oid in _READERS or _has_places(field) for field in fields)


def binary_type(field: Field) -> pa.DataType:
    """The type in which a column is read."""
    return pa.binary() if field.oid == _BYTEA else field.parsed


def _has_places(field: Field) -> bool:
    kind = field.parsed
    return field.oid == _NUMERIC and pa.types.is_decimal128(kind) and kind.precision <= _PLACES


def reader_of(field: Field) -> Reader:
    """What reads a column of a result for which `is_binary` holds."""
    return _decimal(field.parsed) if field.oid == _NUMERIC else _READERS[field.oid]


def _column(values: npt.NDArray[Any], nulls: Nulls, kind: pa.DataType) -> pa.Array:
    array = pa.array(values, mask=nulls)
    return array if array.type == kind else array.view(kind)


def _number(sent: str, kind: pa.DataType) -> Fixed:
    wide = kind.to_pandas_dtype()
    return Fixed(sent, lambda values, nulls: _column(values.astype(wide, copy=False), nulls, kind))


def _boolean(values: npt.NDArray[Any], nulls: Nulls) -> pa.Array:
    return pa.array(values.astype(np.bool_), mask=nulls)


def _text(kind: pa.DataType, skipped: int = 0) -> Reader:
    def read(block: Block, begins: Ints, lengths: Ints, nulls: Nulls) -> pa.Array:
        # The block itself is an array of values and of what lies between them; each second one is taken.
        count = len(begins)
        offsets = np.empty(2 * count, dtype=np.int32)
        offsets[0::2], offsets[1::2] = begins + skipped, begins + lengths
        if nulls is not None and skipped:
            offsets[1::2][nulls] += skipped
        whole = pa.Array.from_buffers(pa.binary(), 2 * count - 1, [None, pa.py_buffer(offsets), block.buffer])
        found = pc.take(whole, pa.array(np.arange(0, 2 * count - 1, 2, dtype=np.int32), mask=nulls))
        return found if kind == pa.binary() else found.cast(kind)

    return read


def _uuid(values: npt.NDArray[Any], nulls: Nulls) -> pa.Array:
    texts = np.full((len(values), 36), ord("-"), dtype=np.uint8)
    texts[:, _HEX_PLACES] = _HEX[values.view(np.uint8).reshape(-1, 16)].reshape(-1, 32)
    offsets = np.arange(0, texts.size + 1, 36, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(values), [_valid(nulls), pa.py_buffer(offsets), pa.py_buffer(texts)])


def _valid(nulls: Nulls) -> pa.Buffer | None:
    return None if nulls is None else pa.array(~nulls).buffers()[1]


def _time(sent: str, kind: pa.DataType, shift: int, first: int, after: int, written: Callable[[int], str]) -> Fixed:
    """Days or microseconds; the block is text where one of them is not from `first` to before `after`."""

    def finish(values: npt.NDArray[Any], nulls: Nulls) -> pa.Array:
        if nulls is not None:
            values[nulls] = first
        if values.min() < first or values.max() >= after:
            missing = np.zeros(len(values), dtype=np.bool_) if nulls is None else nulls
            texts = [
                None if is_null else written(value)
                for value, is_null in zip(values.tolist(), missing.tolist(), strict=True)
            ]
            return pa.array(texts, type=pa.string())
        return _column(values + shift, nulls, kind)

    return Fixed(sent, finish)


def _decimal(kind: pa.DataType) -> Reader:
    """Digits of base 10,000, which are added up as whole numbers."""

    def read(block: Block, begins: Ints, lengths: Ints, nulls: Nulls) -> pa.Array:
        head = block.at(begins, ">i8")
        if nulls is not None:
            head[nulls] = 0
        sign = head >> 16 & 0xFFFF
        if sign.max() >= 0xC000:
            texts = [
                None if length == 0 else numeric_text(bytes(block.data[begin : begin + length]))
                for begin, length in zip(begins.tolist(), lengths.tolist(), strict=True)
            ]
            return pa.array(texts, type=pa.string())
        count, weight = head >> 48, (head >> 32).astype(np.int16).astype(np.int64)
        total = np.zeros(len(head), dtype=np.int64)
        for first in range(0, int(count.max()), 4):
            four = block.at(begins + (8 + 2 * first), ">u8")
            four &= _MASKS[(count - first).clip(0, 4)]
            value = four >> 48
            for shift in (32, 16, 0):
                value *= 10_000
                value += four >> shift & 0xFFFF
            power = (weight - (first + 3)) * 4 + kind.scale
            # What is divided away are zeros: the server sends no more places than the type has.
            total += value.view(np.int64) * _POWERS[power.clip(0, _PLACES)] // _POWERS[(-power).clip(0, _PLACES)]
        np.negative(total, out=total, where=sign == 0x4000)
        wide = np.empty((len(total), 2), dtype=np.int64)
        wide[:, 0], wide[:, 1] = total, total >> 63
        return pa.Array.from_buffers(kind, len(total), [_valid(nulls), pa.py_buffer(wide)])

    return read


_BYTEA, _NUMERIC = 17, 1700
_stamp = (_FIRST * _DAY, (_LAST + 1) * _DAY)
_READERS: dict[int, Reader] = {
    16: Fixed("u1", _boolean),
    20: _number(">i8", pa.int64()),
    21: _number(">i2", pa.int16()),
    23: _number(">i4", pa.int32()),
    26: _number(">u4", pa.int64()),
    701: _number(">f8", pa.float64()),
    1082: _time(">i4", pa.date32(), _DAYS, _FIRST, _LAST + 1, date_text),
    1083: _time(">i8", pa.time64("us"), 0, 0, _DAY, time_text),
    1114: _time(">i8", pa.timestamp("us"), _DAYS * _DAY, *_stamp, timestamp_text),
    1184: _time(">i8", pa.timestamp("us", tz="UTC"), _DAYS * _DAY, *_stamp, lambda us: timestamp_text(us, "+00")),
    # text, varchar, char(n), name, json: as they are. Before the text of jsonb there is its version.
    **dict.fromkeys((25, 1043, 1042, 19, 114), _text(pa.string())),
    3802: _text(pa.string(), skipped=1),
    _BYTEA: _text(pa.binary()),
    2950: Fixed("V16", _uuid),
}
