"""Where in a statement the cursor stands, and which tables the statement names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ...sources.errors import SourceError
from ...sources.record import Dialect
from ..lexer import pieces

#: Ends what a piece of text is cut at: a piece that swallows it is not closed.
_CUT = "\x01;"
_BEFORE_TABLE = {"from", "join", "into", "update", "table", "describe", "desc", "truncate"}
#: Words after which no list of tables goes on.
_ENDS_LIST = {"where", "on", "using", "group", "order", "having", "limit", "set", "values", "select", "union", "window"}
_NO_ALIAS = (
    _ENDS_LIST
    | _BEFORE_TABLE
    | {
        *(
            "as",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "natural",
            "outer",
            "except",
            "intersect",
            "returning",
            "offset",
        ),
        *("fetch", "for", "lateral", "tablesample", "qualify", "straight_join", "force", "ignore", "use", "partition"),
    }
)
_TOKEN = re.compile(r"[^\W\d][\w$]*|[.,()]|[^\s\w.,()]+|\d[\w.]*")

Names = tuple[str, ...]


@dataclass(frozen=True)
class Token:
    """A word, a name in quotes without them, or a mark."""

    text: str
    is_quoted: bool = False

    @property
    def is_name(self) -> bool:
        return self.is_quoted or self.text[0].isalpha() or self.text[0] == "_"

    @property
    def word(self) -> str:
        """In small letters; empty where it is in quotes, and so no key word."""
        return "" if self.is_quoted else self.text.lower()


@dataclass(frozen=True)
class Place:
    """What may be written at the cursor."""

    kind: Literal["table", "value"]
    #: What stands there of a name; without its quote.
    begun: str
    #: What is replaced: `begun` as it stands in the cell.
    fragment: str
    is_open: bool
    #: Whether the quote that closes the name stands behind the cursor already.
    is_closed: bool
    #: Names with a full stop behind them, before the cursor; folded as the dialect folds.
    before: Names
    #: Tables of the statement by their alias or last name.
    tables: dict[str, Names] = field(default_factory=dict)
    #: Names that the statement gives its own queries.
    own: Sequence[str] = ()


def place_at(sql: str, cursor: int, dialect: Dialect) -> Place | None:
    """The place of the cursor; None in texts, in comments, in ``{{…}}``, and after a name that is complete.

    :param cursor: characters from the beginning
    """
    head, tail = sql[:cursor], sql[cursor:]
    if head.rfind("{{") > head.rfind("}}"):
        return None
    try:
        parts = list(pieces(head + _CUT, dialect, takes_values=False))
    except SourceError:
        return None
    is_open = parts[-1].kind == "name"
    if not is_open and (parts[-1].kind != "end" or parts[-2].kind != "code"):
        return None
    if parts[-2:-1] and parts[-2].text == _CUT[0] and parts[-3:-2] and parts[-3].kind in ("name", "text"):
        return None
    tokens = _tokens(head, dialect)
    if is_open:
        fragment = parts[-1].text[: -len(_CUT)]
        begun, mark = fragment[1:].replace(fragment[0] * 2, fragment[0]), fragment[0]
        tokens = tokens[:-1]
    else:
        found = re.search(r"[^\W\d][\w$]*\Z", head)
        fragment = begun = found[0] if found else ""
        mark = ""
        if not fragment and re.search(r"[\w$]\Z", head):
            return None
        tokens = tokens[:-1] if fragment else tokens
    is_closed = bool(mark) and tail.startswith(mark)
    before: list[str] = []
    while len(tokens) > 1 and tokens[-1].text == "." and tokens[-2].is_name:
        before.insert(0, _folded(tokens[-2], dialect))
        tokens = tokens[:-2]
    # The rest of a name that the cursor stands in is no name of its own.
    rest = tail[1:] if is_closed else re.sub(r"\A[\w$]+", "", tail)
    after = _tokens(rest, dialect, first=True)
    kind: Literal["table", "value"] = "table" if _wants_table(tokens) else "value"
    own = list(_named_queries([*tokens, Token("x", True), *after]))
    return Place(kind, begun, fragment, is_open, is_closed, tuple(before), _tables([*tokens, *after], dialect), own)


def _tokens(sql: str, dialect: Dialect, first: bool = False) -> list[Token]:
    """The tokens of the last statement of a text, or of the first."""
    found: list[Token] = []
    try:
        for part in pieces(sql, dialect, takes_values=False):
            if part.kind == "end" and first:
                break
            if part.kind == "end":
                found = []
            elif part.kind == "name":
                mark = part.text[0]
                found.append(Token(part.text[1:].removesuffix(mark).replace(mark * 2, mark), True))
            elif part.kind == "code":
                found += [Token(each) for each in _TOKEN.findall(part.text)]
            elif part.kind == "text":
                found.append(Token("'"))
    except SourceError:
        pass
    return found


def _folded(token: Token, dialect: Dialect) -> str:
    return token.text.lower() if dialect == "postgresql" and not token.is_quoted else token.text


def _wants_table(tokens: Sequence[Token]) -> bool:
    """Whether the next name is that of a table: after FROM and the like, or a comma of its list."""
    depth = 0
    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        if token.text == ")" and not token.is_quoted:
            depth += 1
        elif token.text == "(" and not token.is_quoted:
            if not depth:
                return False
            depth -= 1
        elif depth:
            continue
        elif at == len(tokens) - 1 and token.word in _BEFORE_TABLE:
            # Anywhere else DESC is an order.
            return token.word != "desc" or at == 0
        elif at == len(tokens) - 1 and token.text != ",":
            return False
        elif token.word == "from":
            return True
        elif token.word in _ENDS_LIST:
            return False
    return False


def _tables(tokens: Sequence[Token], dialect: Dialect) -> dict[str, Names]:
    found: dict[str, Names] = {}
    at, in_list = 0, False
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.word in _BEFORE_TABLE:
            in_list = token.word == "from"
        elif not (in_list and token.text == "," and not token.is_quoted):
            in_list = in_list and token.word not in _ENDS_LIST
            continue
        names, at = _chain(tokens, at, dialect)
        if not names:
            continue
        if at < len(tokens) and tokens[at].word == "as":
            at += 1
        alias = names[-1]
        if at < len(tokens) and tokens[at].is_name and tokens[at].word not in _NO_ALIAS:
            alias = tokens[at].text
            at += 1
        found.setdefault(alias, names)
    return found


def _chain(tokens: Sequence[Token], at: int, dialect: Dialect) -> tuple[Names, int]:
    names: list[str] = []
    while at < len(tokens) and tokens[at].is_name and (tokens[at].is_quoted or tokens[at].word not in _NO_ALIAS):
        names.append(_folded(tokens[at], dialect))
        at += 1
        if at >= len(tokens) or tokens[at].text != ".":
            break
        at += 1
    return tuple(names), at


def _named_queries(tokens: Sequence[Token]) -> Iterator[str]:
    """``WITH name AS (``, ``, name AS (``."""
    if not any(token.word == "with" for token in tokens):
        return
    for at in range(1, len(tokens) - 2):
        before, name = tokens[at - 1], tokens[at]
        is_first = before.word in ("with", "recursive") or before.text == ","
        if is_first and name.is_name and tokens[at + 1].word == "as" and tokens[at + 2].text == "(":
            yield name.text
