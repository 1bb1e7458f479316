"""The one error that people read of sources."""

from __future__ import annotations

from urllib.parse import quote

#: Secrets that this process read. A server may repeat what it was sent.
_secrets: set[str] = set()
#: Characters of the shortest secret that is looked for: shorter ones are parts of common words.
_SHORTEST = 6


def keep_out(secret: str) -> None:
    """No sentence of an error shows this from now on."""
    if len(secret) >= _SHORTEST:
        _secrets.update((secret, quote(secret, safe="")))


def without_secrets(text: str) -> str:
    """A text in which every secret that was read is ``***``."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


class SourceError(Exception):
    """What happened, why, and what to do. Never holds a secret."""

    def __init__(self, text: str) -> None:
        super().__init__(without_secrets(text))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence. Where it was raised inside Lakeside helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class StatementError(SourceError):
    """The source refused a statement; the text is its own, with the place where it gave one."""
