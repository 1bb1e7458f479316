"""Tells the sidecar what happened to files: each event is one small durable file in the spool."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import queue
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: The schema of Jupyter's events about contents.
SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1"

_MOVES = {"rename", "delete", "copy"}
_RETRY = 5.0
#: Events that wait in memory while the disk takes none.
_MOST_WAITING = 10_000
#: Longest wait for the disk when the server stops.
_LAST_WAIT = 5.0


class Spool:
    """Appends events to ``<home>/spool``, in a thread of its own: Jupyter's save never waits for the disk."""

    def __init__(self, home: str, root_dir: str | None, log: logging.Logger | logging.LoggerAdapter[Any]) -> None:
        """
        :param home: the resolved ``LAKESIDE_HOME``
        :param root_dir: the root folder of the paths in the events; None where contents are no files
        """
        self._folder = Path(home, "spool")
        self._root_dir = root_dir
        self._log = log
        self._waiting: queue.Queue[tuple[str, bytes] | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._last = 0
        self._counter = 0

    async def listen(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        """Takes one event of Jupyter's event logger; returns at once."""
        action, path = data["action"], data["path"].strip("/")
        if action in _MOVES or (action == "save" and path.endswith(".ipynb")):
            source = data.get("source_path")
            self._add(action, path, source.strip("/") if source else None)

    async def close(self) -> None:
        """Waits, not for long, until everything is on the disk."""
        if self._thread is not None:
            self._closing.set()
            with contextlib.suppress(queue.Full):
                self._waiting.put_nowait(None)
            await asyncio.to_thread(self._thread.join, _LAST_WAIT)

    def _add(self, action: str, path: str, source_path: str | None) -> None:
        entry = {
            "format": 1,
            "action": action,
            "rootDir": self._root_dir,
            "path": path,
            "sourcePath": source_path,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        # Names order the events even where the clock is set back.
        self._last = max(self._last + 1, time.time_ns())
        self._counter += 1
        name = f"{self._last:020d}-{os.getpid()}-{self._counter}.json"
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="lakeside-spool", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait((name, json.dumps(entry).encode()))
        except queue.Full:
            self._log.error("lakeside | %s of %s is not recorded: the disk takes nothing any more.", action, path)

    def _write_all(self) -> None:
        while (item := self._waiting.get()) is not None:
            self._write_until_done(*item)

    def _write_until_done(self, name: str, content: bytes) -> None:
        complained = False
        while True:
            try:
                write_durably(self._folder, name, content)
                return
            except OSError as error:
                if not complained:
                    self._log.error("lakeside | cannot write to %s, trying on: %s", self._folder, error)
                    complained = True
            if self._closing.wait(_RETRY):
                return


def write_durably(folder: Path, name: str, content: bytes) -> None:
    """Makes a file that is there as a whole or not at all, even after a power cut."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = folder / f".{name}.tmp"
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, folder / name)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
