"""Prints, for each line of times on standard input, every macro with what the runner fills in."""

import json
import sys
from datetime import UTC, datetime

from lakeside.runner.macros import macro_values
from lakeside.runner.moments import Interval

for line in sys.stdin:
    given = json.loads(line)
    times = Interval.of(
        zone=given["zone"], due=given["due"], start=given["start"], end=given["due"], now=datetime.now(UTC)
    )
    print(json.dumps(macro_values(times, given["names"])))
