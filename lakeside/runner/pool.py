"""Kernels for runs: started before they are needed, used once, some kept for a resumption."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import zmq.asyncio

from .household import Household
from .kernel import Kernel
from .kernelspecs import Chosen, known_kernel
from .monitor import Monitor

#: Seconds after which a warm kernel that was taken is replaced: what it was taken for comes first.
REFILL = 0.3


class Kernels:
    """All kernels of this process."""

    def __init__(self, household: Household) -> None:
        self.household = household
        self.monitor = Monitor()
        self._context = zmq.asyncio.Context()
        self._wanted: dict[str, tuple[int, Path]] = {}
        self._warm: defaultdict[str, list[asyncio.Task[Kernel]]] = defaultdict(list)
        self._kept: dict[str, tuple[Kernel, asyncio.TimerHandle]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    def warm(self, name: str, count: int, cwd: Path) -> None:
        """Keeps so many kernels of a name started. Raises :class:`~.outcome.Refused` where there is no such kernel."""
        known_kernel(name)
        self._wanted[name] = (count, cwd)
        while len(self._warm[name]) > count:
            self._let_go(self._warm[name].pop())
        self._refill(name)

    async def ready(self, name: str) -> int:
        """Waits until the warm kernels of a name have started; gives how many did."""
        done = await asyncio.gather(*self._warm[name], return_exceptions=True)
        return sum(isinstance(one, Kernel) for one in done)

    def _refill(self, name: str) -> None:
        count, cwd = self._wanted.get(name, (0, Path()))
        if self._closed:
            return
        self._warm[name] = [task for task in self._warm[name] if not _failed(task)]
        while len(self._warm[name]) < count:
            self._warm[name].append(asyncio.ensure_future(self._start(known_kernel(name), cwd, {})))

    async def _start(self, chosen: Chosen, cwd: Path, env: Mapping[str, str | None]) -> Kernel:
        return await Kernel.start(chosen, cwd, env, self.household, self._context)

    async def take(self, chosen: Chosen, cwd: Path, env: Mapping[str, str | None]) -> tuple[Kernel, bool]:
        """A kernel nobody used, and whether it was warm. Raises what :meth:`Kernel.start` raises."""
        movable = chosen.is_ipykernel or (not env and self._wanted.get(chosen.name, (0, None))[1] == cwd)
        while movable and self._warm[chosen.name]:
            task = self._warm[chosen.name].pop(0)
            asyncio.get_running_loop().call_later(REFILL, self._refill, chosen.name)
            with contextlib.suppress(Exception):
                kernel = await asyncio.shield(task)
                if await kernel.is_alive():
                    return kernel, True
                self.end(kernel)
        return await self._start(chosen, cwd, env), False

    def keep(self, key: str, kernel: Kernel, seconds: float) -> None:
        """Keeps the kernel of a failed run for a while."""
        self._drop(key)
        timer = asyncio.get_running_loop().call_later(seconds, self._drop, key)
        self._kept[key] = (kernel, timer)

    async def take_kept(self, key: str, chosen: Chosen) -> Kernel | None:
        """The kernel kept under a key, if it still lives and is of that kind."""
        kernel, timer = self._kept.pop(key, (None, None))
        if kernel is None or timer is None:
            return None
        timer.cancel()
        if kernel.chosen.name == chosen.name and await kernel.is_alive():
            return kernel
        self.end(kernel)
        return None

    def _drop(self, key: str) -> None:
        kernel, timer = self._kept.pop(key, (None, None))
        if kernel and timer:
            timer.cancel()
            self.end(kernel)

    def end(self, kernel: Kernel, at_once: bool = False) -> asyncio.Task[None]:
        """Ends a kernel beside what else goes on."""
        task = asyncio.ensure_future(kernel.close(at_once))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    def _let_go(self, task: asyncio.Task[Kernel]) -> None:
        def started(done: asyncio.Task[Kernel]) -> None:
            if not done.cancelled() and done.exception() is None:
                self.end(done.result(), at_once=True)

        task.add_done_callback(started)

    async def close(self) -> None:
        """Ends every kernel and all that they started."""
        self._closed = True
        for tasks in self._warm.values():
            for task in tasks:
                self._let_go(task)
                if not task.done():
                    task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for key in list(self._kept):
            self._drop(key)
        # What is let go ends in a task of its own, a turn of the loop later.
        await asyncio.sleep(0)
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)
        await self.household.end_all()
        self._context.destroy(linger=0)


def _failed(task: asyncio.Task[Kernel]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
