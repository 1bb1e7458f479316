"""MySQL's types as Arrow's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .texts import Typed, decimals

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

_KINDS = {
    **dict.fromkeys(_FLOATS, pa.float64()),
    **dict.fromkeys(_DATES, pa.date32()),
    **dict.fromkeys(_TIMES, pa.duration("us")),
    **dict.fromkeys(_DATETIMES, pa.timestamp("us")),
    _BIT: pa.uint64(),
}


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

    @property
    def kind(self) -> pa.DataType | None:
        """The type it has in the end; None where only all values together tell."""
        if self.code in _INTEGERS:
            signed, unsigned = _INTEGERS[self.code]
            return unsigned if self.flags & _UNSIGNED else signed
        if self.code in _DECIMALS:
            return self._decimal()
        if self.code in _BYTES and self.charset == _BINARY_CHARSET:
            return pa.binary()
        return _KINDS.get(self.code, pa.string())

    def _decimal(self) -> pa.DataType | None:
        is_signed = not self.flags & _UNSIGNED
        precision = self.length - (1 if self.scale else 0) - (1 if is_signed else 0)
        if not 0 < precision <= 76 or self.scale > precision:
            return None
        return (pa.decimal128 if precision <= 38 else pa.decimal256)(precision, self.scale)


class Column:
    """A column whose parts get their type as they come: its text is never held as a whole."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._kind = field.kind or field.sent
        self._parts: list[pa.Array] = []
        self._zeros = 0

    def add(self, part: pa.Array) -> None:
        """The next values, as they were sent."""
        try:
            self._parts.append(self._typed(part))
        except (pa.ArrowException, ValueError):
            # Some value does not fit: it stays text, and so does the column in the end.
            self._parts.append(part)

    def _typed(self, part: pa.Array) -> pa.Array:
        kind = self._kind
        if kind == part.type:
            return part
        if self._field.code == _BIT:
            return _bits(part)
        if self._field.code in _TIMES:
            return pa.array([None if text is None else microseconds(text) for text in part.to_pylist()], type=kind)
        try:
            return pc.cast(part, kind)
        except pa.ArrowInvalid:
            if self._field.code not in (*_DATES, *_DATETIMES):
                raise
        # Dates of which some are 0000-00-00, or have no month or day: these are missing, and a note says so.
        is_zero = pc.match_substring_regex(part, r"^\d{4}-(00-|\d\d-00)|^0000-")
        typed = pc.cast(pc.if_else(is_zero, pa.scalar(None, pa.string()), part), kind)
        self._zeros += pc.sum(is_zero).as_py() or 0
        return typed

    def finish(self) -> Typed:
        """All of it, and a sentence on it where there is something to say."""
        name, kind, parts = self._field.name, self._kind, self._parts
        self._parts = []
        if self._field.kind is None:
            return decimals(name, pa.chunked_array(parts, type=kind))
        if any(part.type != kind for part in parts):
            texts = [part if part.type == self._field.sent else pc.cast(part, pa.string()) for part in parts]
            return pa.chunked_array(texts), f"{name} came as text: it holds values that {kind} does not know."
        note = f"{name}: {self._zeros:,} of its dates are no dates (0000-00-00 or the like), and are missing here."
        return pa.chunked_array(parts, type=kind), note if self._zeros else None


def microseconds(text: str) -> int:
    """Microseconds of a TIME, which may be negative and longer than a day."""
    hours, minutes, seconds = text.lstrip("-").split(":")
    whole, _, fraction = seconds.partition(".")
    total = ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1_000_000 + int((fraction + "000000")[:6])
    return -total if text.startswith("-") else total


def _bits(column: pa.Array) -> pa.Array:
    values = [None if value is None else int.from_bytes(value, "big") for value in column.to_pylist()]
    return pa.array(values, type=pa.uint64())
