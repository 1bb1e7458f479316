"""Looks at the memory of all running kernels, a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .processes import all_processes, family

#: Seconds between two looks.
EVERY = 0.25


class Monitor:
    """One look at the process table serves all kernels."""

    def __init__(self) -> None:
        self._watched: dict[int, Callable[[int], None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, pid: int, seen: Callable[[int], None]) -> None:
        """Tells the resident bytes of a process and its descendants until :meth:`leave`."""
        self._watched[pid] = seen
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    def leave(self, pid: int) -> None:
        """Looks at a process no longer."""
        self._watched.pop(pid, None)
        if not self._watched and self._timer:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        table = all_processes()
        for pid, seen in list(self._watched.items()):
            seen(sum(one.memory for one in family(pid, table)))
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._look) if self._watched else None
