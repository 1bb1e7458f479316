"""A real JupyterLab for the benchmarks, with folders of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

ROOT = Path(__file__).parents[2]
TOKEN = secrets.token_hex(16)
PATIENCE = 60.0
#: Seconds in which what a JupyterLab started goes after it.
FAREWELL = 15.0


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    port: int
    pid: int
    #: Milliseconds from the start of its process until ``/api/status`` answered.
    took: float
    #: When its process was started, by ``time.perf_counter``.
    began: float

    def get(self, path: str) -> int:
        """The status of an answer, once it is read to its end; 0 where nobody answers."""
        return _get(self.port, path)


@contextlib.contextmanager
def jupyterlab(
    folder: Path,
    extensions: dict[str, bool],
    python_path: Path | None = None,
    *,
    program: Sequence[str] = (str(Path(sys.executable).parent / "jupyter-lab"),),
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Lab]:
    """Starts a JupyterLab, waits until it answers, and ends it afterwards.

    :param folder: for its files, settings and caches; what lies there is used again
    :param extensions: which server extensions are switched on or off
    :param python_path: where Python finds extensions that are not installed
    :param program: another Jupyter server
    :param more: further variables of its environment
    """
    port = _free_port()
    (folder / "root").mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LAKESIDE_", "JUPYTER"))}
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            *program,
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--port-retries=0",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={folder / 'root'}",
            f"--ServerApp.jpserver_extensions={extensions}",
        ],
        env={
            **environment,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "LAKESIDE_HOME": str(folder / "home"),
            **({"PYTHONPATH": str(python_path)} if python_path else {}),
            **more,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while _get(port, "/api/status") != 200:
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                sys.exit(f"JupyterLab did not start within {PATIENCE:g} s.")
            time.sleep(0.005)
        yield Lab(port, process.pid, (time.perf_counter() - began) * 1000, began)
    finally:
        started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        process.wait()
        _, left = psutil.wait_procs(started, timeout=FAREWELL)
        for each in left:
            each.kill()


def _get(port: int, path: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
