"""Lines for a reader that may be slow, or gone."""

from __future__ import annotations

import os
import threading

#: Bytes that wait for a reader at most; then runs wait for it too.
_MOST = 64 * 2**20


class Lines:
    """Writes in a thread: who reads slowly delays nobody until much has gathered. Without a reader lines are dropped.

    :param descriptor: where to write
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pending: list[bytes] = []
        self._size = 0
        self._is_over = False
        self._is_gone = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def write(self, text: bytes) -> None:
        """Takes one line."""
        with self._change:
            self._change.wait_for(lambda: self._size < _MOST or self._is_gone)
            if not self._is_gone:
                self._pending.append(text)
                self._size += len(text)
                self._change.notify_all()

    def finish(self, patience: float = 5.0) -> None:
        """Waits, at most so many seconds, until all is written."""
        with self._change:
            self._is_over = True
            self._change.notify_all()
        self._thread.join(patience)

    def _drain(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._pending or self._is_over)
                data = b"".join(self._pending)
                self._pending.clear()
                self._size = 0
                self._change.notify_all()
            if not data:
                return
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except OSError:
                    with self._change:
                        self._is_gone = True
                        self._change.notify_all()
                    return
