"""The cells of one run, one after the other, on a kernel that is ready."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Any

from . import causes
from .events import Events, now
from .execution import CellError, Cells, DeadKernelError
from .kernel import Kernel
from .monitor import Monitor
from .notebooks import tags
from .outcome import Ended
from .outputs import Budget
from .preparation import Plan
from .processes import all_processes, family, oom_kills
from .record import Record
from .request import Request
from .resumption import keep_former
from .saver import Saver
from .stamps import begin_cell, begin_notebook, end_cell, end_notebook
from .stopper import Stopper

#: Seconds between two events about memory.
_MEMORY_EVERY = 2.0
#: What ends a notebook early, and well: ``sys.exit()`` and ``sys.exit(0)``.
_EXITS = ("", "0", "None")


def first_lines(source: str) -> str:
    """The beginning of a cell's source, for people who watch: at most three lines."""
    lines = source.strip().splitlines()
    told = "\n".join(lines[:3])[:300]
    return told if told == source.strip() else f"{told} …"


class Course:
    """Runs the cells of a plan and keeps the record."""

    def __init__(
        self, plan: Plan, kernel: Kernel, request: Request, record: Record, events: Events, stopper: Stopper
    ) -> None:
        self._plan = plan
        self._kernel = kernel
        self._request = request
        self._record = record
        self._events = events
        self._stopper = stopper
        self._oom_before = oom_kills()
        self._memory_told = 0.0
        #: The number of the cell that runs.
        self.running: int | None = None
        budget = Budget(request.run_output_limit)
        self._budget = budget
        self._cells = Cells(plan.notebook, kernel, budget, request.cell_output_limit, self._output, self._fact)

    async def run(self, monitor: Monitor, saver: Saver) -> None:
        """Runs to the end and writes the output notebook. How it ended is in the record."""
        first = self._begin()
        notebook = self._plan.notebook
        leave = _on_death(self._kernel, self._cells.kernel_died)
        monitor.watch(self._kernel.pid, lambda memory: self._look(memory, saver))
        self._stopper.attach(self._kernel)
        ending: Ended | None = None
        try:
            for index in self._plan.cells[first:]:
                ending, goes_on = await self._one(index)
                if ending or not goes_on:
                    break
                self._record.done = self._plan.number(index)
                self._save_if_due(saver)
        finally:
            leave()
            monitor.leave(self._kernel.pid)
        self._note(sum(one.memory for one in family(self._kernel.pid, all_processes())))
        if ending:
            self._record.ended(ending)
        self._record.cut = self._budget.cut
        self._cells.settle()
        self._cells.set_widgets_metadata()
        end_notebook(notebook, self._record.began, now(), ok=ending is None)
        try:
            cut = saver.finish(notebook)
            self._record.output = "output.ipynb"
            if cut:
                self._record.cut += cut
                self._record.ended(causes.not_whole(cut))
        except OSError as error:
            self._record.ended(causes.not_written("output.ipynb", error))
        self._record.output_bytes = saver.size

    def _begin(self) -> int:
        """Marks and tells the beginning; gives the place of the first cell to run."""
        plan, kernel, record = self._plan, self._kernel, self._record
        metadata = plan.notebook["metadata"]
        begin_notebook(plan.notebook, self._request, plan.parameters, record.began)
        if kernel.language_info:
            metadata["language_info"] = kernel.language_info
        name, language = plan.chosen.name, plan.chosen.language
        metadata.setdefault("kernelspec", {"name": name, "language": language, "display_name": name})
        first = 0
        if plan.resumption and plan.cells:
            if plan.resumption.is_kept:
                keep_former(plan.notebook, plan.resumption)
                first = plan.cells.index(plan.resumption.index)
                record.done = first
            record.resumed = plan.resumption.told(plan.number(plan.resumption.index))
            metadata["lakeside"] = {**(metadata.get("lakeside") or {}), "resumed": record.resumed}
        self._events.tell(
            "started",
            attempt=self._request.attempt,
            notebook=self._request.known_as,
            cells=len(plan.cells),
            parameters=plan.parameters,
            resumed=record.resumed,
        )
        self._events.tell(
            "kernel",
            kernel=name,
            language=language,
            warm=record.warm,
            pid=kernel.pid,
            pgid=kernel.group,
            startTime=kernel.started_ticks,
            mark=kernel.mark,
            runner=os.getpid(),
        )
        for sentence in record.warnings:
            self._events.log("warning", sentence)
        if record.resumed:
            self._events.log("info", record.resumed["text"])
        return first

    async def _one(self, index: int) -> tuple[Ended | None, bool]:
        """Runs one cell. How the run ends with it, and whether it goes on."""
        plan, cell = self._plan, self._plan.notebook["cells"][index]
        number = self.running = plan.number(index)
        began = now()
        begin_cell(cell, began)
        place = {"index": index, "cell": number, "of": len(plan.cells)}
        self._events.tell("cell", **place, state="running", source=first_lines(cell["source"]))
        limit = self._limit_cell(number)
        error: CellError | None = None
        ending = self._stopper.reason
        try:
            if ending is None:
                error = await self._cells.run(index)
        except DeadKernelError:
            status, words = self._kernel.exit_status(), self._kernel.last_words
            ending = self._stopper.reason or causes.kernel_died(status, number, self._oom_before, words)
        finally:
            if limit:
                limit.cancel()
        ending = self._stopper.reason or ending
        ends_well = error is not None and error.name == "SystemExit" and error.value in _EXITS
        if error and not ending and not ends_well and not self._may_fail(cell, error):
            ending = causes.cell_error(error, number)
        failed = ending is not None
        ended = now()
        end_cell(cell, began, ended, failed)
        if failed:
            self._record.at_cell(index)
            if error:
                self._record.failed(error)
        seconds = round((ended - began).total_seconds(), 3)
        self._events.tell("cell", **place, state="failed" if failed else "done", seconds=seconds)
        return ending, not ends_well

    def _may_fail(self, cell: Any, error: CellError) -> bool:
        """Whether the notebook allows this cell its error. A data check it does not."""
        return "raises-exception" in tags(cell) and error.name not in ("CheckFailed", "CredentialRefused")

    def _limit_cell(self, number: int) -> asyncio.TimerHandle | None:
        seconds = self._request.cell_timeout
        if not seconds:
            return None
        reason = causes.cell_timeout(seconds, number)
        return asyncio.get_running_loop().call_later(seconds, self._stopper.stop, reason)

    def _look(self, memory: int, saver: Saver) -> None:
        self._note(memory)
        limit, at = self._request.memory_limit, asyncio.get_running_loop().time()
        if limit and memory > limit:
            self._stopper.stop(causes.too_much_memory(memory, limit, self.running), at_once=True)
        if at - self._memory_told >= _MEMORY_EVERY:
            self._memory_told = at
            self._events.tell("memory", resident=memory, peak=self._record.peak)
        self._cells.settle()
        self._save_if_due(saver)

    def _note(self, memory: int) -> None:
        self._record.peak = max(self._record.peak, memory)

    def _save_if_due(self, saver: Saver) -> None:
        # A full disk now may have room at the end: only the last write counts.
        with contextlib.suppress(OSError):
            if saver.is_due():
                saver.save(self._plan.notebook)

    def _output(self, index: int, output: dict[str, Any]) -> None:
        self._events.tell("output", index=index, cell=self._plan.number(index), output=output)

    def _fact(self, index: int, name: str, fact: dict[str, Any]) -> None:
        whole = {**fact, "cell": self._plan.number(index)}
        (self._record.checks if name == "check" else self._record.notices).append(whole)
        self._events.tell(name, **{key: value for key, value in whole.items() if key not in ("run", "seq", "at")})


def _on_death(kernel: Kernel, tell: Callable[[], None]) -> Callable[[], None]:
    """Tells when the kernel's process ends. Gives what ends the watching."""
    if not hasattr(os, "pidfd_open"):
        return lambda: None
    try:
        descriptor = os.pidfd_open(kernel.pid)
    except OSError:
        # Gone already, or no such call: nbclient looks once a second.
        return lambda: None
    loop = asyncio.get_running_loop()

    def died() -> None:
        loop.remove_reader(descriptor)
        kernel.exit_status()
        tell()

    loop.add_reader(descriptor, died)

    def leave() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)

    return leave
