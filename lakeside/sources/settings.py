"""Settings of databases, checked as far as connecting needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .errors import SourceError
from .record import Source
from .secret import profile_of, read_account

Tls = Literal["off", "prefer", "require", "verify"]
_TLS: tuple[Tls, ...] = get_args(Tls)
_PORTS = {"postgresql": 5432, "redshift": 5439, "mysql": 3306, "mariadb": 3306}


@dataclass(frozen=True)
class DatabaseSettings:
    """How to reach a database."""

    host: str
    port: int
    database: str | None
    user: str
    password: str = field(repr=False)
    tls: Tls
    #: File of the authority that signed the server's certificate.
    ca: str | None
    place: str
    #: The profile of credentials that the password is from.
    profile: str | None = None

    def cure(self) -> str:
        """What helps where the password is not taken."""
        if self.profile is None:
            return f"Check user and password: {self.place}."
        return f"Sign in to {self.profile} with the right password, then run the cell again: {self.place}."


def database_settings(source: Source) -> DatabaseSettings:
    """The settings of a PostgreSQL, Redshift, MySQL or MariaDB, its password read.

    :raises SourceError: naming the key
    """
    given = source.settings
    # YAML takes a bare `off` for false.
    wanted = "off" if given.get("tls") is False else given.get("tls", "prefer")
    tls = next((each for each in _TLS if each == wanted), None)
    if tls is None:
        raise SourceError(f"{source.place}: tls must be off, prefer, require or verify.")
    port = given.get("port", _PORTS[source.kind])
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise SourceError(f"{source.place}: port must be a number from 1 to 65535.")
    password = given.get("password")
    user, secret = _account(source, password)
    return DatabaseSettings(
        host=_text(source, "host"),
        port=port,
        database=given.get("database") and _text(source, "database"),
        user=user,
        password=secret,
        tls=tls,
        ca=given.get("ca") and _text(source, "ca"),
        place=source.place,
        profile=profile_of(password),
    )


def _account(source: Source, password: object) -> tuple[str, str]:
    """Who signs in, and with what: the settings name the user, or the profile of the password does."""
    profile = profile_of(password)
    user = None if profile is not None and source.settings.get("user") is None else _text(source, "user")
    if password is None:
        return user or "", ""
    account = read_account(password, f"{source.place}: password")
    if account.user is not None and user not in (None, account.user):
        raise SourceError(
            f"{source.place}: the profile {profile} is signed in as {account.user}, and user is {user}. "
            f"Take user out, or sign in as {user}."
        )
    who = user or account.user
    if not who:
        raise SourceError(
            f"{source.place}: nobody says who signs in, neither user nor the profile {profile}. Write user into either."
        )
    return who, account.secret


def _text(source: Source, key: str) -> str:
    value: Any = source.settings.get(key)
    if not isinstance(value, str) or not value:
        raise SourceError(f"{source.place}: {key} is missing, or no text. Write {key}: …")
    return value
