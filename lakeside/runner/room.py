"""Room on the disk that a run sets aside, so that its end can be written where its cells have filled the disk."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

#: Bytes set aside for a run, and those of them that are kept for what is written last.
SIZE = 2**20
LAST = 2**16

#: Errors of a disk, or of a share of it, that has no room.
FULL = (errno.ENOSPC, errno.EDQUOT)


class Room:
    """A file without content that holds the room."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".room.tmp"

    def take(self) -> None:
        """Sets it aside. Raises :class:`OSError` where there is not even that much."""
        if not hasattr(os, "posix_fallocate"):
            return
        try:
            with self._path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, SIZE)
        except OSError as error:
            self.give()
            # Not every disk can set room aside.
            if error.errno in FULL:
                raise

    def give(self, keep: int = 0) -> None:
        """Gives it back, but for so many bytes."""
        with contextlib.suppress(OSError):
            if keep:
                os.truncate(self._path, keep)
            else:
                self._path.unlink()
