"""What is offered at a place of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...sources.record import Source
from .keywords import words
from .place import Place, place_at
from .store import Names
from .written import quote_of, written

#: A text to put in place of what was begun, and what it is.
Offer = tuple[str, str]
#: Tables of a statement whose columns are offered.
_MOST_TABLES = 4
MOST = 500


def offers(names: Names, source: Source, sql: str, cursor: int) -> tuple[str, list[Offer]] | None:
    """What may be written at the cursor of a cell of SQL, the likeliest first.

    :param cursor: characters from the beginning of `sql`
    :returns: what is replaced, and by what; None where nothing is to be offered
    """
    place = place_at(sql, cursor, source.dialect)
    if place is None:
        return None
    found = _tables(names, source, place) if place.kind == "table" else _values(names, source, place)
    return place.fragment, list(islice(dict.fromkeys(found), MOST))


def _tables(names: Names, source: Source, place: Place) -> Iterator[Offer]:
    begun = place.begun.casefold()
    schema = _schema(place.before, source)
    tables = names.tables(source, place.begun, schema)
    if schema:
        for table in tables:
            if _same(table.schema, schema) and table.name.casefold().startswith(begun):
                yield _named(table.name, source, place), "table"
        return
    for own in place.own:
        if own.casefold().startswith(begun):
            yield _named(own, source, place), "table"
    for table in tables:
        if table.is_plain and table.name.casefold().startswith(begun):
            yield _named(table.name, source, place), "table"
    for each in dict.fromkeys(table.schema for table in tables if table.schema):
        if each.casefold().startswith(begun):
            yield _named(each, source, place), "schema"
    if not begun or place.is_open:
        return
    for table in tables:
        if not table.is_plain and table.name.casefold().startswith(begun):
            yield f"{written(table.schema, source.dialect)}.{written(table.name, source.dialect)}", "table"


def _values(names: Names, source: Source, place: Place) -> Iterator[Offer]:
    begun = place.begun.casefold()
    if place.before:
        alias = place.before[0] if len(place.before) == 1 else None
        path = next((own for name, own in place.tables.items() if alias and _same(name, alias)), place.before)
        paths = [path]
    else:
        paths = list(place.tables.values())[:_MOST_TABLES]
    for column in names.columns(source, [_table(path, source) for path in paths]):
        if column.casefold().startswith(begun):
            yield _named(column, source, place), "column"
    if place.before or place.is_open:
        return
    for name in place.tables:
        if name.casefold().startswith(begun):
            yield written(name, source.dialect), "table"
    for word in words(place.begun):
        yield word, "keyword"


def _schema(above: tuple[str, ...], source: Source) -> str:
    """What stands before a table; a database before a schema is the one that is connected."""
    return ".".join(above) if source.dialect == "duckdb" else above[-1] if above else ""


def _table(path: tuple[str, ...], source: Source) -> tuple[str, str]:
    return _schema(path[:-1], source), path[-1]


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _named(name: str, source: Source, place: Place) -> str:
    text = written(name, source.dialect, place.is_open)
    # The cell has the closing quote already: editors write both at once.
    return text.removesuffix(quote_of(source.dialect)) if place.is_closed else text
