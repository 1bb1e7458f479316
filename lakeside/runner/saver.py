"""Writes the output notebook while it grows, at a bounded share of the time."""

from __future__ import annotations

import time
from pathlib import Path

from nbformat import NotebookNode

from .notebooks import notebook_bytes, write_whole

#: Seconds between two writes, at least; and how many times longer than writing took not to write again.
EVERY = 2.0
SHARE = 20


class Saver:
    """Saves often while that is cheap and seldom when it is dear: at most a twentieth of the time goes into it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = time.monotonic() + EVERY
        #: Size of the last file written, in bytes.
        self.size = 0

    def is_due(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._next

    def save(self, notebook: NotebookNode) -> None:
        """Writes the notebook whole and durable. Raises :class:`OSError`."""
        began = time.monotonic()
        data = notebook_bytes(notebook)
        write_whole(self._path, data)
        self.size = len(data)
        took = time.monotonic() - began
        self._next = time.monotonic() + max(EVERY, SHARE * took)
