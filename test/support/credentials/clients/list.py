"""Lists a bucket with one and the same client, each time it reads a line; what it says is one line of JSON."""

import json
import sys

from pyarrow import fs

endpoint, bucket = sys.argv[1:]
client = fs.S3FileSystem(endpoint_override=endpoint, region="us-east-1", scheme="http")
print("{}", flush=True)
for _ in sys.stdin:
    try:
        found = client.get_file_info(fs.FileSelector(bucket))
        answer = {"keys": [info.base_name for info in found]}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
