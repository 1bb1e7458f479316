"""One kernel: started, made ready, interrupted, ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from .bootstrap import bootstrap
from .household import MARK, Household
from .kernelspecs import Chosen
from .launch import without_debugger
from .outcome import Ended, Exit, Refused
from .processes import in_kernel_process, name_of_this, process

#: Seconds a kernel may take to answer for the first time, and to go when it is asked to.
START = 60.0
FAREWELL = 5.0
_TAIL = 4096


class Kernel:
    """A running kernel and the connection to it. Made by :meth:`start`."""

    def __init__(self, chosen: Chosen, cwd: Path, household: Household) -> None:
        self.chosen = chosen
        self.cwd = cwd
        #: Inherited by all that its cells start. Names the runner, so that they are known for strays when it is gone.
        self.mark = f"{name_of_this()}-{secrets.token_hex(8)}"
        self.pid = 0
        self.group = 0
        self.started_ticks = 0
        self.language_info: dict[str, Any] = {}
        self.is_used = False
        self._household = household
        self._folder = Path(tempfile.mkdtemp(prefix="lk-"))
        self._said = bytearray()
        self._pipe: int | None = None
        self._closing: asyncio.Task[None] | None = None
        self.manager: AsyncKernelManager
        self.client: AsyncKernelClient

    @classmethod
    async def start(
        cls,
        chosen: Chosen,
        cwd: Path,
        env: Mapping[str, str | None],
        household: Household,
        context: zmq.asyncio.Context,
    ) -> Kernel:
        """Starts a kernel and waits until it answers.

        Raises :class:`Refused` where its program cannot be started, :class:`Ended` where it dies or keeps silent.
        """
        made = cls(chosen, cwd, household)
        try:
            await made._launch(env, context)
            await made._answers()
        except BaseException:
            await made.close(at_once=True)
            raise
        return made

    async def _launch(self, env: Mapping[str, str | None], context: zmq.asyncio.Context) -> None:
        local: dict[str, Any] = {"connection_file": str(self._folder / "kernel.json")}
        if self.chosen.is_ipykernel:
            # Sockets in a folder of our own: no port that another program could take in between.
            local |= {"transport": "ipc", "ip": str(self._folder / "s")}
        self.manager = AsyncKernelManager(kernel_name=self.chosen.name, context=context, **local)
        if self.chosen.is_ipykernel and self.manager.kernel_spec is not None:
            self.manager.kernel_spec.argv = without_debugger(self.manager.kernel_spec.argv)
        reading, writing = os.pipe()
        self._pipe = reading
        fcntl.fcntl(reading, fcntl.F_SETFL, os.O_NONBLOCK)
        self._household.expect(self.mark)
        try:
            await self.manager.start_kernel(
                cwd=str(self.cwd),
                env={**_merged(env), MARK: self.mark},
                extra_arguments=["--HistoryManager.hist_file=:memory:"] if self.chosen.is_ipykernel else [],
                preexec_fn=in_kernel_process,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Refused(
                f"The kernel {self.chosen.name} cannot be started: {error}. See its kernel.json.", field="kernel"
            ) from None
        finally:
            os.close(writing)
        self.pid = int(getattr(self.manager.provisioner, "pid", 0) or 0)
        self._household.started(self.mark, self.pid)
        self.group = int(getattr(self.manager.provisioner, "pgid", 0) or 0)
        known = process(self.pid)
        self.started_ticks = known.started if known else 0
        asyncio.get_running_loop().add_reader(reading, self._listen)

    def _listen(self) -> None:
        """Keeps the end of what the process itself writes; the cells' output comes another way."""
        assert self._pipe is not None
        try:
            data = os.read(self._pipe, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._pipe)
        self._said += data
        del self._said[:-_TAIL]

    @property
    def last_words(self) -> str:
        """The end of what the kernel's process wrote to its standard streams."""
        # What it wrote just before its end may lie in the pipe still.
        if self._pipe is not None:
            self._listen()
        return self._said.decode(errors="replace").strip()

    async def _answers(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.client.allow_stdin = False
        deadline = time.monotonic() + START
        asked: set[str] = set()
        patience = 0.25
        heard = reply = False
        while not (heard and reply):
            if not await self.manager.is_alive():
                raise Ended(self._died_at_start(), Exit.TRANSIENT, "kernel-died")
            if time.monotonic() > deadline:
                sentence = f"The kernel {self.chosen.name} did not answer within {START:.0f} s of its start."
                raise Ended(sentence, Exit.TRANSIENT, "no-answer")
            # Asked again: what a kernel tells before our subscription has reached it is lost.
            asked.add(self.client.kernel_info())
            until = time.monotonic() + patience
            patience = min(patience * 2, 2)
            while time.monotonic() < until and not (heard and reply):
                reply = await self._replied(asked, 0 if reply else until - time.monotonic()) or reply
                heard = await self._heard(asked, 0.05 if reply else 0) or heard

    async def _replied(self, asked: set[str], patience: float) -> bool:
        if not await self.client.shell_channel.socket.poll(max(0, int(patience * 1000))):
            return False
        message = await self.client.shell_channel.get_msg(timeout=0)
        if message["parent_header"].get("msg_id") not in asked:
            return False
        self.language_info = dict(message["content"].get("language_info") or {})
        return True

    async def _heard(self, asked: set[str], patience: float) -> bool:
        while await self.client.iopub_channel.socket.poll(int(patience * 1000)):
            message = await self.client.iopub_channel.get_msg(timeout=0)
            content = message["content"]
            if message["parent_header"].get("msg_id") in asked and content.get("execution_state") == "idle":
                return True
        return False

    def _died_at_start(self) -> str:
        words = self.last_words.splitlines()
        last = f" Its last words: {words[-1][:300]}" if words else ""
        return f"The kernel {self.chosen.name} died while it started.{last}"

    async def prepare(self, cwd: Path, env: Mapping[str, str | None], cell_limit: int) -> None:
        """Makes the kernel ready for one run. For Python: its folder, its variables, the magics, the cap on output."""
        self.is_used = True
        self.cwd = cwd
        if not self.chosen.is_ipykernel:
            return
        code = bootstrap(str(cwd), dict(env), cell_limit)
        sent = self.client.execute(code, silent=True, store_history=False, allow_stdin=False)
        until = time.monotonic() + START
        while time.monotonic() < until:
            if not await self.client.shell_channel.socket.poll(1000):
                if not await self.manager.is_alive():
                    raise Ended(self._died_at_start(), Exit.TRANSIENT, "kernel-died")
                continue
            message = await self.client.shell_channel.get_msg(timeout=0)
            if message["parent_header"].get("msg_id") != sent:
                continue
            content = message["content"]
            if content["status"] == "error":
                raise Refused(f"The kernel cannot be prepared: {content.get('ename')}: {content.get('evalue')}.")
            return
        raise Ended(f"The kernel {self.chosen.name} does not answer.", Exit.TRANSIENT, "no-answer")

    async def is_alive(self) -> bool:
        """Whether its process runs."""
        return bool(await self.manager.is_alive())

    def exit_status(self) -> int | None:
        """The exit code of the ended process, negative for a signal; None while it runs."""
        running = getattr(self.manager.provisioner, "process", None)
        status = running.poll() if running else None
        return int(status) if status is not None else None

    async def interrupt(self) -> None:
        """Interrupts the running cell."""
        with contextlib.suppress(Exception):
            await self.manager.interrupt_kernel()

    async def kill(self) -> None:
        """Ends the kernel and all that it started, at once."""
        await self._household.end(self.mark, self.exit_status)
        if self.group and self.exit_status() is None:
            # Where processes cannot be listed, their group is what there is.
            with contextlib.suppress(OSError):
                os.killpg(self.group, signal.SIGKILL)

    async def close(self, at_once: bool = False) -> None:
        """Lets the kernel go, kills it where it does not, and takes everything away that belongs to it."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close(at_once))
        await asyncio.shield(self._closing)

    async def _close(self, at_once: bool) -> None:
        if hasattr(self, "manager"):
            if not at_once and self.manager.has_kernel and await self.manager.is_alive():
                with contextlib.suppress(Exception):
                    await self.manager.request_shutdown()
                    await self._gone()
            await self.kill()
            if hasattr(self, "client"):
                self.client.stop_channels()
            with contextlib.suppress(Exception):
                await self.manager.cleanup_resources()
        if self._pipe is not None:
            asyncio.get_running_loop().remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = None
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _gone(self) -> None:
        until = time.monotonic() + FAREWELL
        while time.monotonic() < until and self.exit_status() is None:  # noqa: ASYNC110 (nothing tells it portably)
            await asyncio.sleep(0.01)


def _merged(env: Mapping[str, str | None]) -> dict[str, str]:
    """The variables of this process with those given over them; one that is None is left out."""
    merged: dict[str, str | None] = {**os.environ, **env}
    return {name: value for name, value in merged.items() if value is not None}
