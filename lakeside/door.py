"""The listening unix socket between front door and sidecar, in a folder that only this user can enter."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path
from time import time

#: A unix socket's path may have 104 characters on macOS and 108 on Linux, with the ending zero.
_LONGEST_PATH = 100
_BACKLOG = 4096
#: A folder without a lock may be one that another server is just making.
_YOUNG = 60.0


class Door:
    """A listening socket that outlives each sidecar.

    The front door opens it and passes it on as a descriptor, so a request that is made while a sidecar
    restarts waits in the backlog and is answered by the next one.
    """

    def __init__(self) -> None:
        """Opens the socket in a new folder of mode 0700 and clears away the folders of servers that died."""
        self.folder = _new_folder()
        self.path = str(self.folder / "sidecar.sock")
        # Held as long as this process lives: it tells other servers that the folder is in use.
        self._lock = (self.folder / "owner.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(self.path)
        self._socket.listen(_BACKLOG)
        self._socket.setblocking(False)
        _sweep(self.folder.parent)

    def descriptor(self) -> int:
        """The number of the listening socket, for ``pass_fds``."""
        return self._socket.fileno()

    def is_there(self) -> bool:
        """Whether the socket can still be reached by its path; cleaners of temporary folders remove it at times."""
        try:
            return stat.S_ISSOCK(os.stat(self.path).st_mode)
        except OSError:
            return False

    def close(self) -> None:
        """Closes the socket and removes the folder."""
        self._socket.close()
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _prefix() -> str:
    return f"lakeside-{os.getuid()}-"


def _new_folder() -> Path:
    folder = tempfile.mkdtemp(prefix=_prefix())
    if len(os.fsencode(folder)) + len("/sidecar.sock") > _LONGEST_PATH:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix=_prefix(), dir="/tmp")
    return Path(folder)


def _sweep(parent: Path) -> None:
    """Removes what servers that were killed left behind."""
    for folder in parent.glob(_prefix() + "*"):
        with contextlib.suppress(OSError):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        return False
    try:
        with (folder / "owner.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return time() - facts.st_mtime > _YOUNG
