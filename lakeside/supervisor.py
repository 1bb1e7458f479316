"""Keeps one sidecar running for as long as the Jupyter server runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from .backoff import BAD_CONFIGURATION, Backoff
from .child import Child
from .door import Door
from .down import Problem
from .environment import Boot, sidecar_environment
from .keydoor import KeyDoor
from .node import ARGUMENTS, NodeMissingError, find_node
from .paths import PROGRAMS
from .relay import Relay

_STARTING = Problem("starting", "Lakeside is starting. Try again in a moment.", 1)
_STOPPING = Problem("stopping", "Lakeside is stopping, because its Jupyter server is. Start the server again.")
#: Ends in a row, none of which was ever ready, after which callers are told at once instead of kept waiting.
_HOPELESS = 3
#: Seconds between two looks for a Node.js or for the programs; a request asks for a look sooner.
_LOOK_AGAIN = 30.0
_LOOK_SOONEST = 2.0


#: For Node.js itself. The sidecar waits for disks, sockets and its own children, which render and search: the
#: optimising compilers would cost 13 MB of memory and save next to nothing.
NODE_ARGUMENTS = ("--max-semi-space-size=1", "--no-turbofan", "--no-maglev")


@dataclass(frozen=True)
class Plan:
    """How the sidecar is started."""

    boot: Boot
    home: str
    #: A Node.js from Jupyter's configuration; empty: find one.
    node: str = ""
    node_arguments: tuple[str, ...] = NODE_ARGUMENTS
    program: str = os.path.join(PROGRAMS, "main.js")
    #: Where kernels ask for keys; None where no profile is configured.
    keys: KeyDoor | None = None
    #: Variables of the environment that kernels do not inherit, and a profile may name. Changes.
    withheld: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Seconds a sidecar may take until it is ready, and to end when asked.
    start_patience: float = 30.0
    stop_patience: float = 6.0
    #: Seconds a request waits for a sidecar that is on its way.
    request_patience: float = 10.0


class Supervisor:
    """Starts the sidecar, starts it again whenever it ends, and tells requests how it is."""

    def __init__(self, plan: Plan, log: logging.Logger | logging.LoggerAdapter[Any]) -> None:
        self.plan = plan
        self.relay = Relay(log)
        self._log = log
        self._backoff = Backoff()
        self._problem: Problem | None = _STARTING
        #: Whether a sidecar is on its way, so that waiting makes sense.
        self._coming = True
        self._changed = asyncio.Event()
        self._wanted = asyncio.Event()
        self._unready_ends = 0
        self._child: Child | None = None
        self._door: Door | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the running sidecar."""
        return self._child.pid if self._child and not self._child.ended.done() else None

    def start(self) -> None:
        """Begins to supervise; returns at once. Needs a running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._supervise(), name="lakeside-supervisor")

    async def stop(self) -> None:
        """Lets the sidecar drain and ends it."""
        self._show(_STOPPING, coming=False)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._door is not None:
            self._door.close()
        if self.plan.keys is not None:
            self.plan.keys.close()

    async def wait_ready(self) -> Problem | None:
        """Waits for a sidecar that is on its way; None when it takes requests, else what to tell the caller."""
        deadline = monotonic() + self.plan.request_patience
        self._wanted.set()
        while self._problem is not None and self._coming:
            try:
                await asyncio.wait_for(self._changed.wait(), deadline - monotonic())
            except TimeoutError:
                break
        return self._problem

    def socket_path(self) -> str:
        """Where the sidecar listens: a new socket and a new sidecar where a cleaner of temporary folders removed it."""
        if self._door is None or not self._door.is_there():
            if self._door is not None:
                self._log.warning("lakeside | %s was removed; opening a new socket.", self._door.path)
                self._door.close()
                if self._child is not None and self.pid:
                    self._child.kill()
            self._door = Door()
        return self._door.path

    def _show(self, problem: Problem | None, *, coming: bool) -> None:
        self._problem = problem
        self._coming = coming
        self._changed.set()
        self._changed = asyncio.Event()

    async def _supervise(self) -> None:
        while True:
            try:
                node = await asyncio.to_thread(self._look)
            except (NodeMissingError, FileNotFoundError) as reason:
                kind = "node-missing" if isinstance(reason, NodeMissingError) else "unavailable"
                self._complain(Problem(kind, str(reason), 5))
                await self._pause()
                continue
            try:
                code = await self._run(node)
            except Exception as error:  # whatever it is, supervision goes on
                self._log.error("lakeside | the sidecar cannot be run: %s", error, exc_info=True)
                code = 1
            await self._after_end(code)

    def _look(self) -> str:
        if not os.path.isfile(self.plan.program):
            raise FileNotFoundError(
                f"Lakeside's sidecar is not built: {self.plan.program} is missing. "
                "In a checkout run `npm run build`; otherwise install Lakeside again."
            )
        return find_node(self.plan.node)

    def _complain(self, problem: Problem) -> None:
        if problem != self._problem:
            self._log.error("lakeside | %s", problem.sentence)
            self._show(problem, coming=False)

    async def _pause(self) -> None:
        """Waits before the next look for what is missing."""
        await asyncio.sleep(_LOOK_SOONEST)
        self._wanted.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), _LOOK_AGAIN - _LOOK_SOONEST)

    async def _run(self, node: str) -> int:
        """Runs one sidecar to its end; gives its exit code."""
        self.socket_path()
        assert self._door is not None
        descriptor = self._door.descriptor()
        plan = self.plan
        key_descriptor = None if plan.keys is None else plan.keys.descriptor()
        self._child = child = await Child.start(
            [node, *ARGUMENTS, *plan.node_arguments, plan.program],
            sidecar_environment(plan.home, descriptor, {**os.environ, **plan.withheld}, key_descriptor=key_descriptor),
            [descriptor] if key_descriptor is None else [descriptor, key_descriptor],
            plan.boot.line(),
            self.relay,
        )
        watch = asyncio.create_task(self._watch_start(child))
        try:
            return await asyncio.shield(child.ended)
        finally:
            watch.cancel()
            await child.stop(plan.stop_patience)

    async def _watch_start(self, child: Child) -> None:
        """Announces a sidecar that is ready; ends one that does not become so."""
        try:
            await asyncio.wait_for(self._answers(), self.plan.start_patience)
        except TimeoutError:
            self._log.error("lakeside | the sidecar was not ready after %g s; ending it.", self.plan.start_patience)
            child.kill()
            return
        self._show(None, coming=False)

    async def _answers(self) -> None:
        """Returns once ``GET /health/ready`` answers 200."""
        request = (
            "GET /health/ready HTTP/1.1\r\nHost: sidecar\r\nConnection: close\r\n"
            f"X-Lakeside-Secret: {self.plan.boot.secret}\r\n\r\n"
        )
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_unix_connection(self.socket_path())
                try:
                    writer.write(request.encode())
                    if b" 200 " in await reader.readline():
                        return
                finally:
                    writer.close()
            await asyncio.sleep(0.02)

    async def _after_end(self, code: int) -> None:
        """Tells why the sidecar ended and waits until it may be started again."""
        self._unready_ends = 0 if self._problem is None else self._unready_ends + 1
        wait = self._backoff.after_end(code, monotonic())
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        if code == BAD_CONFIGURATION:
            reason = self.relay.last_message or "its configuration is not right."
            self._show(Problem("unavailable", f"Lakeside is not running: {reason}", 5), coming=False)
        elif self._unready_ends >= _HOPELESS:
            last = f" Its last words: {self.relay.last_message}" if self.relay.last_message else ""
            sentence = f"Lakeside does not start: its sidecar {how}, {self._unready_ends} times in a row.{last}"
            self._show(Problem("unavailable", sentence, 5), coming=False)
        else:
            sentence = f"Lakeside's sidecar {how} and is being started again."
            self._show(Problem("unavailable", sentence, 1), coming=True)
        self._log.warning("lakeside | the sidecar %s; starting it again in %g s.", how, wait)
        await asyncio.sleep(wait)
