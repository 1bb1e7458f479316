"""Connection strings, as other magics take them: ``postgresql://ada@db.example.org/shop``."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ..sources import find_source
from ..sources.errors import SourceError
from ..sources.record import Source
from ..sources.secret import Given
from .options import Options

_KINDS = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "redshift": "redshift",
    "mysql": "mysql",
    "mariadb": "mariadb",
}


def chosen(options: Options, last: Source | None) -> tuple[Source, bool]:
    """The source that a cell means, and whether a password stands in it.

    :param last: that of the connection string that was used last: later cells go there too, as with other magics
    """
    if options.address is not None:
        return source_at(options.address)
    if options.source is not None or last is None:
        return find_source(options.source), False
    return last, False


def source_at(address: str) -> tuple[Source, bool]:
    """A source by its address, and whether a password stood in it.

    :raises SourceError: without the address, which may hold a password
    """
    try:
        parts = urlsplit(address)
        port, query = parts.port, parse_qs(parts.query)
    except ValueError:
        raise SourceError(
            "This connection string has no right port. Write postgresql://USER@HOST:PORT/DATABASE."
        ) from None
    kind = _KINDS.get(parts.scheme.partition("+")[0])
    if kind is None or not parts.hostname:
        raise SourceError(
            f"%sql takes connection strings of {', '.join(sorted(set(_KINDS)))} with a host, such as "
            "postgresql://USER@HOST/DATABASE. Anything else is a source of the configuration: --source NAME."
        )
    settings: dict[str, Any] = {"host": parts.hostname, "user": unquote(parts.username or "")}
    if port:
        settings["port"] = port
    if parts.path.strip("/"):
        settings["database"] = unquote(parts.path.strip("/"))
    if parts.password is not None:
        settings["password"] = Given(unquote(parts.password))
    mode = (query.get("sslmode") or [""])[0]
    settings["tls"] = {"disable": "off", "require": "require", "verify-full": "verify"}.get(mode, "prefer")
    name = f"{parts.username or ''}@{parts.hostname}{parts.path}"
    return Source(name, kind, settings, "the connection string"), parts.password is not None
