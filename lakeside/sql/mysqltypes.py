"""MySQL's types as Arrow's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .texts import Typed, cast, converted, decimals

_UNSIGNED = 32
_BINARY_CHARSET = 63
_INTEGERS = {
    1: (pa.int8(), pa.uint8()),
    2: (pa.int16(), pa.uint16()),
    3: (pa.int32(), pa.uint32()),
    8: (pa.int64(), pa.uint64()),
    9: (pa.int32(), pa.uint32()),
    13: (pa.int16(), pa.int16()),
}
_FLOATS, _DECIMALS = (4, 5), (0, 246)
_DATES, _TIMES, _DATETIMES = (10, 14), (11,), (7, 12)
_BIT, _JSON = 16, 245
_ENUM, _SET = 247, 248
_BYTES = (15, 249, 250, 251, 252, 253, 254, 255)


@dataclass(frozen=True)
class Field:
    """A column of a result."""

    name: str
    code: int
    flags: int
    charset: int
    #: Characters that a value may take.
    length: int
    #: Digits after the point.
    scale: int

    @classmethod
    def of(cls, given: Any) -> Field:
        """From PyMySQL's description of a column."""
        return cls(given.name, given.type_code, given.flags, given.charsetnr, given.length, given.scale)

    @property
    def sent(self) -> pa.DataType:
        """As what the bytes of the server are taken at first."""
        is_bytes = self.code == _BIT or (self.code in _BYTES and self.charset == _BINARY_CHARSET)
        return pa.binary() if is_bytes else pa.string()

    def finish(self, column: pa.ChunkedArray) -> Typed:
        """A column as it was sent in the type it has in the end."""
        if self.code in _INTEGERS:
            signed, unsigned = _INTEGERS[self.code]
            return cast(self.name, column, unsigned if self.flags & _UNSIGNED else signed)
        if self.code in _FLOATS:
            return cast(self.name, column, pa.float64())
        if self.code in _DECIMALS:
            return decimals(self.name, column, self._decimal())
        if self.code in _DATES:
            return _dated(self.name, column, pa.date32())
        if self.code in _DATETIMES:
            return _dated(self.name, column, pa.timestamp("us"))
        if self.code in _TIMES:
            return converted(self.name, column, pa.duration("us"), microseconds)
        if self.code == _BIT:
            chunks = [_bits(chunk) for chunk in column.chunks]
            return pa.chunked_array(chunks, type=pa.uint64()), None
        return column, None

    def _decimal(self) -> pa.DataType | None:
        is_signed = not self.flags & _UNSIGNED
        precision = self.length - (1 if self.scale else 0) - (1 if is_signed else 0)
        if not 0 < precision <= 76 or self.scale > precision:
            return None
        return (pa.decimal128 if precision <= 38 else pa.decimal256)(precision, self.scale)


def _dated(name: str, column: pa.ChunkedArray, kind: pa.DataType) -> Typed:
    """Dates of which some may be 0000-00-00, or have no month or day: these are missing, and the note says so."""
    typed, note = cast(name, column, kind)
    if note is None:
        return typed, None
    is_zero = pc.match_substring_regex(column, r"^\d{4}-(00-|\d\d-00)|^0000-")
    typed, note = cast(name, pc.if_else(is_zero, pa.scalar(None, pa.string()), column), kind)
    count = pc.sum(is_zero).as_py() or 0
    return typed, note or f"{name}: {count:,} of its dates are no dates (0000-00-00 or the like), and are missing here."


def microseconds(text: str) -> int:
    """Microseconds of a TIME, which may be negative and longer than a day."""
    hours, minutes, seconds = text.lstrip("-").split(":")
    whole, _, fraction = seconds.partition(".")
    total = ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1_000_000 + int((fraction + "000000")[:6])
    return -total if text.startswith("-") else total


def _bits(column: pa.Array) -> pa.Array:
    values = [None if value is None else int.from_bytes(value, "big") for value in column.to_pylist()]
    return pa.array(values, type=pa.uint64())
