"""Errors with which a cell tells the runner how the run ends."""

from __future__ import annotations


class CheckFailed(AssertionError):  # noqa: N818 (people read it in their notebooks)
    """A data check did not hold: the run ends with FAILED_CHECK."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence. Where it was raised inside Lakeside helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class CredentialRefused(Exception):  # noqa: N818
    """A credential of the run's owner is gone or was refused: the run ends without another attempt."""
