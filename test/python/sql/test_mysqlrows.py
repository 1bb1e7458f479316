"""Rows as MySQL sends them, made by hand: every length, every cut between two reads."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakeside.sql import mysqlrows
from lakeside.sql.mysqlrows import RowBytes

_END = b"\xfe\x00\x00\x02\x00"
Row = list[bytes | None]


def field(value: bytes | None) -> bytes:
    if value is None:
        return b"\xfb"
    size = len(value)
    if size < 251:
        return bytes([size]) + value
    mark, width = (b"\xfc", 2) if size < 1 << 16 else (b"\xfd", 3) if size < 1 << 24 else (b"\xfe", 8)
    return mark + size.to_bytes(width, "little") + value


def packets(body: bytes) -> bytes:
    parts, most = [], 0xFFFFFF
    while True:
        part, body = body[:most], body[most:]
        parts.append(len(part).to_bytes(3, "little") + b"\x07" + part)
        if len(part) < most:
            return b"".join(parts)


def stream(rows: list[Row], end: bytes = _END) -> bytes:
    return b"".join(packets(b"".join(map(field, row))) for row in rows) + packets(end)


def read(data: bytes, columns: int, step: int) -> tuple[list[Row], RowBytes]:
    rows = RowBytes([pa.binary()] * columns)
    found: list[Row] = []
    for at in range(0, len(data), step):
        batch = rows.feed(data[at : at + step])
        if batch is not None:
            found += [list(row) for row in zip(*(column.to_pylist() for column in batch), strict=True)]
    return found, rows


values = st.one_of(st.none(), st.binary(max_size=20), st.binary(min_size=248, max_size=260))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_row_arrives_however_it_is_cut(data: st.DataObject) -> None:
    columns = data.draw(st.integers(1, 5))
    rows = data.draw(st.lists(st.lists(values, min_size=columns, max_size=columns), max_size=20))
    step = data.draw(st.integers(1, 300))
    found, reader = read(stream(rows), columns, step)
    assert found == rows
    assert reader.ending is not None
    assert reader.ending.error is None
    assert reader.rows == len(rows)


def test_rows_of_more_than_one_packet() -> None:
    most = 0xFFFFFF
    for first in (most - 20, most - 9, most - 8, most, 2 * most + 5):
        rows: list[Row] = [[b"a", None], [b"\xfe" * first, b"end"], [None, b"\xff" * 70_000]]
        found, _ = read(stream(rows), 2, 1 << 20)
        assert found == rows


def test_batches_are_given_on_the_way() -> None:
    rows: list[Row] = [[b"x" * 200] for _ in range(60_000)]
    reader = RowBytes([pa.string()])
    data = stream(rows)
    sizes = [len(batch[0]) for at in range(0, len(data), 1 << 20) if (batch := reader.feed(data[at : at + (1 << 20)]))]
    assert sum(sizes) == 60_000
    assert len(sizes) == len(data) // mysqlrows.BATCH + 1


def test_an_error_ends_the_rows() -> None:
    found, reader = read(stream([[b"a"]], b"\xff\x25\x05#70100Query execution was interrupted"), 1, 4)
    assert found == [[b"a"]]
    assert reader.ending is not None
    assert reader.ending.error == (1317, "Query execution was interrupted")


def test_more_results_are_told() -> None:
    _, reader = read(stream([], b"\xfe\x00\x00\x0a\x00"), 1, 100)
    assert reader.ending is not None
    assert reader.ending.has_more_results
