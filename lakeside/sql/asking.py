"""One cell of SQL, from its text to its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..sources import Source
from . import cache
from .addresses import chosen
from .answer import Answer
from .frames import checked_engine
from .options import Options
from .sessions import modes_of, run_all
from .statement import prepare


@dataclass
class Asked:
    """An answer, and what to say about it."""

    answer: Answer
    seconds: float
    source: Source
    #: Whether something may be other than before at the source.
    changes: bool
    #: Seconds since the answer was given, where it was kept.
    age: float | None = None
    #: Whether a password stood in the cell.
    tells_password: bool = False


class Asker:
    """Remembers the connection string that was used last: later cells go there too, as with other magics."""

    def __init__(self) -> None:
        self.last: Source | None = None

    def source(self, options: Options) -> tuple[Source, bool]:
        """The source that is meant, and whether the cell holds a password."""
        source, tells = chosen(options, self.last)
        if options.address is not None:
            self.last = source
        return source, tells

    def ask(self, sql: str, options: Options, evaluate: Callable[[str], Any]) -> Asked:
        """Runs statements, or takes the answer that is kept.

        :param evaluate: works out an expression of ``{{…}}``
        :raises SourceError: a sentence with the cure
        """
        checked_engine(options.engine)
        source, tells = self.source(options)
        began = time.monotonic()
        modes = modes_of(source)
        statements = prepare(sql, source.dialect, evaluate, modes)
        is_kept = options.cache is not None and len(statements) == 1 and statements[0].is_query
        name = cache.key(source, statements, options.rows) if is_kept else ""
        if is_kept and not options.refresh:
            kept = cache.load(name, time.time() - (options.cache or 0))
            if kept is not None:
                return Asked(
                    kept.answer, time.monotonic() - began, source, False, max(0.0, time.time() - kept.at), tells
                )
        answer = run_all(source, statements, options.rows)
        if is_kept:
            cache.save(name, answer)
        elif options.cache is not None:
            answer.notes.append("This was not kept: --cache is for one statement that reads.")
        changes = not all(each.is_query for each in statements)
        return Asked(answer, time.monotonic() - began, source, changes, None, tells)


def sentence(asked: Asked, options: Options) -> str:
    """What is said below a cell."""
    answer = asked.answer
    if answer.table is None:
        return "Done." if answer.changed is None else f"{_count(answer.changed, 'row')} changed."
    rows = _count(answer.table.num_rows, "row")
    said = f"first {answer.table.num_rows:,} of more" if answer.more else rows
    said = f"{said} \N{MULTIPLICATION SIGN} {_count(answer.table.num_columns, 'column')}"
    if asked.age is not None:
        said += f", kept {_span(asked.age)} ago (--refresh asks anew)"
    else:
        said += f" in {_span(asked.seconds)}"
    if options.variable:
        said = f"{options.variable}: {said}"
    return said[0].upper() + said[1:] + "." if not options.variable else said + "."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _span(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"
