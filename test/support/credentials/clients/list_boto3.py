"""Lists a bucket with one and the same client of boto3, each time it reads a line; what it says is a line of JSON."""

import json
import sys

import boto3
from botocore.config import Config

endpoint, bucket = sys.argv[1:]
client = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="us-east-1",
    config=Config(s3={"addressing_style": "path"}),
)
print("{}", flush=True)
for _ in sys.stdin:
    try:
        found = client.list_objects_v2(Bucket=bucket)
        answer = {"keys": [each["Key"] for each in found.get("Contents", [])]}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
