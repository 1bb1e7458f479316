"""Finds, in a statement, what is quoted, what is a comment, and where ``{{expressions}}`` of Python stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..sources.errors import SourceError
from ..sources.record import Dialect


@dataclass(frozen=True)
class Piece:
    """A part of a statement: `code`, `text` (a literal), `name` (in quotes), `comment`, `end`, `value`."""

    kind: str
    #: As it was written; of a `value` the expression alone.
    text: str


_DOUBLED = r"'(?:[^']|'')*(?:'|\Z)"
_ESCAPED = r"'(?:[^'\\]|\\.|'')*(?:'|\Z)"
_NAME = r'"(?:[^"]|"")*(?:"|\Z)'
_ESCAPED_DOUBLE = r'"(?:[^"\\]|\\.|"")*(?:"|\Z)'
_DOUBLED_DOUBLE = r'"(?:[^"]|"")*(?:"|\Z)'
_BACKTICKS = r"`(?:[^`]|``)*(?:`|\Z)"
_DOLLAR = r"(?<![\w$])\$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][\w]*)?)\$.*?(?:\$(?P=tag)\$|\Z)"


def _pattern(*named: tuple[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in named), re.DOTALL)


_STANDARD = _pattern(
    ("comment", r"--[^\n]*"),
    ("block", r"/\*"),
    ("text", rf"(?<![\w$])[eE]{_ESCAPED}|{_DOUBLED}|{_DOLLAR}"),
    ("name", _NAME),
    ("end", ";"),
    ("value", r"\{\{"),
)


def _mysql(escapes: bool, ansi: bool) -> re.Pattern[str]:
    double = _NAME if ansi else _ESCAPED_DOUBLE if escapes else _DOUBLED_DOUBLE
    single = _ESCAPED if escapes else _DOUBLED
    return _pattern(
        ("comment", r"--(?=[\s\x00-\x1f]|\Z)[^\n]*|#[^\n]*"),
        ("block", r"/\*"),
        ("text", single if ansi else f"{single}|{double}"),
        ("name", f"{_BACKTICKS}|{double}" if ansi else _BACKTICKS),
        ("end", ";"),
        ("value", r"\{\{"),
    )


_MYSQL = {(escapes, ansi): _mysql(escapes, ansi) for escapes in (True, False) for ansi in (True, False)}


def pieces(sql: str, dialect: Dialect, modes: str = "", takes_values: bool = True) -> Iterator[Piece]:
    """The parts of a text of SQL, in order; together they are the text.

    :param takes_values: False where braces are SQL's own
    :param modes: of a MySQL session, its ``@@sql_mode``: two of them change what quotes and backslashes mean
    :raises SourceError: where an expression does not end, or stands inside a literal
    """
    pattern = _STANDARD
    if dialect == "mysql":
        pattern = _MYSQL["NO_BACKSLASH_ESCAPES" not in modes, "ANSI_QUOTES" in modes]
    at = 0
    while found := pattern.search(sql, at):
        if found.start() > at:
            yield Piece("code", sql[at : found.start()])
        kind = next(name for name in ("comment", "block", "text", "name", "end", "value") if found[name] is not None)
        end = found.end()
        if kind == "value" and not takes_values:
            yield Piece("code", found[0])
        elif kind == "value":
            end = _expression_end(sql, found.end())
            yield Piece("value", sql[found.end() : end - 2].strip())
        elif kind == "block":
            end = _block_end(sql, found.end(), nests=dialect != "mysql")
            # MySQL runs what stands in /*! … */, so it is no comment.
            is_code = dialect == "mysql" and sql[found.end() : found.end() + 2].lstrip("M").startswith("!")
            yield Piece("code" if is_code else "comment", sql[found.start() : end])
        else:
            if kind == "text" and takes_values:
                _refuse_in_literal(found[0])
            yield Piece(kind, found[0])
        at = end
    if at < len(sql):
        yield Piece("code", sql[at:])


def _refuse_in_literal(literal: str) -> None:
    inside = re.search(r"\{\{(.+?)\}\}", literal, re.DOTALL)
    if inside is not None and _parses(inside[1]):
        raise SourceError(
            f"{{{{{inside[1]}}}}} stands inside a text in quotes. Leave the quotes out: values are bound, not pasted. "
            'A part of a text is put together in Python: LIKE {{f"%{word}%"}}.'
        )


def _expression_end(sql: str, start: int) -> int:
    at = sql.find("}}", start)
    while at >= 0:
        if _parses(sql[start:at]):
            return at + 2
        at = sql.find("}}", at + 1)
    shown = sql[start : start + 40].split("\n")[0]
    raise SourceError(f"{{{{{shown}: is no expression of Python that ends with }}}}.")


def _parses(expression: str) -> bool:
    try:
        ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _block_end(sql: str, start: int, nests: bool) -> int:
    depth, at = 1, start
    while depth:
        found = re.compile(r"\*/|/\*").search(sql, at)
        if found is None:
            return len(sql)
        at = found.end()
        if found[0] == "*/":
            depth -= 1
        elif nests:
            depth += 1
    return at
