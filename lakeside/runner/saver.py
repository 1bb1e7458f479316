"""Writes the output notebook while it grows, at a bounded share of the time."""

from __future__ import annotations

import time
from pathlib import Path

from nbformat import NotebookNode

from .notebooks import notebook_bytes, write_whole
from .outputs import lighten
from .room import FULL, LAST, Room

#: Seconds between two writes, at least; and how many times longer than writing took not to write again.
EVERY = 2.0
SHARE = 20


class Saver:
    """Saves often while that is cheap and seldom when it is dear: at most a twentieth of the time goes into it.

    :param room: set aside for the last time
    """

    def __init__(self, path: Path, room: Room) -> None:
        self._path = path
        self._room = room
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

    def finish(self, notebook: NotebookNode) -> int:
        """Writes it for the last time. Raises :class:`OSError` where not even its small outputs can be written.

        Gives how many characters of large outputs had to be left out of it, for the disk is full.
        """
        self._room.give(keep=LAST)
        try:
            self.save(notebook)
        except OSError as error:
            if error.errno not in FULL:
                raise
            cut = lighten(notebook)
            self.save(notebook)
            return cut
        return 0
