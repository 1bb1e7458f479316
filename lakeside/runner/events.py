"""What a run tells while it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

#: Takes one event.
Listener = Callable[[dict[str, Any]], None]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """A time as events and records carry it: UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(event: dict[str, Any]) -> bytes:
    """An event as one line of JSON. Half a character pair is written by its number, so that the line is UTF-8."""
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(event, separators=(",", ":")).encode() + b"\n"


class Events:
    """Numbers the events of one run, writes each to ``events.ndjson`` and hands it on.

    A full disk ends the writing, not the run: `output.ipynb` and `run.json` say what matters.
    """

    def __init__(self, run_id: str, path: Path, listener: Listener | None = None) -> None:
        self._run_id = run_id
        self._listener = listener
        self._seq = 0
        # Unbuffered: who follows the file sees each line once it is told.
        self._file = path.open("wb", buffering=0)
        #: What went wrong with the file.
        self.trouble: OSError | None = None

    def __enter__(self) -> Events:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def tell(self, event: str, **facts: Any) -> None:
        """Tells one event: its name, and facts that JSON can say."""
        self._seq += 1
        whole = {"run": self._run_id, "seq": self._seq, "at": stamp(now()), "event": event, **facts}
        if self.trouble is None:
            try:
                self._file.write(line(whole))
            except OSError as error:
                self.trouble = error
        if self._listener:
            self._listener(whole)

    def log(self, level: str, text: str) -> None:
        """Tells a sentence about the run itself. Levels: ``info``, ``warning``, ``error``."""
        self.tell("log", level=level, text=text)
