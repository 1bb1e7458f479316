"""Files and Iceberg to Arrow, by DuckDB in the kernel. It loads no extension and reaches no network by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa

from ..sources.errors import SourceError, StatementError
from ..sources.record import Source
from ..sources.secret import follows_profile
from ..toolbox.drivers import driver
from ..toolbox.iceberg import brief
from .answer import Answer, unique_names
from .icebergstream import IcebergStream
from .lexer import pieces
from .names.written import written
from .statement import Statement


class Tables(Protocol):
    """Where the tables of a source come from."""

    def named(self, words: set[str]) -> Iterator[tuple[str, str, Any]]:
        """The tables that a statement with these words may mean.

        :returns: schema, name, and what DuckDB reads it from: a text of SQL, or an object of Arrow
        """

    def names(self) -> Sequence[tuple[str, str]]:
        """Schemas and names of tables, some thousands at most."""


def tables_of(source: Source) -> Tables:
    """The tables of a source of files, or of an Iceberg catalogue."""
    if source.kind == "files":
        from .ducklake import LakeTables

        return LakeTables(source)
    from .duckiceberg import CatalogTables

    return CatalogTables(source)


def connect(source: Source) -> Any:
    """A connection of DuckDB in which the tables at the top of a source are views, and its schemas are schemas."""
    session = DuckSession(source)
    session.mount({part for schema, name in session.names() for part in (schema, name)})
    return session.connection


class DuckSession:
    """A database in memory; the tables that a statement names appear in it as views."""

    def __init__(self, source: Source) -> None:
        duckdb = driver("duckdb", source.id)
        self._name = source.id
        self._errors = duckdb.Error
        self._source = source
        self._follows = follows_profile(source.settings)
        with _read(source.id):
            self._tables = tables_of(source)
        self.connection = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
        )
        self._dialect = source.dialect
        self._views: dict[tuple[str, str], int] = {}

    def modes(self) -> str:
        return ""

    def run(self, statement: Statement, limit: int | None) -> Answer:
        self.mount(_words(statement.text))
        text, values = _numbered(statement)
        try:
            if not statement.is_query or statement.verb in ("explain", "show", "describe", "desc"):
                return self._executed(text, values, limit)
            relation = self.connection.sql(text, params=values) if values else self.connection.sql(text)
            if relation is None:
                return Answer(None)
            return _answer((relation if limit is None else relation.limit(limit + 1)).to_arrow_table(), limit)
        except self._errors as error:
            raise StatementError(self._said(str(error))) from None

    def _executed(self, text: str, values: dict[str, Any], limit: int | None) -> Answer:
        done = self.connection.execute(text, values or None)
        if not done.description:
            return Answer(None)
        names, rows = [column[0] for column in done.description], done.fetchall()
        if names == ["Count"] and len(rows) == 1:
            return Answer(None, changed=rows[0][0])
        arrays = [pa.array([row[at] for row in rows]) for at in range(len(names))]
        return _answer(pa.table(arrays, names=unique_names(names)[0]), limit)

    def mount(self, words: set[str]) -> None:
        """Makes a view of each table that these words may name."""
        for number, (schema, name, content) in enumerate(self._named(words)):
            target = f"{_quoted(schema)}.{_quoted(name)}" if schema else f"main.{_quoted(name)}"
            try:
                if schema:
                    self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
                if not isinstance(content, str):
                    place = self._views.setdefault((schema, name), len(self._views) + number)
                    content = self._registered(f"lakeside_{place}", content)
                self.connection.execute(f"CREATE OR REPLACE VIEW {target} AS {content}")
            except self._errors as error:
                raise SourceError(f"{schema}{'.' if schema else ''}{name} cannot be read: {_first(error)}") from None

    def names(self) -> Sequence[tuple[str, str]]:
        """Schemas and names of tables, some thousands at most."""
        with _read(self._name):
            return self._now().names()

    def _named(self, words: set[str]) -> Sequence[tuple[str, str, Any]]:
        with _read(self._name):
            return list(self._now().named(words))

    def _now(self) -> Tables:
        """The tables, with the keys of now where those are a profile's."""
        if self._follows:
            self._tables = tables_of(self._source)
        return self._tables

    def _registered(self, place: str, content: Any) -> str:
        self.connection.register(place, content)
        return f"FROM {place}"

    def columns(self, schema: str, name: str) -> Sequence[str]:
        """The columns of a table; none where there is no such table."""
        for own_schema, own_name, content in self._named({schema, name} - {""}):
            if (own_schema.casefold(), own_name.casefold()) == (schema.casefold(), name.casefold()):
                if isinstance(content, str):
                    return list(self.connection.sql(content).columns)
                return content.columns() if isinstance(content, IcebergStream) else list(content.schema.names)
        return []

    def is_closed(self) -> bool:
        return False

    def close(self) -> None:
        self.connection.close()

    def _said(self, text: str) -> str:
        missing = re.search(r"Table with name (.+?) does not exist", text)
        if missing is None:
            return text.strip()
        known = [".".join(written(part, "duckdb") for part in name if part) for name in self.names()[:20]]
        return f"There is no table {missing[1]}. There are: {', '.join(known) or 'none'}."


@contextmanager
def _read(source: str) -> Iterator[None]:
    """Makes a sentence of what reading the tables of a source raises."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"{source}: its tables cannot be read ({brief(error)}).") from None


def _words(text: str) -> set[str]:
    """Every name that a text of SQL may mean, as it is written there."""
    words: set[str] = set()
    for piece in pieces(text, "duckdb", takes_values=False):
        if piece.kind == "name":
            words.add(piece.text[1:-1].replace('""', '"'))
        elif piece.kind == "code":
            words.update(re.findall(r"[^\W\d]\w*", piece.text))
    return words


def _numbered(statement: Statement) -> tuple[str, dict[str, Any]]:
    """DuckDB's own way to name values."""
    if not statement.values:
        return statement.text, {}
    parts = re.split(r"(%%|%s)", statement.text)
    number = 0
    for at, part in enumerate(parts):
        if part == "%%":
            parts[at] = "%"
        elif part == "%s":
            number += 1
            parts[at] = f"$lakeside_{number}"
    return "".join(parts), {f"lakeside_{at}": value for at, value in enumerate(statement.values, 1)}


def _answer(table: pa.Table, limit: int | None) -> Answer:
    names, notes = unique_names(table.column_names)
    table = _whole_numbers(table.rename_columns(names))
    if limit is None or table.num_rows <= limit:
        return Answer(table, notes=notes)
    return Answer(table.slice(0, limit), notes=notes, more=True)


def _whole_numbers(table: pa.Table) -> pa.Table:
    """Sums of whole numbers are 128 bits wide; those that fit 64 become such."""
    for at, column in enumerate(table.schema):
        if column.type == pa.decimal128(38, 0):
            try:
                table = table.set_column(at, column.name, table.column(at).cast(pa.int64()))
            except pa.ArrowInvalid:
                continue
    return table


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
