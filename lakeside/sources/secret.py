"""Secrets, which the configuration only refers to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .credential import Account, read_profile
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
    """The secret behind ``{env: NAME}``, ``{file: /path}`` or ``{credential: PROFILE}``.

    :param place: where the reference stands, for the sentence
    :raises SourceError: naming the reference, never what is in it
    """
    return read_account(reference, place).secret


def read_account(reference: object, place: str) -> Account:
    """The same, with the user that a profile of credentials names."""
    profile = profile_of(reference)
    if profile is not None:
        return read_profile(profile, place)
    secret = _read(reference, place)
    keep_out(secret)
    return Account(None, secret)


def profile_of(reference: object) -> str | None:
    """The profile that a reference names; None where it names something else."""
    name = reference.get("credential") if isinstance(reference, dict) and len(reference) == 1 else None
    return name if isinstance(name, str) else None


def follows_profile(settings: object) -> bool:
    """Whether settings refer to a profile of credentials: what was made of them may hold what is no more."""
    if isinstance(settings, Mapping):
        if len(settings) == 1 and ("credential" in settings or "profile" in settings):
            return True
        return any(follows_profile(value) for value in settings.values())
    return isinstance(settings, list) and any(follows_profile(value) for value in settings)


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
        f"{place}: must say where the secret is, {{env: NAME}}, {{file: /path}} or {{credential: PROFILE}}, "
        "never the secret itself."
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
