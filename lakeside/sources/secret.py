"""Secrets, which the configuration only refers to."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import SourceError, keep_out


class Given:
    """A secret that a person wrote into a connection string. Shows itself nowhere."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """The secret itself."""
        return self._text


def read_secret(reference: object, place: str) -> str:
    """The secret behind ``{env: NAME}`` or ``{file: /path}``.

    :param place: where the reference stands, for the sentence
    :raises SourceError: naming the reference, never what is in it
    """
    secret = _read(reference, place)
    keep_out(secret)
    return secret


def _read(reference: object, place: str) -> str:
    if isinstance(reference, Given):
        return reference.reveal()
    if isinstance(reference, dict) and len(reference) == 1:
        (way, name), *_ = reference.items()
        if way == "env" and isinstance(name, str):
            return _from_variable(name, place)
        if way == "file" and isinstance(name, str) and os.path.isabs(name):
            return _from_file(name, place)
    raise SourceError(
        f"{place}: must say where the secret is, {{env: NAME}} or {{file: /path}}, never the secret itself."
    )


def _from_variable(name: str, place: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SourceError(
            f"{place}: takes a secret from the variable {name}, which is not set in this kernel. "
            "Set it where Jupyter is started, and restart the kernel."
        )
    return value


def _from_file(name: str, place: str) -> str:
    try:
        value = Path(name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        reason = "which does not exist"
    except (OSError, ValueError):
        reason = "which cannot be read"
    else:
        if value:
            return value
        reason = "which is empty"
    raise SourceError(f"{place}: takes a secret from {name}, {reason}. Write the secret into it, for you to read.")
