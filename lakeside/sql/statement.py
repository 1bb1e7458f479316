"""A statement with its values, ready for a driver."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..sources.errors import SourceError
from ..sources.record import Dialect
from .lexer import Piece, pieces
from .values import Many, bindable

#: Statements that answer with rows and, with the few exceptions that are known by more, change nothing.
_QUERIES = {"select", "with", "values", "table", "from", "show", "describe", "desc", "explain", "pivot", "unpivot"}


@dataclass(frozen=True)
class Statement:
    """One statement. Where there are values, `text` has a `%s` for each and every other `%` doubled."""

    text: str
    values: Sequence[Any] = field(default=(), repr=False)
    #: The first word, in small letters.
    verb: str = ""

    @property
    def is_query(self) -> bool:
        """Whether it begins like one that answers with rows."""
        return self.verb in _QUERIES


def prepare(
    sql: str, dialect: Dialect, evaluate: Callable[[str], Any] | None = None, modes: str = ""
) -> list[Statement]:
    """Takes a text apart into its statements, and works each of its ``{{expressions}}`` out once.

    :param evaluate: None where the text has no expressions: all of it is SQL
    :raises SourceError: where there is no statement, or a value cannot be bound
    """
    parts = list(pieces(sql, dialect, modes, takes_values=evaluate is not None))
    statements = [_statement(own, dialect, evaluate) for own in _apart(parts)]
    if not statements:
        raise SourceError("There is no statement to run.")
    return statements


def _apart(parts: Sequence[Piece]) -> Iterator[list[Piece]]:
    own: list[Piece] = []
    for part in [*parts, Piece("end", ";")]:
        if part.kind != "end":
            own.append(part)
            continue
        while own and (own[-1].kind == "comment" or not own[-1].text.strip()):
            own.pop()
        if own:
            yield own
        own = []


def _statement(parts: Sequence[Piece], dialect: Dialect, evaluate: Callable[[str], Any] | None) -> Statement:
    has_values = any(part.kind == "value" for part in parts)
    text: list[str] = []
    values: list[Any] = []
    for part in parts:
        if part.kind != "value":
            text.append(part.text.replace("%", "%%") if has_values else part.text)
            continue
        assert evaluate is not None
        value = bindable(evaluate(part.text), part.text, dialect)
        items = value.items if isinstance(value, Many) else [value]
        values.extend(items)
        marks = ", ".join(["%s"] * len(items))
        text.append(f"({marks})" if isinstance(value, Many) else marks)
    return Statement("".join(text).strip(), tuple(values), _verb(parts))


def _verb(parts: Sequence[Piece]) -> str:
    for part in parts:
        if part.kind == "code":
            word = re.match(r"[\s(]*([A-Za-z]+)", part.text)
            if word:
                return word[1].lower()
            if part.text.strip(" \t\r\n("):
                return ""
    return ""
