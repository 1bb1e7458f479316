"""Schedules that fall due in the same minute: how late they are noticed, and how long all of them take."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from identifiers import made_at
from scheduleapis import JupyterScheduler, Lakeside

MINUTE = 60
#: Seconds between the last preparation and a due time, at least.
QUIET = 3.0
#: Seconds that making a schedule may take, at most.
MAKING = 0.03
#: Seconds between two looks at how far many runs are.
LOOK = 2.0
#: Runs on a page.
PAGE = 500
#: Seconds in which jupyter-scheduler looks once whether something is due.
PEER_LOOKS = 10.0


@dataclass(frozen=True)
class Due:
    """What became of schedules that were due at the same time.

    :param recorded: seconds from the due time until a run's record was made, one by one
    :param ended: seconds from the due time to the end of each run, in order
    :param astray: schedules that have no run of this time, or more than one
    :param first_cells: seconds from the due time until each run's first cell ran, in order
    """

    recorded: list[float]
    ended: list[float]
    astray: int
    first_cells: list[float]


def late(values: Sequence[float]) -> float:
    """The 95th percentile: 95 in a hundred are not above it."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def next_minute(least: float) -> int:
    """The first whole minute that is so many seconds away, in seconds since 1970."""
    return math.ceil((time.time() + least) / MINUTE) * MINUTE


def sleep_until(moment: float) -> None:
    """:param moment: in seconds since 1970"""
    time.sleep(max(0.0, moment - time.time()))


def due_at_once(ours: Lakeside, root: Path, count: int) -> Due:
    """Makes schedules of an empty notebook that are due at the next minute, and waits for the end of their runs."""
    minute = next_minute(QUIET + count * MAKING)
    when = datetime.fromtimestamp(minute, UTC)
    cron = f"{when.minute} {when.hour} {when.day} {when.month} *"
    made = {ours.schedule(f"Due with others {number}", "empty.ipynb", cron) for number in range(count)}
    assert time.time() < minute - QUIET / 2, "the schedules were made too late"
    sleep_until(minute + LOOK)
    while any(ours.runs(state=state, limit=1)["runs"] for state in ("RUNNING", "QUEUED")):
        time.sleep(LOOK)
    runs = _runs_since(ours, minute, made)
    assert all(run["state"] == "SUCCEEDED" for run in runs), Counter(run["state"] for run in runs)
    each = Counter(run["scheduleId"] for run in runs)
    return Due(
        recorded=[made_at(run["id"]) - minute for run in runs],
        ended=sorted(_seconds(run["endedAt"]) - minute for run in runs),
        astray=sum(each[schedule] != 1 for schedule in made),
        first_cells=sorted(_first_cell(root, run) - minute for run in runs),
    )


def peer_lateness(peers: Sequence[JupyterScheduler], each: int) -> list[float]:
    """Seconds from a due time until a job's record was made, for so many definitions on each of some servers."""
    defined = [(peer, peer.define("empty.ipynb", "* * * * *")) for peer in peers for _ in range(each)]
    minute = next_minute(QUIET)
    sleep_until(minute + PEER_LOOKS + QUIET)
    late = [job["create_time"] / 1000 - minute for peer, made in defined for job in peer.jobs_of(made)]
    # Where they were defined just before a minute began, they were due then, too.
    found = [seconds for seconds in late if seconds > -30]
    for peer, made in defined:
        peer.forget(made)
    assert len(found) == len(defined), f"{len(found)} jobs of {len(defined)} definitions"
    return found


def _runs_since(ours: Lakeside, minute: int, schedules: set[str]) -> list[dict[str, Any]]:
    """The runs of some schedules that were made since a time."""
    found: list[dict[str, Any]] = []
    page = ours.runs(limit=PAGE)
    while True:
        found += (run for run in page["runs"] if run["scheduleId"] in schedules)
        if "next" not in page or made_at(page["next"]) < minute:
            return found
        page = ours.runs(limit=PAGE, after=page["next"])


def _first_cell(root: Path, run: dict[str, Any]) -> float:
    with (root / run["attempts"][0]["output"] / "events.ndjson").open() as lines:
        return _seconds(next(told["at"] for told in map(json.loads, lines) if told["event"] == "cell"))


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
