"""The one error that people read of sources."""

from __future__ import annotations


class SourceError(Exception):
    """What happened, why, and what to do. Never holds a secret."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence. Where it was raised inside Lakeside helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class StatementError(SourceError):
    """The source refused a statement; the text is its own, with the place where it gave one."""
