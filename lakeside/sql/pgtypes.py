"""PostgreSQL's types as Arrow's: which are parsed at once, which from their text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

import pyarrow as pa

from .texts import Typed, cast, converted, decimals, iso_interval

_UTC = pa.timestamp("us", tz="UTC")
#: Types that Arrow parses by itself, by their numbers in PostgreSQL.
_PARSED: dict[int, pa.DataType] = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int16(),
    23: pa.int32(),
    26: pa.int64(),
    # As text a float4 is the shortest decimal; as a float4 it would be another number to Python.
    700: pa.float64(),
    701: pa.float64(),
    1082: pa.date32(),
    1083: pa.time64("us"),
    1114: pa.timestamp("us"),
    1184: _UTC,
}
_BYTEA, _TIME, _INTERVAL, _NUMERIC = 17, 1083, 1186, 1700
#: Arrays of which every value is of one type of Arrow.
_ARRAYS: dict[int, pa.DataType] = {
    1000: pa.bool_(),
    1005: pa.int16(),
    1007: pa.int32(),
    1016: pa.int64(),
    1028: pa.int64(),
    1021: pa.float64(),
    1022: pa.float64(),
    1002: pa.string(),
    1009: pa.string(),
    1014: pa.string(),
    1015: pa.string(),
    1182: pa.date32(),
    1115: pa.timestamp("us"),
    1185: _UTC,
    1183: pa.time64("us"),
    1001: pa.binary(),
}


@dataclass(frozen=True)
class Field:
    """A column of a result."""

    name: str
    oid: int
    modifier: int

    @property
    def parsed(self) -> pa.DataType:
        """The type in which the CSV is read; text where more has to be done, or nothing."""
        if self.oid == _NUMERIC:
            return self._numeric() or pa.string()
        return _PARSED.get(self.oid, pa.string())

    def _numeric(self) -> pa.DataType | None:
        if self.modifier < 4:
            return None
        precision, scale = (self.modifier - 4) >> 16 & 0xFFFF, (self.modifier - 4) & 0x7FF
        if scale > precision:
            return None
        return pa.decimal128(precision, scale) if precision <= 38 else _wide(precision, scale)

    def finish(self, column: pa.ChunkedArray, loader: Callable[[int], Callable[[bytes], Any]]) -> Typed:
        """A column of texts in the type it has in the end.

        :param loader: psycopg's own, by the number of a type
        """
        if not pa.types.is_string(column.type):
            return column, None
        if self.oid == _NUMERIC:
            return decimals(self.name, column, self._numeric())
        if self.oid == _BYTEA:
            return converted(self.name, column, pa.binary(), lambda text: bytes.fromhex(text[2:]))
        if self.oid == _INTERVAL:
            return converted(self.name, column, pa.duration("us"), iso_interval)
        if self.oid == _TIME:
            return converted(self.name, column, pa.time64("us"), time.fromisoformat)
        if self.oid in _ARRAYS:
            read = loader(self.oid)
            kind = pa.list_(_ARRAYS[self.oid])
            return converted(self.name, column, kind, lambda text: read(text.encode()))
        if self.oid in _PARSED:
            return cast(self.name, _booleans(column) if self.oid == 16 else column, self.parsed)
        return column, None


def _wide(precision: int, scale: int) -> pa.DataType | None:
    return pa.decimal256(precision, scale) if precision <= 76 else None


def _booleans(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(column, "t"), "true", pc.if_else(pc.equal(column, "f"), "false", column))
