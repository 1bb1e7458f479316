"""One run, from the request to ``run.json``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from . import causes
from .course import Course
from .events import Events, Listener, now
from .kernel import Kernel
from .notebooks import write_json
from .outcome import Ended, Exit, Refused
from .pool import Kernels
from .preparation import Plan, prepare
from .record import Record
from .request import Request
from .resumption import output_key
from .room import Room
from .saver import Saver
from .stopper import Stopper


class Run:
    """A run that is going on. :meth:`go` runs it; :meth:`cancel` may come at any time."""

    def __init__(self, request: Request, kernels: Kernels, listener: Listener | None = None) -> None:
        self._request = request
        self._kernels = kernels
        self._listener = listener
        self._stopper = Stopper()
        self._record = Record(request, now())
        self._course: Course | None = None
        self._room = Room(Path(request.out))
        #: The end of the run's kernel and of all that it started.
        self.released: asyncio.Task[None] | None = None

    def cancel(self, why: str = "It was cancelled.") -> None:
        """Ends the run: the cell is interrupted, and killed where it goes on."""
        self._stopper.stop(Ended(why, Exit.CANCELLED, "cancelled"))

    def abandon(self) -> None:
        """Ends the run at once, without an interrupt: the runner ends, and nobody wanted this one to."""
        self._stopper.stop(Ended("The runner was told to end.", Exit.CANCELLED, "runner-ended"), at_once=True)

    async def go(self) -> dict[str, Any]:
        """Runs to the end, whatever that is, and gives what ``run.json`` holds. A run that failed raises nothing."""
        folder = Path(self._request.out)
        try:
            events = self._open(folder)
        except OSError as error:
            self._room.give()
            self._record.refused(causes.no_folder(folder, error))
            told = self._record.told(now())
            if self._listener:
                self._listener({"run": self._request.run_id, "seq": 1, "event": "finished", **told})
            return told
        with events:
            return await self._with(events, folder)

    def _open(self, folder: Path) -> Events:
        folder.mkdir(parents=True, exist_ok=True)
        # Of a former attempt: run.json means done.
        (folder / "run.json").unlink(missing_ok=True)
        self._room.take()
        return Events(self._request.run_id, folder / "events.ndjson", self._listener)

    async def _with(self, events: Events, folder: Path) -> dict[str, Any]:
        record = self._record
        kernel: Kernel | None = None
        timer = self._limit_run()
        try:
            plan = await asyncio.to_thread(prepare, self._request)
            record.plan = plan
            record.warnings += plan.warnings
            kernel = await self._kernel(plan)
            self._course = Course(plan, kernel, self._request, record, events, self._stopper)
            await self._course.run(self._kernels.monitor, Saver(folder / "output.ipynb", self._room))
            self._keep(kernel)
        except Refused as refused:
            record.refused(refused)
        except Ended as ended:
            record.ended(ended)
        except Exception as error:
            # A fault of the runner: whoever waits for the end must hear of it.
            record.ended(causes.own_fault(error))
        finally:
            if timer:
                timer.cancel()
        await self._stopper.done()
        if events.trouble:
            record.warnings.append(f"events.ndjson is not whole: {events.trouble.strerror}.")
        told = record.told(now())
        self._room.give()
        try:
            write_json(folder / "run.json", told)
        except OSError as error:
            record.ended(causes.not_written("run.json", error))
            told = record.told(now())
        events.tell("finished", **told)
        if kernel is not None and not record.kernel_kept:
            self.released = self._kernels.end(kernel, at_once=self._stopper.killed)
        return told

    def _keep(self, kernel: Kernel) -> None:
        """Keeps the kernel of a run that can be taken up again."""
        seconds, kind = self._request.keep_kernel_seconds, self._record.kind
        if seconds and kind in ("cell-error", "check-failed", "timeout") and not self._stopper.killed:
            self._kernels.keep(output_key(Path(self._request.out) / "output.ipynb"), kernel, seconds)
            self._record.kernel_kept = True

    def _limit_run(self) -> asyncio.TimerHandle | None:
        seconds = self._request.timeout
        if not seconds:
            return None

        def stop() -> None:
            self._stopper.stop(causes.run_timeout(seconds, self._course.running if self._course else None))

        return asyncio.get_running_loop().call_later(seconds, stop)

    async def _kernel(self, plan: Plan) -> Kernel:
        request, folder = self._request, self._request.folder.absolute()
        if plan.resumption:
            kept = await self._kernels.take_kept(plan.resumption.key, plan.chosen)
            if kept:
                plan.resumption.is_kept = True
                return kept
        taking = asyncio.ensure_future(self._kernels.take(plan.chosen, folder, request.env))
        stopped = asyncio.ensure_future(self._stopper.stopped.wait())
        await asyncio.wait({taking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if self._stopper.reason and not taking.done():
            taking.add_done_callback(self._unwanted)
            raise self._stopper.reason
        kernel, self._record.warm = await taking
        try:
            await kernel.prepare(folder, request.env, min(request.cell_output_limit, 4 * 2**20))
        except BaseException:
            self._kernels.end(kernel, at_once=True)
            raise
        return kernel

    def _unwanted(self, taking: asyncio.Task[tuple[Kernel, bool]]) -> None:
        if not taking.cancelled() and taking.exception() is None:
            self._kernels.end(taking.result()[0], at_once=True)
