"""Passes what the sidecar logs on to Jupyter's log."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

_KEPT = 50
_LONGEST_LINE = 16_384
_LONGEST_VALUE = 200
_LEVELS = {10: logging.DEBUG, 20: logging.DEBUG, 30: logging.INFO, 40: logging.WARNING, 50: logging.ERROR}
_PLAIN_FIELDS = {"level", "time", "pid", "hostname", "name", "msg", "err"}


class Relay:
    """Logs the sidecar's output at its level and keeps the newest lines."""

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[Any]) -> None:
        self._log = log
        #: The newest lines, oldest first, as the log shows them.
        self.lines: deque[str] = deque(maxlen=_KEPT)
        #: The message of the newest line: what a sidecar that gives up wants a person to read.
        self.last_message = ""

    def structured(self, line: str) -> None:
        """Takes one line of pino's JSON; anything else is logged as it is."""
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict):
            level = entry.get("level", 30)
            self._take(_LEVELS.get(level, logging.CRITICAL) if isinstance(level, int) else 20, *_words(entry))
        else:
            self._take(logging.INFO, line, line)

    def plain(self, line: str) -> None:
        """Takes one line of stderr, where only faults are written."""
        self._take(logging.ERROR, line, line)

    def _take(self, level: int, message: str, text: str) -> None:
        clean = _one_line(text)
        self.last_message = _one_line(message)
        self.lines.append(clean)
        self._log.log(level, "lakeside | %s", clean)


class Lines:
    """Cuts a stream of bytes into lines; a line longer than 16 KB loses its rest."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Takes the next bytes, of any size."""
        *whole, rest = data.split(b"\n")
        for part in whole:
            self._add(part)
            self._finish()
        self._add(rest)

    def end(self) -> None:
        """Takes what is left as the last line."""
        self._finish()

    def _add(self, part: bytes) -> None:
        room = _LONGEST_LINE - len(self._rest)
        self._rest += part[:room]

    def _finish(self) -> None:
        text = self._rest.decode("utf-8", "replace").strip()
        self._rest = b""
        if text:
            self._take(text)


def _words(entry: dict[str, Any]) -> tuple[str, str]:
    """The message of a log entry, and the message with the entry's other fields."""
    message = str(entry.get("msg", ""))
    error = entry.get("err")
    reason = str(error.get("message", "")) if isinstance(error, dict) else ""
    if reason and reason not in message:
        message = f"{message}: {reason}" if message else reason
    fields = [
        f"{name}={json.dumps(value, ensure_ascii=False)[:_LONGEST_VALUE]}"
        for name, value in entry.items()
        if name not in _PLAIN_FIELDS
    ]
    return message, " ".join([message, *fields])


def _one_line(text: str) -> str:
    """Control characters would let an entry pretend to be several."""
    return "".join(c if c.isprintable() else " " for c in text)
