"""Keeps a copy of each saved notebook for its history, before Jupyter says that it is saved."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .person import account

#: Up to this size a copy is made before the save is answered; a larger notebook is copied right after it. Bytes.
_AT_ONCE = 32 * 1024 * 1024
#: Copies that wait for a sidecar; no more are made then. Bytes.
_MOST_WAITING = 1024 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024
#: Longest wait for the disk when the server stops.
_LAST_WAIT = 5.0

#: The lasting name and the name to show of who saves.
Person = Callable[[], tuple[str, str]]


class Saves:
    """Copies saved notebooks into ``<home>/history/saves``.

    A copy is whole, under its final name, when the save is answered: what ends this process or the sidecar afterwards
    loses nothing. A thread brings it to the disk, so that a power cut loses little, and no save waits for that.
    """

    def __init__(
        self,
        home: str,
        log: logging.Logger | logging.LoggerAdapter[Any],
        person: Person = account,
        at_once: int = _AT_ONCE,
    ) -> None:
        """
        :param home: the resolved ``LAKESIDE_HOME``
        :param person: who makes the request that is being answered
        """
        self._folder = Path(home, "history", "saves")
        self._log = log
        self._person = person
        self._at_once = at_once
        self._seen: set[str] = set()
        self._later: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._counter = itertools.count(1)
        self._last = 0
        self._complained = False

    def before_save(self, model: dict[str, Any], path: str, contents_manager: Any, **_more: Any) -> None:
        """What the file held, the first time this server saves it: it may be from elsewhere, or older than history."""
        if path in self._seen or not path.endswith(".ipynb"):
            return
        self._seen.add(path)
        with contextlib.suppress(Exception):
            file = contents_manager._get_os_path(path)
            if os.path.isfile(file):
                self._take(file, "before", int(os.stat(file).st_mtime * 1000))

    def after_save(self, os_path: str, model: dict[str, Any], contents_manager: Any, **_more: Any) -> None:
        """What was saved. A history that fails never fails a save."""
        if not os_path.endswith(".ipynb"):
            return
        self._seen.add(str(model.get("path", "")).strip("/"))
        try:
            self._take(os_path, "save", time.time_ns() // 1_000_000)
            self._complained = False
        except Exception as error:
            if not self._complained:
                self._log.error("lakeside | no history of %s is kept: %s", os_path, error)
                self._complained = True

    def close(self) -> None:
        """Waits, not for long, until everything is on the disk."""
        if self._thread is not None:
            self._later.put(None)
            self._thread.join(_LAST_WAIT)

    def _take(self, file: str, kind: str, at: int) -> None:
        if self._waiting() > _MOST_WAITING:
            raise OSError("too much waits for the sidecar, which does not run")
        name, shown = self._person()
        by = {"name": name, "shown": shown}
        head = {"format": 1, "path": os.path.realpath(file), "at": at, "kind": kind, "by": by}
        # Names order the copies even where the clock is set back.
        self._last = max(self._last + 1, time.time_ns())
        target = self._folder / f"{self._last:020d}-{os.getpid()}-{next(self._counter)}.save"
        line = json.dumps(head).encode() + b"\n"
        if kind == "before" or os.stat(file).st_size <= self._at_once:
            copy(file, line, target)
            self._soon(lambda: make_durable(target))
        else:

            def copy_durably() -> None:
                copy(file, line, target)
                make_durable(target)

            self._soon(copy_durably)

    def _waiting(self) -> int:
        try:
            with os.scandir(self._folder) as entries:
                return sum(entry.stat().st_size for entry in entries if entry.is_file())
        except FileNotFoundError:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return 0

    def _soon(self, work: Callable[[], Any]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="lakeside-saves", daemon=True)
            self._thread.start()
        self._later.put(work)

    def _work(self) -> None:
        while (work := self._later.get()) is not None:
            try:
                work()
            except OSError as error:
                self._log.error("lakeside | a saved notebook did not get into its history: %s", error)


def copy(file: str, line: bytes, target: Path) -> None:
    """Copies a file behind a line of its own. The target is there as a whole or not at all."""
    part = target.with_suffix(".part")
    try:
        with Path(file).open("rb", buffering=0) as source, open(part, "xb", buffering=0, opener=_private) as copied:
            copied.write(line)
            _pour(source.fileno(), copied.fileno())
        os.rename(part, target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def make_durable(file: Path) -> None:
    """Waits until a file and its name are on the disk; one that was taken already needs nothing."""
    with contextlib.suppress(FileNotFoundError):
        for place in (file, file.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _pour(source: int, target: int) -> None:
    try:
        # Within the kernel, on some file systems without copying at all.
        while os.copy_file_range(source, target, _BLOCK):
            pass
        return
    except (AttributeError, OSError):
        pass
    # Where that is not possible, from where it stopped.
    while block := os.read(source, _BLOCK):
        view = memoryview(block)
        while view:
            view = view[os.write(target, view) :]
