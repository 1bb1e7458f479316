"""PostgreSQL's COPY in binary: rows built by hand, and the same answers as by CSV from a real database."""

from __future__ import annotations

import random
import struct
from array import array
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from sql_servers import Server

import lakeside
from lakeside.sources.errors import SourceError, StatementError
from lakeside.sql.blocks import Blocks
from lakeside.sql.pgbinary import BinaryBlocks
from lakeside.sql.pgreaders import is_binary
from lakeside.sql.pgtexts import date_text, numeric_text, time_text, timestamp_text
from lakeside.sql.pgtypes import Field

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(4) + struct.pack(">i", 3) + b"new"
_DAY = 86_400_000_000
_START = datetime(2000, 1, 1)


def numeric(text: str) -> bytes:
    """A decimal as the server sends it."""
    if text == "NaN":
        return struct.pack(">hhHh", 0, 0, 0xC000, 0)
    sign = 0x4000 if text.startswith("-") else 0
    whole, _, part = text.lstrip("-").partition(".")
    whole = whole.zfill(-(-len(whole) // 4) * 4)
    padded = part.ljust(-(-len(part) // 4) * 4, "0")
    digits = [int((whole + padded)[at : at + 4]) for at in range(0, len(whole + padded), 4)]
    weight = len(whole) // 4 - 1
    while digits and not digits[0]:
        digits.pop(0)
        weight -= 1
    while digits and not digits[-1]:
        digits.pop()
    return struct.pack(f">hhHh{len(digits)}h", len(digits), weight if digits else 0, sign, len(part), *digits)


def rows_of(rows: list[list[bytes | None]]) -> list[bytes]:
    return [
        struct.pack(">h", len(row))
        + b"".join(struct.pack(">i", -1) if v is None else struct.pack(">i", len(v)) + v for v in row)
        for row in rows
    ]


def read(fields: list[Field], rows: list[bytes], cuts: list[int]) -> pa.Table:
    """Rows in blocks that end at the cuts; the header is in the first of them, the trailer in the last."""
    blocks: Blocks = BinaryBlocks(fields)
    rows = [*rows, struct.pack(">h", -1)]
    rows[0] = _HEADER + rows[0]
    for first, after in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        part = rows[first:after]
        blocks.add(bytearray(b"".join(part)), array("q", map(len, part)))
    return pa.table(blocks.columns(), names=[field.name for field in fields])


def kinds(seed: int) -> dict[Field, list[tuple[bytes, Any]]]:
    """Values of each type, as they are sent and as they are to arrive."""
    pick = random.Random(seed)
    texts = ["", "NULL", "\\N", "订单 😀", "a,b\n\"c'", "x" * 5000]
    days = [-730_119, 2_921_939, 0, -1, pick.randrange(-9999, 9999)]
    stamps = [-730_119 * _DAY, 2_921_940 * _DAY - 1, -1, pick.randrange(-(10**15), 10**15)]
    whole = [pick.randrange(-(2**31), 2**31) for _ in range(5)]
    prices = ["0.00", "-0.01", "99999999.99", "10000.00", "-12345.60", f"{pick.randrange(10**8)}.07"]
    long = ["123456789.123456789", "-0.000000001", "100000000.000000000", "0.000000000"]
    keys = [UUID(int=pick.getrandbits(128)) for _ in range(3)]

    def modifier(precision: int, scale: int) -> int:
        return (precision << 16 | scale) + 4

    return {
        Field("bool", 16, -1): [(b"\1", True), (b"\0", False)],
        Field("int8", 20, -1): [(struct.pack(">q", v), v) for v in (-(2**63), 2**63 - 1, *whole)],
        Field("int4", 23, -1): [(struct.pack(">i", v), v) for v in whole],
        Field("int2", 21, -1): [(struct.pack(">h", v), v) for v in (-32768, 32767, 0)],
        Field("oid", 26, -1): [(struct.pack(">I", v), v) for v in (0, 2**32 - 1)],
        Field("float8", 701, -1): [(struct.pack(">d", v), v) for v in (0.1, -1e308, 5e-324, float("inf"))],
        Field("price", 1700, modifier(10, 2)): [(numeric(v), Decimal(v)) for v in prices],
        Field("long", 1700, modifier(18, 9)): [(numeric(v), Decimal(v)) for v in long],
        Field("small", 1700, modifier(18, 18)): [(numeric(v), Decimal(v)) for v in ("0." + "0" * 17 + "7",)],
        Field("text", 25, -1): [(v.encode(), v) for v in texts],
        Field("jsonb", 3802, -1): [(b"\1" + v.encode(), v) for v in ('{"a": 1}', '"订"')],
        Field("bytea", 17, -1): [(v, v) for v in (b"", b"\0\xff", b"\\x")],
        Field("uuid", 2950, -1): [(v.bytes, str(v)) for v in keys],
        Field("date", 1082, -1): [(struct.pack(">i", v), _START.date() + timedelta(v)) for v in days],
        Field("time", 1083, -1): [(struct.pack(">q", 0), time()), (struct.pack(">q", _DAY - 1), time.max)],
        Field("stamp", 1114, -1): [(struct.pack(">q", v), _START + timedelta(microseconds=v)) for v in stamps],
    }


@pytest.mark.parametrize("seed", range(4))
def test_rows_cut_anywhere_arrive_as_they_were_sent(seed: int) -> None:
    pick = random.Random(seed)
    given = kinds(seed)
    fields = list(given)
    assert is_binary(fields)
    # Where nothing is missing, columns of one size are taken together.
    missing = [(None, None)] if seed % 2 else []
    chosen = [[pick.choice([*given[field], *missing]) for field in fields] for _ in range(200)]
    rows = rows_of([[sent for sent, _ in row] for row in chosen])
    table = read(fields, rows, sorted(pick.sample(range(1, 200), 5)))
    assert [list(row.values()) for row in table.to_pylist()] == [[value for _, value in row] for row in chosen]
    assert table.schema.types == [pa.binary() if field.name == "bytea" else field.parsed for field in fields]
    table.validate(full=True)


def test_rows_that_are_all_null_and_no_rows() -> None:
    fields = list(kinds(0))
    empty = read(fields, [], [])
    assert (empty.num_rows, empty.schema.types[0]) == (0, pa.bool_())
    table = read(fields, rows_of([[None] * len(fields)] * 3), [1])
    assert table.to_pylist() == [dict.fromkeys(table.column_names)] * 3


def test_a_value_that_no_type_holds_makes_texts_of_its_column_only() -> None:
    fields = [Field("stamp", 1114, -1), Field("price", 1700, (10 << 16 | 2) + 4), Field("n", 23, -1)]
    one = struct.pack(">i", 1)
    rows = rows_of(
        [
            [struct.pack(">q", 0), numeric("1.50"), one],
            [struct.pack(">q", 2**63 - 1), numeric("NaN"), one],
            [None, None, one],
            [struct.pack(">q", -(2**63)), numeric("-2.00"), one],
        ]
    )
    for cuts in ([], [1]):
        table = read(fields, rows, cuts)
        assert [text and text[:19] for text in table.column("stamp").to_pylist()] == [
            *("2000-01-01 00:00:00", "infinity", None, "-infinity")
        ]
        assert table.column("price").to_pylist() == ["1.50", "NaN", None, "-2.00"]
        assert table.column("n").to_pylist() == [1, 1, 1, 1]


def test_what_is_not_known_goes_by_csv() -> None:
    for oid, modifier in ((700, -1), (1700, -1), (1700, (38 << 16) + 4), (1186, -1), (1007, -1), (60_000, -1)):
        assert not is_binary([Field("id", 23, -1), Field("other", oid, modifier)])


def test_something_else_than_a_binary_copy_is_told() -> None:
    with pytest.raises(SourceError, match="is no PostgreSQL"):
        BinaryBlocks([Field("a", 23, -1)]).add(bytearray(b"1,2\n"), array("q", [4]))


def test_texts_are_those_of_postgresql() -> None:
    for days in range(-730_119, 2_921_940, 997):
        assert date_text(days) == (date(2000, 1, 1) + timedelta(days)).isoformat()
    assert [date_text(days) for days in (-730_120, -2_451_545, 2_921_940, 2**31 - 1, -(2**31))] == [
        *("0001-12-31 BC", "4714-11-24 BC", "10000-01-01", "infinity", "-infinity")
    ]
    assert timestamp_text(1_500_000) == "2000-01-01 00:00:01.5"
    assert timestamp_text(-1, "+00") == "1999-12-31 23:59:59.999999+00"
    assert [time_text(us) for us in (0, _DAY)] == ["00:00:00", "24:00:00"]
    for text in ("0", "0.00", "-0.0001", "12345678901234567890.5", "10000", "0.00010000", "-70000.0700", "NaN"):
        assert numeric_text(numeric(text)) == text


_TABLES = ("wide", "gaps")
_WIDE = """
    SELECT i AS id, (i * 7919 % 65536 - 32768)::int2 AS small, (random() * 4e9 - 2e9)::int4 AS whole,
        (random() * 1.8e19 - 9e18)::int8 AS long, ((random() - 0.5) * 10 ^ (i % 600 - 300))::float8 AS ratio,
        ((random() - 0.5) * 10 ^ (i % 10))::numeric(12, 3) AS price, (random() - 0.5)::numeric(18, 18) AS share,
        (random() * 1e17)::numeric(18) AS count, random() < 0.5 AS paid, md5(i::text) AS code,
        repeat(chr(32 + i % 5000), i % 30) AS words, 'x'::char(5) AS padded, 'n'::name AS name,
        jsonb_build_object('a', i, 'b', chr(34 + i % 60)) AS doc, json_build_array(i, NULL) AS list,
        decode(md5(i::text), 'hex') AS bytes, md5(i::text)::uuid AS key, i::oid AS number,
        date '0001-01-01' + (random() * 3652058)::int AS day, time '00:00' + random() * interval '1 day' AS hour,
        timestamp '0001-01-02' + random() * interval '9997 years' AS at,
        timestamptz '0001-01-02' + random() * interval '9997 years' AS moment
    FROM generate_series(1, 30000) AS i
"""


@pytest.mark.databases
def test_both_ways_give_the_same(pg: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    lakeside.read_sql(f"CREATE TEMP TABLE wide AS {_WIDE}", "pg")
    # Every seventh value of a column is missing. In a table, as CASE forgets how many places a decimal has.
    names = lakeside.read_sql("SELECT * FROM wide", "pg", limit=1).columns
    some = ", ".join(f'CASE WHEN id % 7 <> {at % 7} THEN "{name}" END' for at, name in enumerate(names))
    lakeside.read_sql(f"CREATE TEMP TABLE gaps (LIKE wide); INSERT INTO gaps SELECT {some} FROM wide", "pg")
    used: list[bool] = []

    def answers() -> list[pa.Table]:
        return [lakeside.read_sql(f"SELECT * FROM {t} ORDER BY code, small", "pg", engine="arrow") for t in _TABLES]

    def watched(fields: list[Field]) -> bool:
        used.append(is_binary(fields))
        return used[-1]

    monkeypatch.setattr("lakeside.sql.postgresql.is_binary", watched)
    binary = answers()
    monkeypatch.setattr("lakeside.sql.postgresql.is_binary", lambda _: False)
    assert used == [True, True]
    for ours, theirs in zip(binary, answers(), strict=True):
        assert ours.num_rows == 30_000
        assert ours.schema == theirs.schema
        assert [name for name in names if not ours.column(name).equals(theirs.column(name))] == []


@pytest.mark.databases
@pytest.mark.parametrize(
    "expression",
    [
        "unnest(ARRAY['infinity', '-infinity', '0044-03-15 BC', '4714-11-24 BC', '12345-06-07', NULL]::date[])",
        "unnest(ARRAY['infinity', '-infinity', '0001-12-31 23:59:59.5 BC', '294276-12-31', NULL]::timestamp[])",
        "unnest(ARRAY['infinity', '4714-11-24 00:00 BC', '20000-01-01 00:00:00.25']::timestamptz[])",
        "unnest(ARRAY['24:00', '00:00:00.1', NULL]::time[])",
        "unnest(ARRAY['NaN', 1.5, -0.25, 1000000, 0, NULL]::numeric(12,4)[])::numeric(12,4)",
    ],
)
def test_what_no_type_holds_is_written_the_same(pg: Server, monkeypatch: pytest.MonkeyPatch, expression: str) -> None:
    lakeside.read_sql("SET timezone TO 'UTC'", "pg")
    binary = lakeside.read_sql(f"SELECT {expression} AS v", "pg", engine="arrow")
    monkeypatch.setattr("lakeside.sql.postgresql.is_binary", lambda _: False)
    text = lakeside.read_sql(f"SELECT {expression} AS v", "pg", engine="arrow")
    assert binary.schema.field("v").type == pa.string()
    assert binary.column("v").to_pylist() == text.column("v").to_pylist()


@pytest.mark.databases
def test_rows_that_are_long_and_an_error_in_their_midst(pg: Server) -> None:
    table = lakeside.read_sql("SELECT repeat('长', 3000000) AS v FROM generate_series(1, 3)", "pg", engine="arrow")
    assert [len(text) for text in table.column("v").to_pylist()] == [3_000_000] * 3
    with pytest.raises(StatementError, match="division by zero"):
        lakeside.read_sql("SELECT 1 / (i - 500000) AS v FROM generate_series(1, 1000000) AS i", "pg")
    assert lakeside.read_sql("SELECT 1 AS a", "pg")["a"].tolist() == [1]
