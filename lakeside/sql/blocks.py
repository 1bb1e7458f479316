"""Rows of a COPY to columns of Arrow: in blocks of whole rows, so that what arrives is never held as a whole."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa


class Blocks(Protocol):
    """Takes rows, gives columns in the end."""

    #: Bytes that are best taken at a time.
    size: int

    def add(self, rows: bytearray, sizes: array[int]) -> None:
        """Whole rows one after the other, which are the blocks' own then, and how many bytes each of them has."""

    def columns(self) -> list[pa.ChunkedArray]:
        """All columns; one that is text anywhere is text everywhere."""

    def close(self) -> None:
        """Throws away what is still worked on."""


def joined(parts: Sequence[pa.ChunkedArray], kind: pa.DataType) -> pa.ChunkedArray:
    """One column of its parts: of a type if all of them are, or as text."""
    if any(part.type != kind for part in parts):
        parts = [_retyped(part, kind) for part in parts]
    if any(part.type != kind for part in parts):
        parts = [_as_text(part) for part in parts]
        kind = pa.string()
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=kind)


def _retyped(part: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if part.type == kind:
        return part
    try:
        return part.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return part


def _as_text(part: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(part.type):
        return part
    if pa.types.is_boolean(part.type):
        import pyarrow.compute as pc

        return pc.if_else(part, "t", "f")
    return part.cast(pa.string())
