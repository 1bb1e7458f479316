"""Connections to PostgreSQL and Redshift."""

from __future__ import annotations

from typing import Any

from ..sources.errors import SourceError
from ..sources.settings import DatabaseSettings
from .drivers import driver

#: Seconds until a server that does not answer is given up.
PATIENCE = 5
_MODES = {"off": "disable", "prefer": "prefer", "require": "require", "verify": "verify-full"}


def connect(name: str, settings: DatabaseSettings, **options: Any) -> Any:
    """A new connection of psycopg, with times as ISO writes them.

    :param options: of ``psycopg.connect``
    :raises SourceError: without the password
    """
    psycopg = driver("psycopg", name)
    trust = settings.ca or ("system" if settings.tls == "verify" else None)
    try:
        return psycopg.connect(
            host=settings.host,
            port=settings.port,
            dbname=settings.database or settings.user,
            user=settings.user,
            password=settings.password or None,
            sslmode=_MODES[settings.tls],
            sslrootcert=trust,
            gssencmode="disable",
            connect_timeout=PATIENCE,
            application_name="lakeside",
            client_encoding="utf8",
            **options,
        )
    except (psycopg.Error, ValueError, OSError) as error:
        raise SourceError(_sentence(name, settings, str(error))) from None
    except KeyboardInterrupt:
        # The driver's frames hold the password, and a traceback may show what frames hold.
        raise KeyboardInterrupt from None


def _sentence(name: str, settings: DatabaseSettings, said: str) -> str:
    where = f"{settings.host}:{settings.port}"
    small = said.lower()
    if "password" in small or "authentication" in small or "no pg_hba.conf entry" in small:
        return f"{name}: {where} refused to sign {settings.user} in. {settings.cure()}"
    if "does not exist" in small and "database" in small:
        return f"{name}: {where} has no database {settings.database or settings.user}. Check {settings.place}."
    if "ssl" in small or "certificate" in small:
        return f"{name}: no TLS with {where} as tls: {settings.tls} wants it ({_last(said)}). Check {settings.place}."
    if "resolve" in small or "name or service not known" in small:
        return f"{name}: there is no host {settings.host}. Check {settings.place}."
    return f"{name}: {where} does not answer as PostgreSQL ({_last(said)}). Is it running, and the port right?"


def _last(said: str) -> str:
    return said.strip().splitlines()[-1].rpartition("failed: ")[2].rstrip(".") if said.strip() else "no reason given"
