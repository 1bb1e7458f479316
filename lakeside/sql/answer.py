"""What a statement gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from .statement import Statement


@dataclass
class Answer:
    """Rows as an Arrow table, or how many rows were changed."""

    #: None where the statement gives no rows.
    table: pa.Table | None
    #: Rows that were changed, where the source tells.
    changed: int | None = None
    #: Whether there are more rows than the limit let through.
    more: bool = False
    #: What people should know of the values, as sentences.
    notes: list[str] = field(default_factory=list)


class Session(Protocol):
    """A connection to a source that cells use one after the other."""

    def run(self, statement: Statement, limit: int | None) -> Answer:
        """Runs one statement; an interrupt of the kernel stops it at the source too.

        :param limit: rows, at most; None for all
        :raises SourceError: with the source's own words
        """

    def modes(self) -> str:
        """What changes the meaning of quotes: MySQL's ``@@sql_mode``."""

    def is_closed(self) -> bool:
        """Whether it ended, or broke."""

    def close(self) -> None:
        """Ends it."""


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names of columns with a number after those that come again, and a note where there are any."""
    taken: set[str] = set()
    given: list[str] = []
    known = set(names)
    for name in names:
        own, number = name, 1
        while own in taken or (own != name and own in known):
            own, number = f"{name}_{number}", number + 1
        taken.add(own)
        given.append(own)
    again = [new for old, new in zip(names, given, strict=True) if old != new]
    return given, [f"Columns of the same name have a number now: {', '.join(again[:5])}."] if again else []
