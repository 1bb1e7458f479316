"""Makes the files that the tests of the source `files` read: python lake_files.py FOLDER."""

import datetime as dt
import decimal
import gzip
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

UTC = dt.UTC
D = decimal.Decimal


def types() -> pa.Table:
    """A column of each type: a value, null, and one at an edge."""
    second = dt.datetime(2013, 1, 1, 5, 0, 0, 123456)
    early = dt.datetime(1883, 11, 18, 12, 3, 58)
    rows = {
        "flag": pa.array([True, None, False]),
        "tiny": pa.array([1, None, -128], pa.int8()),
        "big": pa.array([1, None, 9223372036854775807], pa.int64()),
        "unsigned": pa.array([1, None, 18446744073709551615], pa.uint64()),
        "price": pa.array([D("12.30"), None, D("-0.05")], pa.decimal128(10, 2)),
        "huge": pa.array([D("1"), None, D("12345678901234567890123456789.123456789")], pa.decimal128(38, 9)),
        "real": pa.array([0.5, None, float("nan")]),
        "half": pa.array([0.5, None, float("inf")], pa.float32()),
        "name": pa.array(['O\'Hare "✈" 机场', None, ""]),
        "raw": pa.array([b"\x00\xff", None, bytes(range(64))], pa.binary()),
        "fixed": pa.array([b"abcd", None, b"\x00\x01\x02\x03"], pa.binary(4)),
        "day": pa.array([dt.date(2013, 1, 1), None, dt.date(1, 1, 1)]),
        "clock": pa.array([dt.time(23, 59, 59, 999999), None, dt.time(0)], pa.time64("us")),
        "at": pa.array([second, None, early], pa.timestamp("us")),
        "at_utc": pa.array([second.replace(tzinfo=UTC), None, early.replace(tzinfo=UTC)], pa.timestamp("us", "UTC")),
        "nanos": pa.array([1, None, -1], pa.timestamp("ns")),
        "list": pa.array([[1, None, 3], None, []], pa.list_(pa.int32())),
        "struct": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": None}]),
        "map": pa.array([[("k", D("1.50"))], None, []], pa.map_(pa.string(), pa.decimal128(5, 2))),
        "deep": pa.array([[{"at": second, "tags": ["a", "b"]}], None, [None]]),
        "void": pa.array([None, None, None], pa.null()),
    }
    return pa.table(rows)


def write(folder: Path) -> None:
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        parquet.write_table(types(), folder / f"types_{codec}.parquet", compression=codec)
    parts = folder / "parts"
    for year, month, extra in ((2012, 12, False), (2013, 1, False), (2013, 2, True), (2013, 10, True)):
        part = parts / f"year={year}" / f"month={month}"
        part.mkdir(parents=True)
        table = pa.table({"id": pa.array(range(month * 10), pa.int64())})
        if extra:
            table = table.append_column("extra", pa.array([f"m{month}"] * (month * 10)))
        parquet.write_table(table, part / "part-0.parquet", write_page_index=True)
    (parts / "_SUCCESS").write_text("")
    (parts / "year=2012" / "month=12" / "_metadata").write_text("no data")
    odd = folder / "odd" / "day=2013-01-01" / "place=a%2Fb c"
    odd.mkdir(parents=True)
    parquet.write_table(pa.table({"n": [1]}), odd / "0.parquet")
    null = folder / "odd" / "day=__HIVE_DEFAULT_PARTITION__" / "place=x"
    null.mkdir(parents=True)
    parquet.write_table(pa.table({"n": [2]}), null / "0.parquet")
    wide = pa.table({f"c{at}": ["x" * 1000] * 500 for at in range(20)})
    parquet.write_table(wide, folder / "wide.parquet")
    many = pa.table({"n": pa.array(range(100_000), pa.int64())})
    parquet.write_table(many, folder / "many.parquet", row_group_size=1000, write_page_index=True)
    write_csv(folder)
    write_iceberg(folder)
    write_deletes(folder / "_deletes")


def write_csv(folder: Path) -> None:
    text = (
        "code,zip,count,ratio,ok,day,at,note\r\n"
        'A,00501,1,0.5,true,2013-01-01,2013-01-01 05:00:00,"says ""hi"", twice"\r\n'
        'B,10001,,1e3,false,2013-02-28,2013-01-01T05:00:00Z,"two\nlines"\r\n'
        "C,99999,-3,.25,TRUE,,,机场\r\n"
    )
    (folder / "codes.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (folder / "packed.csv.gz").write_bytes(gzip.compress(("a;b\n" + "1;x\n" * 50_000).encode(), mtime=0))
    (folder / "empty.csv").write_text("")
    (folder / "late.csv").write_text("n\n" + "1\n" * 40_000 + "no number\n")
    shelf = folder / "shelf" / "inner"
    shelf.mkdir(parents=True)
    (shelf / "one.csv").write_text("a,a,\n1,2,3\n")
    (shelf / "two.csv").write_text("b\n2\n")
    (shelf / "two.parquet").write_bytes((folder / "wide.parquet").read_bytes())


def write_deletes(folder: Path) -> None:
    """Rows, and files that name some of them as deleted, as Iceberg keeps them. The folder is none of a table."""
    folder.mkdir()

    def numbered(name: str, kind: pa.DataType, number: int) -> pa.Field:
        return pa.field(name, kind, metadata={b"PARQUET:field_id": str(number).encode()})

    number, name = numbered("id", pa.int64(), 1), numbered("name", pa.string(), 2)
    rows = [{"id": at, "name": f"n{at}"} for at in range(6)]
    parquet.write_table(pa.Table.from_pylist(rows, pa.schema([number, name])), folder / "data.parquet")
    places = pa.table({"file_path": ["data.parquet", "data.parquet", "other.parquet"], "pos": pa.array([0, 3, 1])})
    parquet.write_table(places, folder / "places.parquet")
    values = pa.Table.from_pylist([{"id": 2}], pa.schema([number]))
    parquet.write_table(values, folder / "values.parquet")


def write_iceberg(folder: Path) -> None:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.transforms import IdentityTransform
    from pyiceberg.types import DecimalType, IntegerType, NestedField, StringType, StructType, TimestamptzType

    catalog = SqlCatalog("lake", uri="sqlite:///:memory:", warehouse=folder.as_uri())
    catalog.create_namespace("lake")
    schema = Schema(
        NestedField(1, "id", IntegerType(), required=True, doc="A number"),
        NestedField(2, "old_name", StringType()),
        NestedField(3, "price", DecimalType(20, 4)),
        NestedField(4, "at", TimestamptzType()),
        NestedField(5, "inner", StructType(NestedField(6, "x", IntegerType(), doc="Inside"))),
        identifier_field_ids=[1],
    )
    table = catalog.create_table(
        "lake.sales",
        schema,
        location=(folder / "sales").as_uri(),
        partition_spec=PartitionSpec(PartitionField(1, 1000, IdentityTransform(), "id")),
        properties={"comment": "What was sold", "owner": "ana"},
    )
    arrow = schema.as_arrow()

    def rows(first: int) -> pa.Table:
        at = dt.datetime(2013, 1, 1, 5, 0, 0, 123456, UTC)
        return pa.Table.from_pylist(
            [
                {"id": n, "old_name": f"n{n}", "price": D("1234567890123456.7890"), "at": at, "inner": {"x": n}}
                for n in range(first, first + 2)
            ],
            arrow,
        )

    table.append(rows(1))
    table.append(rows(3))
    with table.update_schema() as update:
        update.rename_column("old_name", "name")
        update.add_column("added", StringType())
    catalog.create_table("lake.nothing", schema, location=(folder / "nothing").as_uri())
    catalog.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
