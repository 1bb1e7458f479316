"""Completion in cells of SQL. Light: what knows names is imported with the first Tab in such a cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

if TYPE_CHECKING:
    from ..sources import Source
    from ..sql.names.offer import Offer
    from ..sql.names.store import Names
    from ..sql.options import Options

_CELL = re.compile(r"\s*%%sql(?=\s|\Z)")
_LINE = re.compile(r"(?:[^%'\"#]*=\s*|\s*)%sql(?=\s|\Z)")


class _Ours(list[SimpleCompletion]):
    """Completions of a cell of SQL. Never empty to IPython, which offers names of Python in it otherwise."""

    def __len__(self) -> int:
        return max(1, super().__len__())


class Completer:
    """A matcher of IPython's completer.

    :param is_ours: whether ``%sql`` is this package's
    :param last: the source of the connection string that was used last
    """

    def __init__(self, is_ours: Callable[[], bool], last: Callable[[], Source | None]) -> None:
        self._is_ours = is_ours
        self._last = last
        self._names: Names | None = None

    def forget(self, source: str) -> None:
        """Forgets the names of a source, by its own: a statement changed something there."""
        if self._names is not None:
            self._names.forget(source)

    def install(self, shell: Any) -> None:
        """Adds it to the shell's completer, where there is one."""
        if getattr(shell, "Completer", None) is None:
            return

        others = [each for each in shell.Completer.custom_matchers if not _is_same(each)]
        mark = context_matcher(identifier="lakeside.sql")
        shell.Completer.custom_matchers[:] = [*others, mark(lambda context: self.match(context))]

    def match(self, context: CompletionContext) -> SimpleMatcherResult:
        """What IPython asks. Never fails, and never waits long."""
        nothing = SimpleMatcherResult(completions=[])
        if "%sql" not in context.full_text or not self._is_ours():
            return nothing
        try:
            found = self._found(context)
        except (Exception, KeyboardInterrupt):
            return nothing
        if found is None:
            return nothing
        fragment, offers = found
        return SimpleMatcherResult(
            completions=_Ours([SimpleCompletion(text=text, type=kind) for text, kind in offers]),
            matched_fragment=fragment,
            ordered=True,
            suppress=True,
        )

    def _found(self, context: CompletionContext) -> tuple[str, list[Offer]] | None:
        lines = context.full_text.split("\n")
        cell = _CELL.match(context.full_text)
        if cell is not None:
            first = context.full_text[: cell.end()].count("\n")
            start, number = cell.end() - (context.full_text.rfind("\n", 0, cell.end()) + 1), context.cursor_line
            body = "\n".join(lines[first + 1 :])
            if number < first:
                return None
            head = lines[first][start:]
            before_line = sum(len(line) + 1 for line in lines[first + 1 : number])
            cursor = context.cursor_position - (start if number == first else 0)
            return self._in(head, body, cursor if number == first else None, before_line + cursor)
        line = _LINE.match(context.line_with_cursor)
        if line is None or context.cursor_position < line.end():
            return None
        return self._in(context.line_with_cursor[line.end() :], "", context.cursor_position - line.end(), 0)

    def _in(self, head: str, body: str, at_head: int | None, at_body: int) -> tuple[str, list[Offer]] | None:
        """Offers in a cell.

        :param head: what stands behind the name of the magic
        :param at_head: the cursor in it; None where it is in the body, at `at_body`
        """
        from ..sources.errors import SourceError
        from ..sql import options as own

        if at_head is not None and at_head < 0:
            return None
        typed = head if at_head is None else head[:at_head]
        try:
            options, rest = own.parse(head)
        except SourceError:
            # An option that is being written.
            return None if at_head is None else _options(typed)
        start = len(head.rstrip()) - len(rest)
        if at_head is not None and (not rest or at_head < start):
            return _options(typed)
        sql = f"{rest}\n{body}" if rest else body
        cursor = at_head - start if at_head is not None else at_body + (len(rest) + 1 if rest else 0)
        return self._offers(options, sql, cursor)

    def _offers(self, options: Options, sql: str, cursor: int) -> tuple[str, list[Offer]] | None:
        from ..sources.errors import SourceError
        from ..sql.addresses import chosen
        from ..sql.names.offer import offers
        from ..sql.names.store import Names

        self._names = self._names or Names()
        try:
            source, _ = chosen(options, self._last())
        except SourceError:
            return "", []
        return offers(self._names, source, sql, cursor)


def _is_same(matcher: Any) -> bool:
    return getattr(matcher, "matcher_identifier", "") == "lakeside.sql"


def _options(typed: str) -> tuple[str, list[Offer]]:
    """Options and their values, the names of sources, and what statements begin with."""
    from ..sources import SourceError, all_sources
    from ..sql.names.keywords import BEGINNING
    from ..sql.options import ENGINES, KNOWN

    asked = re.search(r"--(source|engine)(?:=|\s+)([^\s=]*)\Z", typed)
    if asked is not None:
        try:
            names = tuple(all_sources()) if asked[1] == "source" else ENGINES
        except SourceError:
            names = ()
        return asked[2], [(name, "value") for name in names if name.startswith(asked[2])]
    word = re.search(r"\S*\Z", typed)
    begun = word[0] if word else ""
    if begun.startswith("-"):
        return begun, [(f"--{name}", "option") for name in KNOWN if f"--{name}".startswith(begun)]
    found = [each for each in BEGINNING if each.startswith(begun.upper())]
    return begun, [(each.lower() if begun and begun == begun.lower() else each, "keyword") for each in found]
