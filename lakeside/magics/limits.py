"""A cap on what one cell prints, inside the kernel: what is not sent fills neither memory nor disk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

#: Characters that are shown of the end, where the middle was left out.
_END = 16_384


class _Capped:
    """Stands before the ``write`` of a stream. Keeps the first part and the end of what a cell prints."""

    def __init__(self, write: Callable[[str], Any], limit: int) -> None:
        self._write = write
        self._limit = limit
        self.begin()

    def begin(self) -> None:
        """A cell begins."""
        self._kept = self._dropped = 0
        self._end = ""

    def __call__(self, text: str) -> Any:
        room = self._limit - self._kept
        if not isinstance(text, str) or len(text) <= room:
            self._kept += len(text)
            return self._write(text)
        if room > 0:
            self._write(text[:room])
            self._kept = self._limit
        rest = text[max(0, room) :]
        self._dropped += len(rest)
        self._end = (self._end + rest[-_END:])[-_END:]
        return len(text)

    def finish(self) -> None:
        """The cell ended: says what was left out, and how it ended."""
        if self._dropped:
            left_out = self._dropped - len(self._end)
            self._write(f"\n… {left_out:,} characters of output were left out here …\n{self._end}")
        self.begin()


def limit_output(shell: Any, limit: int) -> None:
    """Caps what each cell prints on each stream.

    :param limit: characters
    """
    capped = []
    for stream in (sys.stdout, sys.stderr):
        one = _Capped(stream.write, limit)
        stream.write = one  # type: ignore[method-assign]
        capped.append(one)

    def begin(*_: Any) -> None:
        for one in capped:
            one.begin()

    def finish(*_: Any) -> None:
        for one in capped:
            one.finish()

    shell.events.register("pre_run_cell", begin)
    shell.events.register("post_run_cell", finish)
