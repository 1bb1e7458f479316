"""The tables of an Iceberg catalogue, for DuckDB."""

from __future__ import annotations

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
        # Anything may stand in a statement; only what may be a namespace is asked for tables.
        outermost = {namespace[0] for namespace in self._catalog.list_namespaces()}
        for word in sorted(words):
            namespace = tuple(word.split("."))
            if namespace[0] not in outermost or not all(namespace):
                continue
            for name in self._listed(namespace):
                if name in words:
                    yield word, name, IcebergStream(partial(self._catalog.load_table, (*namespace, name)))

    def _listed(self, namespace: tuple[str, ...]) -> list[str]:
        from pyiceberg.exceptions import NoSuchNamespaceError

        try:
            return [str(identifier[-1]) for identifier in self._catalog.list_tables(namespace)]
        except NoSuchNamespaceError:
            return []

    def _below(self, namespace: tuple[str, ...]) -> list[tuple[str, ...]]:
        from pyiceberg.exceptions import NoSuchNamespaceError

        try:
            below: list[tuple[str, ...]] = self._catalog.list_namespaces(namespace)
        except NoSuchNamespaceError:
            # PyIceberg encodes the name of a parent twice: what has other signs than letters is not found by it.
            return []
        return below

    def names(self) -> Sequence[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        waiting = list(self._catalog.list_namespaces())
        while waiting and len(found) < _MOST_NAMES:
            namespace = waiting.pop(0)
            found += [(".".join(namespace), name) for name in self._listed(namespace)]
            waiting += self._below(namespace)
        return found[:_MOST_NAMES]
