"""One sidecar, started with the front door's own arguments, environment, socket and first line."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import jupyter_server
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from lakeside.door import Door
from lakeside.environment import Boot, sidecar_environment
from lakeside.node import ARGUMENTS, find_node
from lakeside.supervisor import Plan

#: What this process hands on, as on a person's machine; what would change the figures is left out.
_HANDED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
_PATIENCE = 30.0


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("sidecar", timeout=_PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_PATIENCE)
        self.sock.connect(self._path)


class Sidecar:
    """A running sidecar; ended at the end of the block."""

    process: psutil.Process
    #: When its process was created, by ``time.perf_counter``.
    began: float

    def __init__(self, folder: Path, bare: str | None = None, configuration: Path | None = None) -> None:
        """Prepares one; the block starts it.

        :param folder: holds its home, its compile cache, the notebooks (``root``) and its log
        :param bare: JavaScript to run in its place
        :param configuration: where it looks for `lakeside/config.yml`
        """
        (folder / "root").mkdir(exist_ok=True)
        self._folder = folder
        self._configuration = configuration
        self._door = Door()
        self._plan = Plan(Boot(str(folder / "root"), False, sys.executable, jupyter_server.__version__), "")
        what = [self._plan.program] if bare is None else ["-e", bare]
        self._command = [find_node(), *ARGUMENTS, *self._plan.node_arguments, *what]

    def __enter__(self) -> Sidecar:
        descriptor = self._door.descriptor()
        given = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        given["JUPYTER_DATA_DIR"] = str(self._folder / "data")
        if self._configuration is not None:
            given["XDG_CONFIG_HOME"] = str(self._configuration)
        environment = sidecar_environment(str(self._folder / "home"), descriptor, given)
        with (self._folder / "log").open("ab") as log:
            self.began = time.perf_counter()
            self._child = subprocess.Popen(
                self._command,
                env=environment,
                pass_fds=(descriptor,),
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        assert self._child.stdin is not None
        self._child.stdin.write(self._plan.boot.line())
        self._child.stdin.flush()
        self.process = psutil.Process(self._child.pid)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.terminate()
        self._child.wait()
        self._door.close()

    def connect(self) -> UnixConnection:
        """A connection of its own to the socket."""
        return UnixConnection(self._door.path)

    def wait_for(self, path: str) -> None:
        """Returns once a GET answers 200. It is made once: it waits in the socket until somebody takes it."""
        connection = self.connect()
        try:
            self.ask(connection, "GET", path)
        finally:
            connection.close()

    def ask(self, connection: UnixConnection, method: str, path: str, body: Any = None) -> bytes:
        """Makes a request as the front door would; gives the answer's body."""
        headers = {"X-Lakeside-Secret": self._plan.boot.secret, "X-Lakeside-User": "ada"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 202), f"{method} {path}: {answer.status} {text[:500]!r}"
        return text
