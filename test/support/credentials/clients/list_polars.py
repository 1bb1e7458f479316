"""Reads a bucket with one and the same lazy frame of polars, each time it reads a line; it says one line of JSON."""

import json
import sys

import polars

endpoint, bucket, *rest = sys.argv[1:]
frame = polars.scan_parquet(
    f"s3://{bucket}/flights",
    # Without a provider in Python, it asks the endpoint with its own code, as where boto3 is not installed.
    credential_provider=None if "native" in rest else "auto",
    storage_options={"endpoint_url": endpoint, "region": "us-east-1", "allow_http": "true"},
)
print("{}", flush=True)
for _ in sys.stdin:
    try:
        answer = {"keys": frame.collect()["key"].to_list()}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
