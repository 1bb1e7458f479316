"""Columns on their way from a server to a frame: types batch by batch, and memory that is given free."""

from __future__ import annotations

import datetime as dt
import weakref
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lakeside.sql import frames
from lakeside.sql.answer import Answer
from lakeside.sql.mysqltypes import Column, Field


def field(code: int, length: int = 11, scale: int = 0) -> Field:
    return Field("v", code, 0, 33, length, scale)


def finished(given: Field, *parts: list[str | None]) -> tuple[pa.ChunkedArray, str | None]:
    column = Column(given)
    for part in parts:
        column.add(pa.array(part, given.sent))
    return column.finish()


def test_parts_get_their_type_as_they_come() -> None:
    column, note = finished(field(3), ["1", None], ["-2"])
    assert (column.type, column.to_pylist(), note) == (pa.int32(), [1, None, -2], None)


def test_no_rows_have_a_type_too() -> None:
    assert finished(field(3))[0].type == pa.int32()
    assert finished(field(253))[0].type == pa.string()


def test_a_value_that_does_not_fit_makes_all_of_it_text() -> None:
    column, note = finished(field(3), ["1", None], ["no number"], ["3"])
    assert (column.type, column.to_pylist()) == (pa.string(), ["1", None, "no number", "3"])
    assert note == "v came as text: it holds values that int32 does not know."


def test_dates_that_are_none_are_counted_over_all_parts() -> None:
    column, note = finished(field(10), ["2013-01-31", "0000-00-00"], ["2013-01-31"], ["2013-00-01"])
    assert column.to_pylist() == [dt.date(2013, 1, 31), None, dt.date(2013, 1, 31), None]
    assert note is not None
    assert "2 of its dates are no dates" in note


def test_decimals_without_a_precision_wait_for_all_values() -> None:
    column, _ = finished(field(246, length=90, scale=39), ["1.5"], ["22.25"])
    assert [str(value) for value in column.to_pylist()] == ["1.50", "22.25"]


class Memory:
    """What a buffer of Arrow hangs on."""


def test_arrow_gives_columns_free_as_pandas_takes_them_over(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.arange(1000, dtype=np.int32)
    left: list[Any] = []
    seen: list[int] = []
    own: Any = frames._array

    def watched(*given: Any) -> Any:
        seen.append(sum(each() is not None for each in left))
        return own(*given)

    def column() -> pa.Array:
        memory = Memory()
        left.append(weakref.ref(memory))
        buffer = pa.foreign_buffer(numbers.ctypes.data, numbers.nbytes, memory)
        return pa.Array.from_buffers(pa.int32(), len(numbers), [None, buffer])

    monkeypatch.setattr(frames, "_array", watched)
    answer = Answer(pa.table([column() for _ in range(4)], names=list("abcd")))
    frame = frames.frame(answer, "pandas")
    assert answer.table is None
    assert frame["d"].tolist() == numbers.tolist()
    assert seen == [4, 3, 2, 1]
