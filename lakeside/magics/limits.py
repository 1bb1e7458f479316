"""A cap on what one cell prints, inside the kernel: what is not sent fills neither memory nor disk."""

from __future__ import annotations

import sys
from typing import Any

#: Characters that are shown of the end, where the middle was left out.
_END = 16_384


class _Capped:
    """Stands before the ``write`` of a stream for one cell. Keeps the first part and the end of what is printed."""

    def __init__(self, stream: Any, limit: int) -> None:
        self._stream = stream
        self._write = stream.write
        self._room = limit
        self._dropped = 0
        self._end = ""
        stream.write = self

    def __call__(self, text: str) -> Any:
        if not isinstance(text, str) or len(text) <= self._room:
            written = self._write(text)
            self._room -= len(text)
            return written
        if self._room > 0:
            self._write(text[: self._room])
        rest = text[self._room :]
        self._room = 0
        self._dropped += len(rest)
        self._end = (self._end + rest[-_END:])[-_END:]
        return len(text)

    def finish(self) -> None:
        """The cell ended: says what was left out, and how it ended."""
        self._stream.write = self._write
        if self._dropped:
            left_out = self._dropped - len(self._end)
            self._write(f"\n… {left_out:,} characters of output were left out here …\n{self._end}")


def limit_output(shell: Any, limit: int) -> None:
    """Caps what each cell prints on each stream.

    Stands in the way while a cell runs only, and before IPython's own copy of the output, which is kept for ever.

    :param limit: characters
    """
    capped: list[_Capped] = []

    def begin(*_: Any) -> None:
        finish()
        capped.extend(_Capped(stream, limit) for stream in (sys.stdout, sys.stderr))

    def finish(*_: Any) -> None:
        for one in capped:
            one.finish()
        capped.clear()

    shell.events.register("pre_run_cell", begin)
    shell.events.register("post_run_cell", finish)
