"""``--serve``: one process that runs many notebooks. JSON a line in, JSON a line out."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from .events import line
from .household import Household
from .lines import Lines
from .outcome import Refused
from .pool import Kernels
from .request import Request
from .run import Run

#: Bytes of the longest request.
_LONGEST = 64 * 2**20


class Server:
    """Answers requests until its input ends.

    :param write: takes one whole line of bytes; what it writes to must be drained by somebody
    """

    def __init__(self, kernels: Kernels, write: Any) -> None:
        self._kernels = kernels
        self._write = write
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, event: dict[str, Any]) -> None:
        """Writes one event."""
        self._write(line(event))

    def hear(self, text: bytes) -> bool:
        """Takes one request; False where it asks to end."""
        if not text.strip():
            return True
        try:
            request = json.loads(text)
            if not isinstance(request, dict):
                raise ValueError("no object")
        except ValueError as error:
            self.tell({"event": "refused", "op": None, "text": f"This line is no JSON object: {error}."})
            return True
        op = request.get("op")
        if op == "exit":
            return False
        try:
            self._do(op, request)
        except Refused as refused:
            told = {"event": "refused", "op": op, "text": refused.sentence, "field": refused.field}
            self.tell({**told, "run": request.get("id")} if op in ("run", "cancel") else told)
        return True

    def _do(self, op: Any, request: dict[str, Any]) -> None:
        if op == "run":
            self._run(Request.read(request))
        elif op == "cancel":
            run = self._runs.get(str(request.get("id")))
            if run is None:
                raise Refused(f"There is no run {request.get('id')} here that goes on.", field="id")
            run.cancel(str(request.get("why") or "It was cancelled."))
        elif op == "warm":
            self._warm(request)
        else:
            raise Refused(f"There is no op {op!r}. Known: run, cancel, warm, exit.", field="op")

    def _run(self, request: Request) -> None:
        if request.run_id in self._runs:
            raise Refused(f"The run {request.run_id} goes on already.", field="id")
        run = self._runs[request.run_id] = Run(request, self._kernels, self.tell)
        self._later(self._follow(request.run_id, run))

    async def _follow(self, run_id: str, run: Run) -> None:
        try:
            await run.go()
        finally:
            self._runs.pop(run_id, None)
        if run.released:
            await run.released
        self.tell({"run": run_id, "event": "released"})

    def _warm(self, request: dict[str, Any]) -> None:
        name, count = request.get("kernel", "python3"), request.get("count", 1)
        if not isinstance(name, str) or not isinstance(count, int) or not 0 <= count <= 64:
            raise Refused("warm wants a kernel's name and a count from 0 to 64.", field="count")
        self._kernels.warm(name, count, Path(str(request.get("cwd") or os.getcwd())))
        self._later(self._warmed(name))

    async def _warmed(self, name: str) -> None:
        self.tell({"event": "warm", "kernel": name, "count": await self._kernels.ready(name)})

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.tell({"event": "log", "level": "error", "text": f"{type(error).__name__}: {error}"})

    async def close(self) -> None:
        """Kills all that was started. Runs that go on end as cancelled, with what they have."""
        for run in self._runs.values():
            run.abandon()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)
        await self._kernels.close()


async def serve() -> None:
    """Serves standard input and output until the input ends, then ends all that was started."""
    output = _take_output()
    lines = Lines(output)
    server = Server(Kernels(Household(adopts=True)), lines.write)
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, done.set)
    reader = asyncio.ensure_future(_listen(server, done))
    server.tell({"event": "ready", "pid": os.getpid()})
    await done.wait()
    reader.cancel()
    await server.close()
    lines.finish()


async def _listen(server: Server, done: asyncio.Event) -> None:
    reader = asyncio.StreamReader(limit=_LONGEST)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while text := await reader.readline():
            if not server.hear(text):
                break
    except ValueError:
        server.tell({"event": "refused", "op": None, "text": "A request was longer than 64 MiB."})
    finally:
        done.set()


def _take_output() -> int:
    """Keeps standard output for events alone: what else is printed goes to standard error."""
    own = os.dup(1)
    os.set_inheritable(own, False)
    os.dup2(2, 1)
    return own
