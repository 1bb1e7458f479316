"""Processes: whose children they are, how much memory they hold, and how to end every one of them.

On Linux all of it works. Elsewhere only process groups are ended and no memory is watched.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None
_PARENT_DEATH_SIGNAL = 1
_CHILD_SUBREAPER = 36
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Process:
    """One process.

    :param started: in clock ticks since the machine's start, as in ``/proc/<pid>/stat``: with the pid it names one
        process for ever
    :param memory: resident bytes
    """

    pid: int
    parent: int
    group: int
    started: int
    memory: int
    state: str


def process(pid: int) -> Process | None:
    """What is known of a process; None where there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name in brackets may hold anything, brackets too.
    rest = text[text.rindex(b")") + 2 :].split()
    return Process(pid, int(rest[1]), int(rest[2]), int(rest[19]), int(rest[21]) * _PAGE, rest[0].decode())


def all_processes() -> dict[int, Process]:
    """Every process, by its pid; nothing where that cannot be told."""
    if not _LINUX:
        return {}
    found = (process(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return {one.pid: one for one in found if one is not None}


def family(pid: int, table: dict[int, Process]) -> list[Process]:
    """A process and all that descend from it."""
    children: dict[int, list[Process]] = {}
    for one in table.values():
        children.setdefault(one.parent, []).append(one)
    found = [table[pid]] if pid in table else []
    for one in found:
        found.extend(children.get(one.pid, []))
    return found


def adopt_orphans() -> bool:
    """Makes this process the parent of what its descendants leave behind; whether that worked."""
    return _LIBC is not None and _LIBC.prctl(_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def in_kernel_process() -> None:
    """Runs in a kernel's process before its program: it goes down with its runner, and keeps what its cells detach."""
    if _LIBC is not None:
        _LIBC.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        _LIBC.prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def name_of_this() -> str:
    """A name of this process that no other one ever has on this machine since its start."""
    known = process(os.getpid())
    return f"{os.getpid()}-{known.started if known else 0}"


def lives(name: str) -> bool:
    """Whether the process of such a name still runs."""
    pid, _, started = name.partition("-")
    known = process(int(pid)) if pid.isdigit() else None
    return known is not None and known.state != "Z" and str(known.started) == started


def marked_by(pid: int, name: str) -> str | None:
    """The value of a variable in the environment a process was started with."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    wanted = name.encode() + b"="
    return next((item[len(wanted) :].decode(errors="replace") for item in variables if item.startswith(wanted)), None)


def kill(targets: Iterable[Process]) -> None:
    """Kills processes, each only if it still is the one that is meant."""
    for one in targets:
        now = process(one.pid)
        if now is not None and now.started == one.started and one.pid != os.getpid():
            with contextlib.suppress(OSError):
                os.kill(one.pid, signal.SIGKILL)


def reap(pids: Iterable[int]) -> None:
    """Takes leave of ended children, so that they do not stay as zombies."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.waitpid(pid, os.WNOHANG)


def oom_kills() -> int:
    """How many processes of this container were killed for lack of memory so far; 0 where that cannot be told."""
    try:
        text = Path("/proc/self/cgroup").read_text("utf-8")
        place = next((line.split("::", 1)[1] for line in text.splitlines() if line.startswith("0::")), "/")
        counts = Path(f"/sys/fs/cgroup{place}/memory.events").read_text("utf-8").split()
        return int(counts[counts.index("oom_kill") + 1])
    except (OSError, ValueError, IndexError):
        return 0
