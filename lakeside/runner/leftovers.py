"""Ends what a run left behind whose runner was killed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .household import MARK
from .processes import Process, all_processes, family, kill, lives, marked_by, process

_PATIENCE = 5.0


def end_leftovers(folder: Path) -> list[int]:
    """Kills what the kernels named in a run's ``events.ndjson`` started and what still lives; gives the pids.

    A process counts as a run's if it carries the mark of its kernel, or is the kernel itself by its start time.
    """
    kernels = list(_kernels(folder / "events.ndjson"))
    return _end_all(lambda: _left(kernels))


def end_strays() -> list[int]:
    """Kills what kernels of runners started that are gone, whatever became of their runs; gives the pids."""
    return _end_all(_strays)


def _end_all(find: Callable[[], list[Process]]) -> list[int]:
    ended: set[int] = set()
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and (found := find()):
        kill(found)
        ended |= {one.pid for one in found}
        time.sleep(0.02)
    return sorted(ended)


def _strays() -> list[Process]:
    table = all_processes()
    marks = {pid: marked_by(pid, MARK) for pid in table if pid != os.getpid()}
    roots = [pid for pid, mark in marks.items() if mark and not lives(mark.rpartition("-")[0])]
    found = {one.pid: one for pid in roots for one in family(pid, table) if one.state != "Z"}
    found.pop(os.getpid(), None)
    return list(found.values())


def _kernels(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            # The last line of a killed runner may be half a line.
            continue
        if isinstance(event, dict) and event.get("event") == "kernel" and isinstance(event.get("mark"), str):
            found.append(event)
    return found


def _left(kernels: list[dict[str, Any]]) -> list[Process]:
    table = all_processes()
    marks = {event["mark"] for event in kernels}
    roots = []
    for event in kernels:
        known = process(int(event["pid"]))
        if known and known.started == event["startTime"]:
            roots.append(known.pid)
    if marks:
        roots += [pid for pid in table if pid != os.getpid() and marked_by(pid, MARK) in marks]
    found = {one.pid: one for pid in roots for one in family(pid, table) if one.state != "Z"}
    found.pop(os.getpid(), None)
    return list(found.values())
