"""Ends a run before its time: interrupt, then patience, then kill."""

from __future__ import annotations

import asyncio

from .kernel import Kernel
from .outcome import Ended

#: Seconds that a cell has to end after it was interrupted.
PATIENCE = 5.0


class Stopper:
    """Holds the one reason for which a run is stopped; the first counts.

    :param patience: seconds between interrupt and kill
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.reason: Ended | None = None
        self.stopped = asyncio.Event()
        #: Whether it came to the kill.
        self.killed = False
        self._patience = patience
        self._kernel: Kernel | None = None
        self._task: asyncio.Task[None] | None = None
        self._at_once = False

    def attach(self, kernel: Kernel) -> None:
        """From now on there is a kernel to interrupt."""
        self._kernel = kernel
        if self.reason is not None:
            self._begin()

    def stop(self, reason: Ended, at_once: bool = False) -> None:
        """Stops the run.

        :param at_once: kill without an interrupt, as for memory that grows
        """
        if self.reason is not None:
            return
        self.reason = reason
        self._at_once = at_once
        self.stopped.set()
        if self._kernel is not None:
            self._begin()

    def _begin(self) -> None:
        self._task = asyncio.ensure_future(self._escalate())

    async def _escalate(self) -> None:
        assert self._kernel is not None
        if not self._at_once:
            await self._kernel.interrupt()
            await asyncio.sleep(self._patience)
        self.killed = True
        await self._kernel.kill()

    async def done(self) -> None:
        """The run is over: nothing is to be killed any more, but a kill that began goes to its end."""
        if self._task and self.killed:
            await self._task
        elif self._task:
            self._task.cancel()
