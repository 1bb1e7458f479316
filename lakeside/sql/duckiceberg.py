"""The tables of an Iceberg catalogue, for DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ..sources.record import Source
from ..toolbox.iceberg import open_catalog
from .icebergstream import IcebergStream

_MOST_NAMES = 2000


class CatalogTables:
    """Tables as `"outer.inner"."table"`: the levels of a namespace are joined by a full stop."""

    def __init__(self, source: Source) -> None:
        self._catalog = open_catalog(source)

    def named(self, words: set[str]) -> Iterator[tuple[str, str, Any]]:
        for word in sorted(words):
            # Anything may stand in a statement; only what the catalogue knows as a namespace is asked for tables.
            if not re.fullmatch(r"[^\s()]+", word):
                continue
            for name in self._names_in(tuple(word.split("."))):
                if name in words:
                    identifier = (*word.split("."), name)
                    yield word, name, IcebergStream(partial(self._catalog.load_table, identifier))

    def _names_in(self, namespace: tuple[str, ...]) -> list[str]:
        return self._listed(namespace) if namespace[0] in self._outermost() else []

    def _listed(self, namespace: tuple[str, ...]) -> list[str]:
        from pyiceberg.exceptions import NoSuchNamespaceError

        try:
            return [str(identifier[-1]) for identifier in self._catalog.list_tables(namespace)]
        except NoSuchNamespaceError:
            return []

    def _outermost(self) -> set[str]:
        return {namespace[0] for namespace in self._catalog.list_namespaces()}

    def names(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        waiting = list(self._catalog.list_namespaces())
        while waiting and len(found) < _MOST_NAMES:
            namespace = waiting.pop(0)
            found += [(".".join(namespace), name) for name in self._listed(namespace)]
            waiting += self._catalog.list_namespaces(namespace)
        return found[:_MOST_NAMES]
