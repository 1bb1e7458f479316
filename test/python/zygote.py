"""Starts Jupyter servers as forks of a process that has imported Jupyter already, which saves seconds for each."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from multiprocessing.process import BaseProcess
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["pytest", "jupyter_server.serverapp", "jupyter_server.services.contents.filemanager"])


def start(arguments: list[str], environment: dict[str, str], folder: Path, log: Path) -> BaseProcess:
    """Starts a server as `python -m jupyter_server` would, in a folder, with its output in a file."""
    process = _context.Process(target=_serve, args=(arguments, environment, str(folder), str(log)), daemon=True)
    process.start()
    return process


def _serve(arguments: list[str], environment: dict[str, str], folder: str, log: str) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.path.insert(0, environment["PYTHONPATH"])
    sys.argv = ["jupyter-server", *arguments]
    from jupyter_server.serverapp import ServerApp

    ServerApp.launch_instance(arguments)
