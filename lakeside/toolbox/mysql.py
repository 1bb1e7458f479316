"""Connections to MySQL and MariaDB."""

from __future__ import annotations

import ssl
from typing import Any

from ..sources.errors import SourceError
from ..sources.settings import DatabaseSettings
from .drivers import driver

#: Seconds until a server that does not answer is given up.
PATIENCE = 5
_SIGN_IN, _NO_DATABASE = (1044, 1045, 1698, 2059), (1049,)


def connect(name: str, settings: DatabaseSettings, **options: Any) -> Any:
    """A new connection of PyMySQL, all texts in UTF-8.

    :param options: of ``pymysql.connect``
    :raises SourceError: without the password
    """
    pymysql = driver("pymysql", name)
    try:
        connection = _connect(pymysql, settings, settings.tls, options)
    except pymysql.OperationalError as error:
        code, said = (*error.args, "", "")[:2]
        if settings.tls == "prefer" and "ssl" in str(said).lower():
            return connect(name, _without_tls(settings), **options)
        raise SourceError(_sentence(name, settings, code, str(said))) from None
    except (pymysql.Error, OSError, RuntimeError, ValueError) as error:
        raise SourceError(_sentence(name, settings, 0, str(error))) from None
    except KeyboardInterrupt:
        # The driver's frames hold the password, and a traceback may show what frames hold.
        raise KeyboardInterrupt from None
    # Whoever looks at the connection finds no password. It is not needed again: an ended one is made anew.
    connection.password = b""
    return connection


def _connect(pymysql: Any, settings: DatabaseSettings, tls: str, options: dict[str, Any]) -> Any:
    return pymysql.connect(
        host=settings.host,
        port=settings.port,
        database=settings.database,
        user=settings.user,
        # As text it would have to be Latin-1 to PyMySQL.
        password=settings.password.encode(),
        ssl=_context(settings) if tls != "off" else None,
        ssl_disabled=tls == "off",
        charset="utf8mb4",
        connect_timeout=PATIENCE,
        program_name="lakeside",
        **options,
    )


def _context(settings: DatabaseSettings) -> ssl.SSLContext:
    if settings.tls == "verify":
        return ssl.create_default_context(cafile=settings.ca)
    # Nothing is checked: reading all authorities of this machine would be the longest part of connecting.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _without_tls(settings: DatabaseSettings) -> DatabaseSettings:
    from dataclasses import replace

    return replace(settings, tls="off")


def _sentence(name: str, settings: DatabaseSettings, code: object, said: str) -> str:
    where = f"{settings.host}:{settings.port}"
    if code in _SIGN_IN:
        return f"{name}: {where} refused to sign {settings.user} in. {settings.cure()}"
    if code in _NO_DATABASE:
        return f"{name}: {where} has no database {settings.database}. Check {settings.place}."
    if "ssl" in said.lower() or "certificate" in said.lower():
        return f"{name}: no TLS with {where} as tls: {settings.tls} wants it. Check {settings.place}."
    if "getaddrinfo" in said or "Name or service not known" in said:
        return f"{name}: there is no host {settings.host}. Check {settings.place}."
    reason = said.partition(" on ")[2].partition("(")[2].rstrip(")") or said or "no reason given"
    return f"{name}: {where} does not answer as MySQL ({reason}). Is it running, and the port right?"
