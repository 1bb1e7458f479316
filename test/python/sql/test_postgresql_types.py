"""Every type of PostgreSQL, value by value against the rows of the driver."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sql_servers import Server

import lakeside

pytestmark = pytest.mark.databases

#: What is asked for, and the type it has in Arrow.
_TYPES: list[tuple[str, pa.DataType]] = [
    ("unnest(ARRAY[true, false, NULL])", pa.bool_()),
    ("unnest(ARRAY[-32768, 32767, NULL]::int2[])", pa.int16()),
    ("unnest(ARRAY[-2147483648, 2147483647, NULL]::int4[])", pa.int32()),
    ("unnest(ARRAY[-9223372036854775808, 9223372036854775807, NULL]::int8[])", pa.int64()),
    ("unnest(ARRAY[0.1, 'NaN', 'Infinity', '-Infinity', NULL]::float4[])", pa.float64()),
    ("unnest(ARRAY[0.1, 1e308, 5e-324, 'NaN', 'Infinity', '-Infinity', NULL]::float8[])", pa.float64()),
    ("unnest(ARRAY[1.10, -0.01, NULL]::numeric(10,2)[])::numeric(10,2)", pa.decimal128(10, 2)),
    ("unnest(ARRAY[1.1, -0.0001, 12345678901234567890, NULL]::numeric[])", pa.decimal128(38, 4)),
    ("unnest(ARRAY[1e40, 1.5]::numeric[])", pa.decimal256(76, 1)),
    ("unnest(ARRAY['', 'NULL', '\\N', 'a,b', 'q\"q', E'two\\nlines', E'\\r\\n', '订单 😀', NULL])", pa.string()),
    ("unnest(ARRAY['a', 'b']::char(4)[])", pa.string()),
    ("unnest(ARRAY['\\x00ff', '', NULL]::bytea[])", pa.binary()),
    ("unnest(ARRAY['2013-01-31', '0001-01-01', '9999-12-31', NULL]::date[])", pa.date32()),
    ("unnest(ARRAY['2013-01-31 05:06:07.123456', '1969-12-31 23:59:59', NULL]::timestamp[])", pa.timestamp("us")),
    (
        "unnest(ARRAY['2013-07-31 05:06:07.5+02', '2013-01-31 23:00:00-11:30', NULL]::timestamptz[])",
        pa.timestamp("us", tz="UTC"),
    ),
    ("unnest(ARRAY['00:00', '23:59:59.999999', NULL]::time[])", pa.time64("us")),
    (
        "unnest(ARRAY['1 day 02:03:04.5', '-1 day', '-00:00:00.25', '0', '3 days -04:00', NULL]::interval[])",
        pa.duration("us"),
    ),
    ("unnest(ARRAY[ROW(1, 'x'), NULL])::text", pa.string()),
    ("unnest(ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', NULL]::uuid[])::text", pa.string()),
    ("ARRAY[1, NULL, 3]", pa.list_(pa.int32())),
    ("ARRAY['a,b', '\"', NULL, 'NULL', '{}']", pa.list_(pa.string())),
    ("ARRAY[true, false]", pa.list_(pa.bool_())),
    ("ARRAY['2013-01-31 05:06:07']::timestamp[]", pa.list_(pa.timestamp("us"))),
    ("'{}'::int[]", pa.list_(pa.int32())),
]


def driver_rows(query: str) -> list[Any]:
    with lakeside.get_connection("pg") as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and ours != ours:
        return isinstance(theirs, float) and theirs != theirs
    return bool(ours == theirs) and (ours is None) == (theirs is None)


@pytest.mark.parametrize(("expression", "kind"), _TYPES)
@pytest.mark.parametrize("limit", [None, 50], ids=["by COPY", "by a cursor"])
def test_values_are_those_of_the_driver(pg: Server, expression: str, kind: pa.DataType, limit: int | None) -> None:
    query = f"SELECT {expression} AS v"
    table = lakeside.read_sql(query, "pg", engine="arrow", limit=limit)
    assert table.schema.field("v").type == kind
    ours, theirs = table.column("v").to_pylist(), driver_rows(query)
    assert len(ours) == len(theirs)
    assert [pair for pair in zip(ours, theirs, strict=True) if not same(*pair)] == []


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("unnest(ARRAY['{\"a\": [1, null]}', 'null', '\"x\"', NULL]::jsonb[])", json.loads),
        ("unnest(ARRAY['{\"a\":1}', NULL]::json[])", json.loads),
        ("unnest(ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', NULL]::uuid[])", str),
    ],
)
def test_json_and_uuid_are_texts(pg: Server, expression: str, read: Callable[[Any], Any]) -> None:
    query = f"SELECT {expression} AS v"
    table = lakeside.read_sql(query, "pg", engine="arrow")
    assert table.schema.field("v").type == pa.string()
    theirs = [str(value) if read is str and value is not None else value for value in driver_rows(query)]
    assert [None if text is None else read(text) for text in table.column("v").to_pylist()] == theirs


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("unnest(ARRAY['2013-01-01', 'infinity', NULL]::timestamp[])", ["2013-01-01 00:00:00", "infinity", None]),
        ("unnest(ARRAY['0044-03-15 BC', '2013-01-01']::date[])", ["0044-03-15 BC", "2013-01-01"]),
        ("unnest(ARRAY[1.5, 'NaN']::numeric[])", ["1.5", "NaN"]),
        ("unnest(ARRAY['1 mon 2 days', '1 day']::interval[])", ["P1M2D", "P1D"]),
    ],
)
def test_what_no_type_holds_comes_as_text(pg: Server, expression: str, texts: list[str | None]) -> None:
    table = lakeside.read_sql(f"SELECT {expression} AS v", "pg", engine="arrow")
    assert table.schema.field("v").type == pa.string()
    assert table.column("v").to_pylist() == texts


def test_a_value_that_fits_no_type_far_down_changes_the_whole_column(pg: Server) -> None:
    query = (
        "SELECT CASE WHEN i = 700000 THEN 'infinity'::timestamp ELSE '2013-01-01'::timestamp + i * '1 s'::interval END"
        " AS t, i, i % 2 = 0 AS even, repeat('x', 10) AS pad FROM generate_series(1, 800000) AS i"
    )
    table = lakeside.read_sql(query, "pg", engine="arrow")
    assert table.num_rows == 800_000
    texts = table.column("t")
    assert [texts[at].as_py()[:19] for at in (0, 699_999, 799_999)] == [
        *("2013-01-01 00:00:01", "infinity", "2013-01-10 06:13:20")
    ]
    assert table.schema.types[1:] == [pa.int32(), pa.bool_(), pa.string()]
    assert sum(table.column("i").to_pylist()) == 800_000 * 800_001 // 2


def test_pandas_keeps_whole_numbers_whole(pg: Server) -> None:
    query = "SELECT * FROM (VALUES (1, 1.5::float8, true, 'x', 2.50::numeric(5,2)), (NULL, NULL, NULL, NULL, NULL)) t"
    frame = lakeside.read_sql(query, "pg")
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "float64", "boolean", "str", "decimal128(38, 2)[pyarrow]"]
    assert frame.iloc[0].tolist() == [1, 1.5, True, "x", Decimal("2.50")]
    assert frame.iloc[1].isna().all()


def test_pandas_tells_null_from_nan(pg: Server) -> None:
    frame = lakeside.read_sql("SELECT unnest(ARRAY[1.5, 'NaN', NULL]::float8[]) AS v", "pg")
    assert frame["v"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("engine", ["pandas", "arrow", "polars"])
def test_no_rows_still_have_types(pg: Server, engine: str) -> None:
    frame = lakeside.read_sql("SELECT 1 AS a, 'x'::text AS b WHERE false", "pg", engine=engine)
    assert len(frame) == 0
    assert list(frame.column_names if engine == "arrow" else frame.columns) == ["a", "b"]


def test_columns_of_one_name_get_numbers(pg: Server) -> None:
    assert list(lakeside.read_sql('SELECT 1 AS a, 2 AS a, 3 AS "a_1", 4 AS a', "pg").columns) == [
        *("a", "a_2", "a_1", "a_3")
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SHOW datestyle",
        "EXPLAIN SELECT 1",
        "WITH x AS (SELECT 1) SELECT * FROM x -- the end",
        "(SELECT 1) UNION (SELECT 2);",
        "VALUES (1), (2)",
        "TABLE pg_am",
        "SELECT 1 /* a ; b /* nested */ */ ; -- c ;",
    ],
)
def test_statements_that_give_rows(pg: Server, query: str) -> None:
    assert len(lakeside.read_sql(query, "pg")) >= 1


def test_statements_that_change_rows(pg: Server) -> None:
    lakeside.read_sql("CREATE TEMP TABLE changed (a int); INSERT INTO changed VALUES (1), (2)", "pg")
    assert lakeside.read_sql("INSERT INTO changed VALUES (3) RETURNING a, a * 2 AS b", "pg")["b"].tolist() == [6]
    assert lakeside.read_sql("DELETE FROM changed", "pg") is None
    assert lakeside.read_sql("SELECT count(*) AS n FROM changed", "pg")["n"].tolist() == [0]
