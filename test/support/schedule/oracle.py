"""When cron expressions are due, by brute force over zoneinfo: every minute of the clocks is looked at.

Reads one JSON value a line: {"zone", "from", "to", "crons"} with seconds since 1970. Writes one line for each:
{"offsets": [...], "due": [[...], ...]}: the zone's offset in seconds at each hour of the window and a day around it,
and for each expression the seconds at which it is due after `from` and up to `to`.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def values(field: str, least: int, most: int) -> set[int]:
    """The numbers that a field of numbers, ranges, steps and lists stands for."""
    found: set[int] = set()
    for part in field.split(","):
        reach, _, step = part.partition("/")
        if reach == "*":
            low, high = least, most
        elif "-" in reach:
            low, high = (int(end) for end in reach.split("-"))
        else:
            low = high = int(reach)
        found |= {number for number in range(low, high + 1) if (number - low) % int(step or 1) == 0}
    return found


def is_due_day(cron: list[set[int]], stars: tuple[bool, bool], day: datetime) -> bool:
    if day.month not in cron[3]:
        return False
    on_day = day.day in cron[2]
    on_weekday = day.isoweekday() % 7 in cron[4]
    if stars[0] or stars[1]:
        return on_day and on_weekday
    return on_day or on_weekday


def moments(zone: ZoneInfo, start: datetime, end: datetime) -> dict[datetime, list[int]]:
    """The instant of each minute that the clocks show or skip, by day, for the days of the window."""
    clock = start.astimezone(zone).replace(tzinfo=None, hour=0, minute=0)
    last = end.astimezone(zone).replace(tzinfo=None)
    found: dict[datetime, list[int]] = {}
    skipped: datetime | None = None
    while clock <= last or clock.hour or clock.minute:
        instant = clock.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) != clock:
            # The clocks never show it: the first minute at which they show a later one.
            instant = skipped or instant - DAY
            while instant.astimezone(zone).replace(tzinfo=None) <= clock:
                instant += MINUTE
            skipped = instant
        found.setdefault(clock.replace(hour=0, minute=0), []).append(seconds(instant))
        clock += MINUTE
    return found


def answer(given: dict) -> dict:
    zone = ZoneInfo(given["zone"])
    start = datetime.fromtimestamp(given["from"], UTC)
    end = datetime.fromtimestamp(given["to"], UTC)
    table = moments(zone, start, end)
    due = []
    for text in given["crons"]:
        fields = text.split()
        cron = [
            values(field, *ends)
            for field, ends in zip(fields, [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)], strict=True)
        ]
        stars = (fields[2] == "*", fields[4] == "*")
        days = [day for day in table if is_due_day(cron, stars, day)]
        hits = {table[day][hour * 60 + minute] for day in days for hour in cron[1] for minute in cron[0]}
        due.append(sorted(hit for hit in hits if given["from"] < hit <= given["to"]))
    offsets = []
    probe = start - DAY
    while probe <= end + DAY:
        offset = probe.astimezone(zone).utcoffset()
        offsets.append(int(offset.total_seconds()) if offset else 0)
        probe += timedelta(hours=1)
    return {"offsets": offsets, "due": due}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
