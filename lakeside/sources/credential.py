"""Secrets of profiles of credentials, which Lakeside gives to the programs of this machine that it started."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import SourceError, keep_out

#: Where Lakeside listens, and the file of the token that it wants.
URL = "LAKESIDE_CREDENTIALS_URL"
TOKEN_FILE = "LAKESIDE_CREDENTIALS_TOKEN_FILE"  # noqa: S105 - the name of a variable
_PROFILE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
#: Seconds. It answers at once, unless it is being started.
_PATIENCE = 10


@dataclass(frozen=True)
class Account:
    """A secret, and who signs in with it where its profile says so."""

    user: str | None
    secret: str = field(repr=False)


def read_profile(profile: str, place: str) -> Account:
    """What a profile gives now: user and password of a database, or a token.

    :param place: where the reference stands, for the sentence
    :raises SourceError: where nobody is signed in, there is no such profile, or Lakeside does not answer
    """
    given = ask("secrets", profile, place)
    secret, user = given.get("password"), given.get("user")
    if not isinstance(secret, str) or not secret or not isinstance(user, str | None):
        raise SourceError(f"{place}: the profile {profile} gave no password. Sign in to it again.")
    keep_out(secret)
    return Account(user, secret)


@dataclass(frozen=True)
class Keys:
    """Keys of AWS."""

    identifier: str
    secret: str = field(repr=False)
    token: str | None = field(repr=False)


def read_keys(profile: object, place: str) -> Keys:
    """The keys of AWS that a profile has now.

    :raises SourceError: as `read_profile`
    """
    if not isinstance(profile, str):
        raise SourceError(f"{place}: profile must be the name of a profile of credentials.")
    given = ask("aws/credentials", profile, place)
    identifier, secret, token = (given.get(name) for name in ("AccessKeyId", "SecretAccessKey", "Token"))
    if not isinstance(identifier, str) or not isinstance(secret, str) or not identifier or not secret:
        raise SourceError(f"{place}: the profile {profile} gave no keys. Sign in to it again.")
    keep_out(secret)
    if isinstance(token, str):
        keep_out(token)
    return Keys(identifier, secret, token if isinstance(token, str) and token else None)


def ask(what: str, profile: str, place: str) -> dict[str, Any]:
    """Asks for the keys of a profile.

    :param what: which kind of them, the first part of the path
    :raises SourceError: with the sentence that Lakeside gives
    """
    if not _PROFILE.fullmatch(profile) or profile == "active":
        raise SourceError(f"{place}: a profile has a name of small letters, digits and hyphens, and not active.")
    host, port = _address(profile, place)
    try:
        status, body = _answer(host, port, f"/{what}/{profile}")
    except (OSError, HTTPException, ValueError):
        raise SourceError(
            f"{place}: takes a secret from the profile {profile}, and Lakeside does not answer at {host}:{port}. "
            "Is the JupyterLab that started this kernel still running? Start it, then restart the kernel."
        ) from None
    except KeyboardInterrupt:
        # The frames below hold the token, and a traceback may show what frames hold.
        raise KeyboardInterrupt from None
    if status == 200:
        return body
    said = body.get("Message")
    sentence = said if isinstance(said, str) and said else f"Lakeside gave no keys (it answered {status})."
    raise SourceError(f"{place}: {sentence}")


def _address(profile: str, place: str) -> tuple[str, int]:
    address = urlsplit(os.environ.get(URL, ""))
    if address.scheme == "http" and address.hostname == "127.0.0.1" and address.port and TOKEN_FILE in os.environ:
        return address.hostname, address.port
    raise SourceError(
        f"{place}: takes a secret from the profile {profile}, which only programs get that Lakeside started. "
        "Restart JupyterLab if the section profiles is new, then the kernel; "
        "elsewhere run: lakeside credentials exec -- COMMAND."
    )


def _answer(host: str, port: int, path: str) -> tuple[int, dict[str, Any]]:
    token = Path(os.environ[TOKEN_FILE]).read_text(encoding="ascii")
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers={"Authorization": token})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status, body if isinstance(body, dict) else {}
    finally:
        connection.close()
