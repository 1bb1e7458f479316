"""The connections that this process holds open, one for each source."""

from __future__ import annotations

import atexit
import os
from contextlib import suppress

from ..sources.record import Source
from .answer import Answer, Session
from .statement import Statement

#: By the source itself: settings that change get a connection of their own.
_open: dict[str, tuple[Source, Session, int]] = {}


def session_of(source: Source) -> Session:
    """The connection to a source, opened where there is none."""
    held = _open.get(source.id)
    if held is not None:
        if held[0] == source and held[2] == os.getpid():
            return held[1]
        _forget(source.id, is_ours=held[2] == os.getpid())
    session = _new(source)
    _open[source.id] = (source, session, os.getpid())
    return session


def _new(source: Source) -> Session:
    if source.dialect == "postgresql":
        from .postgresql import PostgresSession

        return PostgresSession(source)
    if source.dialect == "mysql":
        from .mysql import MySqlSession

        return MySqlSession(source)
    from .duck import DuckSession

    return DuckSession(source)


def _forget(name: str, is_ours: bool) -> None:
    _, session, _ = _open.pop(name)
    if is_ours:
        with suppress(Exception):
            session.close()


def close_session(name: str) -> None:
    """Ends the connection to a source, where there is one."""
    if name in _open:
        _forget(name, is_ours=True)


def modes_of(source: Source) -> str:
    """What changes the meaning of quotes in a session. A connection that turns out broken is made anew next time."""
    session = session_of(source)
    try:
        return session.modes()
    finally:
        if session.is_closed():
            close_session(source.id)


def run_all(source: Source, statements: list[Statement], limit: int | None) -> Answer:
    """Runs statements one after the other. What the last one gives is given."""
    session = session_of(source)
    answer = Answer(None)
    try:
        for statement in statements:
            answer = session.run(statement, limit)
    finally:
        if session.is_closed():
            close_session(source.id)
    return answer


@atexit.register
def _close_all() -> None:
    for name in list(_open):
        close_session(name)
