"""Settings of databases, checked as far as connecting needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .errors import SourceError
from .record import Source
from .secret import read_secret

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
    return DatabaseSettings(
        host=_text(source, "host"),
        port=port,
        database=given.get("database") and _text(source, "database"),
        user=_text(source, "user"),
        password="" if password is None else read_secret(password, f"{source.place}: password"),
        tls=tls,
        ca=given.get("ca") and _text(source, "ca"),
        place=source.place,
    )


def _text(source: Source, key: str) -> str:
    value: Any = source.settings.get(key)
    if not isinstance(value, str) or not value:
        raise SourceError(f"{source.place}: {key} is missing, or no text. Write {key}: …")
    return value
