"""Asks one session of `%%sql` over a bucket again and again, at each line of input; answers are lines of JSON."""

import json
import sys

import duckdb  # noqa: F401 - before the first question, which keys outlive by seconds
import pyarrow.dataset  # noqa: F401

from lakeside.sources import Source, SourceError
from lakeside.sql.sessions import run_all
from lakeside.sql.statement import prepare

endpoint, bucket = sys.argv[1:]
source = Source(
    "seen",
    "files",
    {"bucket": {"bucket": bucket, "endpoint": endpoint, "credentials": {"profile": "dev"}}},
    "sources.seen in the test",
)
statements = prepare("SELECT key FROM seen", source.dialect, lambda name: name, "")
print(json.dumps({}), flush=True)
for _ in sys.stdin:
    try:
        table = run_all(source, statements, None).table
        said = {"keys": [] if table is None else table.column("key").to_pylist()}
    except SourceError as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said), flush=True)
