"""How long to wait before a sidecar that ended is started again."""

from __future__ import annotations

from collections import deque

#: Exit code of a sidecar whose configuration has to be mended by a person first.
BAD_CONFIGURATION = 78

_FIRST = 0.2
_LONGEST = 10.0
_MEMORY = 30.0
#: Ends that cost the shortest wait only: a person or the kernel's memory killer, no loop.
_FREE = 3


class Backoff:
    """Waits 0.2 s after the first ends, then doubles up to 10 s; ends of more than 30 s ago are forgotten."""

    def __init__(self) -> None:
        self._ends: deque[float] = deque(maxlen=32)

    def after_end(self, code: int, now: float) -> float:
        """Seconds to wait after an end with this exit code.

        :param now: a monotonic clock, in seconds
        """
        self._ends.append(now)
        recent = sum(1 for end in self._ends if now - end < _MEMORY)
        if code == BAD_CONFIGURATION:
            return _MEMORY
        wait = _FIRST * 2 ** max(0, recent - _FREE)
        return float(min(wait, _LONGEST))
