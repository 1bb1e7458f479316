"""Makes files that tables of a Hive metastore are told of, in the folder that is named; reads prefix, column, more."""

import json
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

given = json.load(sys.stdin)
folder = Path(sys.argv[1])
for at, column in enumerate(given["column"]):
    target = folder / given["prefix"] / str(at)
    target.mkdir(parents=True)
    rows = pa.table({"id": pa.array([1, 2, 3], pa.int32()), column: ["one", "two", None]})
    # As Hive names them: no ending.
    parquet.write_table(rows, target / "000000_0")
if given.get("more"):
    wide = folder / "wide"
    wide.mkdir()
    parquet.write_table(
        pa.table({"id": pa.array(range(40), pa.int32()), "text": ["é" * 60_000] * 40}), wide / "000000_0"
    )
    for year, month in ((2012, 12), (2013, 1), (2013, 2)):
        part = folder / "parts" / f"year={year}" / f"month={month}"
        part.mkdir(parents=True)
        parquet.write_table(pa.table({"n": pa.array(range(month), pa.int64())}), part / "000000_0")
    text = folder / "text"
    text.mkdir()
    (text / "000000_0").write_bytes(b"1\x01one\n2\x01\\N\n")
    head = folder / "head"
    head.mkdir()
    (head / "data.csv").write_text('id,note\n1,"a, b"\n')
