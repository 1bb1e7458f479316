"""Makes tables of files in the folder that is named; reads tables, wide. Every third is a folder with one part."""

import json
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

given = json.load(sys.stdin)
folder = Path(sys.argv[1])
for at, name in enumerate(given.get("tables", [])):
    rows = pa.table({"id": pa.array([1, 2, 3], pa.int32()), name: ["one", "two", None]})
    target = folder / f"{name}.parquet"
    # A folder called a=b is a partition, and one with an ending is told apart by it.
    if at % 3 == 2 and "=" not in name and "." not in name:
        (folder / name).mkdir()
        target = folder / name / "part-0.parquet"
    parquet.write_table(rows, target)
if given.get("wide"):
    parquet.write_table(
        pa.table({"id": pa.array(range(40), pa.int32()), "text": ["é" * 60_000] * 40}), folder / "wide rows.parquet"
    )
