"""Names that a process knows of its sources. Asked for in threads: nobody waits for a source that does not answer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...sources.record import Source
from . import catalogue
from .catalogue import MOST, Table

#: Seconds that a press of Tab waits for the first answer.
PATIENCE = 1.0
#: Seconds that names are believed; that a source which failed is left alone.
FRESH, REST = 300.0, 20.0
#: Questions whose answers are remembered.
_ROOM = 200
#: Questions that wait for a source at once.
_AT_ONCE = 4


@dataclass
class _Asked:
    began: float
    done: threading.Event = field(default_factory=threading.Event)
    found: Sequence[Any] | None = None


class Names:
    """Tables and columns by source."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._asked: OrderedDict[tuple[str, ...], _Asked] = OrderedDict()
        self._sources: dict[str, Source] = {}
        self._clock = clock

    def tables(self, source: Source, prefix: str, schema: str = "") -> Sequence[Table]:
        """Tables whose name may begin with something; none where the source does not answer in time.

        :param schema: the only one that is meant; empty for all
        """
        found = self._wait([self._ask(source, ("tables",), lambda: catalogue.tables(source))])
        if len(found) <= MOST:
            return found
        key = ("tables", prefix.lower(), schema)
        part = self._wait([self._ask(source, key, lambda: catalogue.tables(source, prefix, schema))])
        return part or found[:MOST]

    def columns(self, source: Source, tables: Sequence[tuple[str, str]]) -> Sequence[str]:
        """Columns of tables, one after the other; of those that do not answer in time, none.

        :param tables: schema, empty for what the name alone means; name
        """
        return self._wait(
            [self._ask(source, ("columns", *table), partial(catalogue.columns, source, *table)) for table in tables]
        )

    def forget(self, source: str) -> None:
        """Forgets what is known of a source, by its name: a statement changed something there."""
        for key in [key for key in self._asked if key[0] == source]:
            del self._asked[key]

    def _ask(self, source: Source, what: tuple[str, ...], ask: Callable[[], Sequence[Any]]) -> _Asked | None:
        if self._sources.get(source.id) != source:
            self.forget(source.id)
            self._sources[source.id] = source
        key, now = (source.id, *what), self._clock()
        asked = self._asked.get(key)
        if asked is None or (asked.done.is_set() and now - asked.began > (REST if asked.found is None else FRESH)):
            if sum(not each.done.is_set() for each in self._asked.values()) >= _AT_ONCE:
                return None
            asked = self._begin(key, now, ask)
        return asked

    def _wait(self, asked: Sequence[_Asked | None]) -> list[Any]:
        found: list[Any] = []
        for each in asked:
            if each is not None:
                each.done.wait(max(0.0, each.began + PATIENCE - self._clock()))
                found += each.found or ()
        return found

    def _begin(self, key: tuple[str, ...], now: float, ask: Callable[[], Sequence[Any]]) -> _Asked:
        asked = self._asked[key] = _Asked(now)
        while len(self._asked) > _ROOM:
            self._asked.popitem(last=False)

        def work() -> None:
            # Whatever a source or a driver does: a press of Tab says nothing of it. The cell's own run does.
            try:
                asked.found = ask()
            except Exception:
                asked.found = None
            finally:
                asked.done.set()

        threading.Thread(target=work, name="lakeside-names", daemon=True).start()
        return asked
