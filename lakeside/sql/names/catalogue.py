"""What a source says of its tables and columns: one question each, on a connection of its own, given up soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from ...sources.record import Source

#: Tables that are asked for at once; beyond them names are asked for by how they begin.
MOST = 20_000
#: Tables whose name begins as somebody wrote.
MOST_BY_PREFIX = 500
#: Seconds that a server may take.
_PATIENCE = 5


@dataclass(frozen=True)
class Table:
    """A table by its name."""

    #: Empty where files lie at the top of their folder.
    schema: str
    name: str
    #: Whether its name alone means it.
    is_plain: bool


def tables(source: Source, prefix: str | None = None, schema: str = "") -> Sequence[Table]:
    """The tables of a source, those first that need no schema; one more than `MOST` where there are more.

    :param prefix: how the name begins, capitals or not; then `MOST_BY_PREFIX` at most, of a schema where one is named
    """
    if source.dialect == "postgresql":
        return _postgresql_tables(source, prefix, schema)
    if source.dialect == "mysql":
        return _mysql_tables(source, prefix, schema)
    from ..duck import tables_of

    found = [Table(schema, name, not schema) for schema, name in tables_of(source).names()]
    if prefix is not None:
        found = [each for each in found if each.name.casefold().startswith(prefix.casefold())]
    return sorted(found[:MOST], key=lambda each: (not each.is_plain, each.schema, each.name))


def columns(source: Source, schema: str, name: str) -> Sequence[str]:
    """The columns of a table, in their order; none where there is no such table.

    :param schema: empty for what the name alone means
    """
    if source.dialect == "postgresql":
        return _postgresql_columns(source, schema, name)
    if source.dialect == "mysql":
        return _mysql_columns(source, schema, name)
    from ..duck import DuckSession

    with closing(DuckSession(source)) as session:
        return session.columns(schema, name)


_PG_TABLES = """SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg!_temp%%' ESCAPE '!'
    AND has_schema_privilege(n.oid, 'USAGE') AND (%s = '' OR lower(c.relname) LIKE %s ESCAPE '!')
    AND (%s = '' OR n.nspname = %s) ORDER BY 3 DESC, 1, 2 LIMIT %s"""
_PG_COLUMNS = """SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = %s
    AND ((%s = '' AND pg_table_is_visible(c.oid)) OR n.nspname = %s)
    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""


@contextmanager
def _postgresql(source: Source) -> Iterator[Callable[[str, Sequence[Any]], Sequence[Any]]]:
    import psycopg

    from ...sources.settings import database_settings
    from ...toolbox.postgresql import connect

    options = {"autocommit": True, "cursor_factory": psycopg.ClientCursor}
    connection = connect(source.id, database_settings(source), **options)
    with closing(connection):
        connection.execute(f"SET statement_timeout TO {_PATIENCE * 1000}")
        yield lambda query, values: connection.execute(query, values).fetchall()


def _postgresql_tables(source: Source, prefix: str | None, schema: str) -> Sequence[Table]:
    most = MOST + 1 if prefix is None else MOST_BY_PREFIX
    values = [prefix or "", _pattern(prefix), schema, schema, most]
    with _postgresql(source) as ask:
        return [Table(*row) for row in ask(_PG_TABLES, values)]


def _postgresql_columns(source: Source, schema: str, name: str) -> Sequence[str]:
    with _postgresql(source) as ask:
        return [row[0] for row in ask(_PG_COLUMNS, [name, schema, schema])]


_MY_TABLES = """SELECT table_schema, table_name, table_schema = DATABASE() FROM information_schema.tables
    WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
    AND (%s = '' OR LOWER(table_name) LIKE %s ESCAPE '!') AND (%s = '' OR table_schema = %s)
    ORDER BY 3 DESC, 1, 2 LIMIT %s"""
_MY_COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = IF(%s = '', DATABASE(), %s) AND table_name = %s ORDER BY ordinal_position"""


def _mysql(source: Source, query: str, values: Sequence[Any]) -> Sequence[Any]:
    from ...sources.settings import database_settings
    from ...toolbox.mysql import connect

    connection = connect(source.id, database_settings(source), read_timeout=_PATIENCE)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: Sequence[Any] = cursor.fetchall()
        return rows


def _mysql_tables(source: Source, prefix: str | None, schema: str) -> Sequence[Table]:
    most = MOST + 1 if prefix is None else MOST_BY_PREFIX
    values = [prefix or "", _pattern(prefix), schema, schema, most]
    return [Table(str(schema), str(name), bool(own)) for schema, name, own in _mysql(source, _MY_TABLES, values)]


def _mysql_columns(source: Source, schema: str, name: str) -> Sequence[str]:
    return [str(row[0]) for row in _mysql(source, _MY_COLUMNS, [schema, schema, name])]


def _pattern(prefix: str | None) -> str:
    escaped = (prefix or "").lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return escaped + "%"
