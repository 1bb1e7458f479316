"""Everything that this runner started, so that nothing outlives it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from .processes import Process, adopt_orphans, all_processes, family, kill, marked_by, reap

#: The variable that tells what belongs to which kernel. Children inherit it.
MARK = "LAKESIDE_KERNEL"
_ROUNDS = 40


class Household:
    """Knows the kernels of this process and ends what they leave behind.

    :param adopts: whether orphans come to this process; only where it starts nothing but kernels
    """

    def __init__(self, adopts: bool = False) -> None:
        self._adopts = adopts and adopt_orphans()
        self._kernels: dict[str, int | None] = {}

    def expect(self, mark: str) -> None:
        """A kernel with this mark is about to start."""
        self._kernels[mark] = None

    def started(self, mark: str, pid: int) -> None:
        """It started."""
        self._kernels[mark] = pid

    def memory(self, pid: int, table: dict[int, Process]) -> int:
        """Resident bytes of a kernel and all that it started."""
        return sum(one.memory for one in family(pid, table))

    async def end(self, mark: str, poll: Callable[[], object] = lambda: None) -> None:
        """Kills a kernel and everything it ever started, and waits until it is gone.

        :param poll: takes leave of the kernel's own process
        """
        for round_number in range(_ROUNDS):
            victims = self._victims(mark)
            if not victims:
                break
            kill(victims)
            # Those killed hand their children on, so there may be more to find.
            await asyncio.sleep(0.005 * (1 + round_number))
            poll()
            reap(one.pid for one in victims if one.parent == os.getpid() and one.pid != self._kernels.get(mark))
        self._kernels.pop(mark, None)

    def _victims(self, mark: str) -> list[Process]:
        table = all_processes()
        pid = self._kernels.get(mark)
        found = {one.pid: one for one in family(pid, table)} if pid else {}
        me = os.getpid()
        others = {other for name, other in self._kernels.items() if name != mark}
        for one in table.values():
            if one.parent != me or one.pid in found or one.pid in others:
                continue
            whose = marked_by(one.pid, MARK)
            if whose == mark or (self._adopts and whose not in self._kernels):
                found.update({each.pid: each for each in family(one.pid, table)})
        return [one for one in found.values() if one.state != "Z" or one.parent == me]

    async def end_all(self) -> None:
        """Ends every kernel and what is left of former ones."""
        for mark in [*self._kernels, ""]:
            await self.end(mark)
