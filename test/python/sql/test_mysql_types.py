"""Every type of MariaDB, value by value against the rows of the driver."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from sql_servers import Server

import lakeside

pytestmark = pytest.mark.databases

_TYPES: list[tuple[str, list[str], pa.DataType]] = [
    ("TINYINT", ["-128", "127", "NULL"], pa.int8()),
    ("TINYINT UNSIGNED", ["0", "255"], pa.uint8()),
    ("SMALLINT", ["-32768", "32767"], pa.int16()),
    ("MEDIUMINT UNSIGNED", ["16777215"], pa.uint32()),
    ("INT", ["-2147483648", "2147483647", "NULL"], pa.int32()),
    ("BIGINT", ["-9223372036854775808", "9223372036854775807"], pa.int64()),
    ("BIGINT UNSIGNED", ["18446744073709551615", "0", "NULL"], pa.uint64()),
    ("DOUBLE", ["0.1", "1e308", "-5e-324", "NULL"], pa.float64()),
    ("FLOAT", ["0.1", "NULL"], pa.float64()),
    ("DECIMAL(10,2)", ["1.10", "-0.01", "NULL"], pa.decimal128(10, 2)),
    ("DECIMAL(10,2) UNSIGNED", ["99999999.99"], pa.decimal128(10, 2)),
    ("DECIMAL(65,30)", ["12345678901234567890123456789012345.123456789012345678901234567890"], pa.decimal256(65, 30)),
    ("DATE", ["'2013-01-31'", "'1000-01-01'", "'9999-12-31'", "NULL"], pa.date32()),
    ("DATETIME(6)", ["'2013-01-31 05:06:07.123456'", "'1000-01-01 00:00:00'", "NULL"], pa.timestamp("us")),
    ("TIMESTAMP NULL", ["'2013-01-31 05:06:07'", "NULL"], pa.timestamp("us")),
    ("TIME(6)", ["'-838:59:59'", "'838:59:59.000000'", "'00:00:00.25'", "'-00:00:01.5'", "NULL"], pa.duration("us")),
    ("YEAR", ["2013", "NULL"], pa.int16()),
    ("VARCHAR(250)", ["''", "'NULL'", "'订单 😀'", "'a\\nb\\\\'", "REPEAT('x', 250)", "NULL"], pa.string()),
    ("TEXT", ["REPEAT('ä', 30000)", "REPEAT('x', 251)", "''", "NULL"], pa.string()),
    ("LONGTEXT", ["REPEAT('y', 9000000)", "'short'", "REPEAT('z', 70000)"], pa.string()),
    ("CHAR(4)", ["'ab'"], pa.string()),
    ("ENUM('a','b')", ["'b'", "NULL"], pa.string()),
    ("SET('a','b')", ["'a,b'", "''"], pa.string()),
    ("JSON", ["'{\"a\": [1, null]}'", "NULL"], pa.string()),
    ("VARBINARY(20)", ["X'00FF'", "''", "NULL"], pa.binary()),
    ("BLOB", ["REPEAT(X'FE', 300)"], pa.binary()),
    ("LONGBLOB", ["REPEAT(X'FB', 70000)", "REPEAT(X'FF', 251)", "X'00'"], pa.binary()),
]


def driver_rows(query: str) -> list[Any]:
    with lakeside.get_connection("my") as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(("kind", "values", "expected"), _TYPES, ids=[kind for kind, _, _ in _TYPES])
def test_values_are_those_of_the_driver(my: Server, kind: str, values: list[str], expected: pa.DataType) -> None:
    lakeside.read_sql(
        f"CREATE OR REPLACE TABLE t (i INT AUTO_INCREMENT PRIMARY KEY, v {kind});"
        + "".join(f"INSERT INTO t (v) VALUES ({value});" for value in values),
        "my",
    )
    query = "SELECT v FROM t ORDER BY i"
    table = lakeside.read_sql(query, "my", engine="arrow")
    assert table.schema.field("v").type == expected
    ours = table.column("v").to_pylist()
    assert len(ours) == len(values)
    assert ours == driver_rows(query)


def test_bits_are_whole_numbers(my: Server) -> None:
    query = "SELECT v FROM (SELECT b'1' + 0 AS i, CAST(b'101' AS BINARY) AS v) t"
    assert driver_rows(query) == [b"\x05"]
    lakeside.read_sql("CREATE OR REPLACE TABLE bits (v BIT(10)); INSERT INTO bits VALUES (b'1000000001'), (NULL)", "my")
    table = lakeside.read_sql("SELECT v FROM bits", "my", engine="arrow")
    assert table.column("v").to_pylist() == [513, None]
    assert [value and int.from_bytes(value, "big") for value in driver_rows("SELECT v FROM bits")] == [513, None]


@pytest.mark.parametrize("kind", ["DATE", "DATETIME"])
def test_dates_that_are_none_are_missing(my: Server, kind: str) -> None:
    lakeside.read_sql(
        "SET sql_mode = 'ALLOW_INVALID_DATES';"
        f"CREATE OR REPLACE TABLE zero (i INT, v {kind});"
        "INSERT INTO zero VALUES (1, '0000-00-00'), (2, '2013-00-00'), (3, '2013-01-31'), (4, NULL)",
        "my",
    )
    query = "SELECT v FROM zero ORDER BY i"
    ours = lakeside.read_sql(query, "my", engine="arrow").column("v").to_pylist()
    theirs = driver_rows(query)
    assert [str(value)[:10] for value in theirs] == ["0000-00-00", "2013-00-00", "2013-01-31", "None"]
    assert ours == [None, None, theirs[2], None]


def test_unsigned_with_null_in_pandas(my: Server) -> None:
    lakeside.read_sql("CREATE OR REPLACE TABLE u (v BIGINT UNSIGNED)", "my")
    lakeside.read_sql("INSERT INTO u VALUES (18446744073709551615), (NULL)", "my")
    frame = lakeside.read_sql("SELECT v FROM u", "my")
    assert str(frame["v"].dtype) == "UInt64"
    assert frame["v"][0] == 18446744073709551615
    assert frame["v"].isna().tolist() == [False, True]


def test_sums_and_means(my: Server) -> None:
    table = lakeside.read_sql("SELECT SUM(seq) AS s, AVG(seq) AS a FROM seq_1_to_10", "my", engine="arrow")
    assert [str(value) for row in table.to_pylist() for value in row.values()] == ["55", "5.5000"]


def test_many_rows_of_all_lengths(my: Server) -> None:
    query = (
        "SELECT seq AS i, IF(seq % 7 = 0, NULL, REPEAT('ab', seq % 400)) AS t, "
        "IF(seq % 11 = 0, NULL, seq / 3) AS d FROM seq_1_to_50000"
    )
    table = lakeside.read_sql(query, "my", engine="arrow")
    with lakeside.get_connection("my") as connection, connection.cursor() as cursor:
        cursor.execute(query)
        assert [tuple(row.values()) for row in table.to_pylist()] == list(cursor.fetchall())


def test_an_error_in_the_middle_of_the_rows(my: Server) -> None:
    with pytest.raises(lakeside.sources.SourceError, match="more than 1 row"):
        lakeside.read_sql("SELECT seq, (SELECT seq FROM seq_1_to_2 WHERE s.seq > 3) FROM seq_1_to_9 AS s", "my")
    assert lakeside.read_sql("SELECT 1 AS a", "my")["a"].tolist() == [1]


def test_a_limit_reads_no_more(my: Server) -> None:
    assert len(lakeside.read_sql("SELECT * FROM seq_1_to_1000000", "my", limit=5)) == 5
    assert len(lakeside.read_sql("SELECT * FROM seq_1_to_1000000 LIMIT 900000", "my", limit=5)) == 5
    assert len(lakeside.read_sql("SELECT * FROM seq_1_to_9", "my")) == 9


def test_what_a_session_holds_stays(my: Server) -> None:
    lakeside.read_sql("SET @x = 42; CREATE TEMPORARY TABLE own SELECT 7 AS a", "my")
    assert lakeside.read_sql("SELECT @x + a AS v FROM own", "my")["v"].tolist() == [49]
