"""Columns of texts, as servers send them, to columns of types."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: A column of a type and a sentence on it, or the texts where some value does not fit the type.
Typed = tuple[pa.ChunkedArray, str | None]

_ISO_INTERVAL = re.compile(
    r"P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?"
)


def cast(name: str, column: pa.ChunkedArray, kind: pa.DataType) -> Typed:
    """A column by Arrow's own conversion."""
    try:
        return pc.cast(column, kind), None
    except pa.ArrowInvalid:
        return column, f"{name} came as text: it holds values that {kind} does not know."


def decimals(name: str, column: pa.ChunkedArray, kind: pa.DataType | None = None) -> Typed:
    """Decimals of as many places as the longest of them has; 76 digits at most."""
    if kind is None:
        kind = _decimal_type(column)
    if kind is None:
        return column, f"{name} came as text: it holds NaN, Infinity, or more than 76 digits."
    try:
        return pc.cast(column, kind), None
    except pa.ArrowInvalid:
        return column, f"{name} came as text: it holds values that {kind} does not know."


def _decimal_type(column: pa.ChunkedArray) -> pa.DataType | None:
    if pc.any(pc.match_substring_regex(column, "[NI]")).as_py():
        return None
    digits = pc.replace_substring(column, "-", "")
    length = pc.utf8_length(digits)
    point = pc.find_substring(digits, ".")
    whole = pc.max(pc.if_else(pc.less(point, 0), length, point)).as_py() or 1
    scale = pc.max(pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(length, point), 1))).as_py() or 0
    if whole + scale > 76:
        return None
    return pa.decimal128(38, scale) if whole + scale <= 38 else pa.decimal256(76, scale)


def converted(name: str, column: pa.ChunkedArray, kind: pa.DataType, read: Callable[[str], Any]) -> Typed:
    """A column whose values are read one by one: of rare types only."""
    try:
        chunks = [
            pa.array([None if text is None else read(text) for text in chunk.to_pylist()], type=kind)
            for chunk in column.chunks
        ]
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return column, f"{name} came as text: it holds values that {kind} does not know."
    return pa.chunked_array(chunks, type=kind), None


def iso_interval(text: str) -> int:
    """Microseconds of an interval as ISO 8601 writes it.

    :raises ValueError: where it has months or years, which are no fixed time
    """
    found = _ISO_INTERVAL.fullmatch(text)
    if found is None or found[1] or found[2]:
        raise ValueError(text)
    weeks, days, hours, minutes, seconds = (int(found[at] or 0) for at in (3, 4, 5, 6, 8))
    fraction = int(((found[9] or "") + "000000")[:6])
    sign = -1 if found[7] else 1
    whole = ((weeks * 7 + days) * 24 + hours) * 60 + minutes
    return whole * 60_000_000 + sign * (seconds * 1_000_000 + fraction)
