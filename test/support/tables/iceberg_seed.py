"""Makes tables of an Iceberg REST catalogue; reads uri, properties, namespaces, tables."""

import json
import sys

import pyarrow as pa
from pyiceberg.catalog import load_catalog

given = json.load(sys.stdin)
catalog = load_catalog("suite", type="rest", uri=given["uri"], **given.get("properties", {}))


def table_of(name: str, kind: str) -> pa.Table:
    if kind == "wide":
        return pa.table({"id": pa.array(range(40), pa.int32()), "text": ["é" * 60_000] * 40})
    if kind == "columns":
        columns = {f"a_column_with_a_long_name_{at}": pa.array([at] * 3, pa.int32()) for at in range(800)}
        return pa.table({"id": pa.array([1, 2, 3], pa.int32()), **columns})
    return pa.table({"id": pa.array([1, 2, 3], pa.int32()), name: ["one", "two", None]})


refused = []
for each in given.get("namespaces", []):
    catalog.create_namespace(tuple(each))
for each in given.get("drop", []):
    catalog.drop_table((*each["namespace"], each["name"]))
for at, each in enumerate(given.get("tables", [])):
    rows = table_of(each["name"], each.get("kind", "plain"))
    location = f"{given['location']}/t{at}-{given.get('round', 0)}" if "location" in given else None
    try:
        table = catalog.create_table((*each["namespace"], each["name"]), rows.schema, location=location)
        table.append(rows)
        for _ in range(each.get("more", 0)):
            table.append(rows)
    except Exception as error:  # the test says which may fail
        refused.append([each["name"], str(error)[:200]])
json.dump(refused, sys.stdout)
