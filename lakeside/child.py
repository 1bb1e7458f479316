"""One run of the sidecar's process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import cast

from .relay import Lines, Relay

#: Seconds to read on after the process ended; a straggler may hold its pipes open.
_LAST_WORDS = 1.0


class Child(asyncio.SubprocessProtocol):
    """A running sidecar: its output goes to the log, its end resolves `ended` with the exit code."""

    def __init__(self, relay: Relay) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = loop.create_future()
        self.pid = 0
        self._lines = {1: Lines(relay.structured), 2: Lines(relay.plain)}
        self._quiet: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.SubprocessTransport | None = None

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        descriptors: Sequence[int],
        boot: bytes,
        relay: Relay,
    ) -> Child:
        """Starts a process in a session of its own, with some descriptors more than the usual three.

        Its standard input stays open after `boot` was written: the end of it means that this process died.
        """
        _, child = await asyncio.get_running_loop().subprocess_exec(
            lambda: cls(relay),
            *command,
            env=dict(environment),
            pass_fds=tuple(descriptors),
            start_new_session=True,
        )
        child._input().write(boot)
        return child

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self.pid = self._transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._lines[fd].feed(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        lines = self._lines.pop(fd, None)
        if lines is not None:
            lines.end()
        if not self._lines and not self._quiet.done():
            self._quiet.set_result(None)

    def process_exited(self) -> None:
        assert self._transport is not None
        if not self.ended.done():
            self.ended.set_result(self._transport.get_returncode() or 0)

    async def stop(self, patience: float) -> None:
        """Asks a running process to drain, waits `patience` seconds, then ends what is left of its session."""
        if not self.ended.done():
            self._input().close()
            self._signal(signal.SIGTERM)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.ended), patience)
        self.kill()
        await self.ended
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._quiet, _LAST_WORDS)
        assert self._transport is not None
        self._transport.close()

    def kill(self) -> None:
        """Ends the process and everything in its session at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _signal(self, number: int) -> None:
        assert self._transport is not None
        with contextlib.suppress(ProcessLookupError):
            self._transport.send_signal(number)

    def _input(self) -> asyncio.WriteTransport:
        assert self._transport is not None
        return cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
