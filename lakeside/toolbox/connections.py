"""``get_connection``, ``get_engine``, ``get_catalog``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..sources import Source, SourceError, find_source
from ..sources.settings import database_settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from sqlalchemy.engine import Engine


def get_connection(source: str | None = None) -> Any:
    """A new connection to a database by the DB-API: psycopg's, or PyMySQL's. Close it, or use it by ``with``.

    Of a source of files or of Iceberg, a connection of DuckDB that knows the tables that are asked for by name.

    :param source: its name in the configuration; the only one there is where it is None
    :raises SourceError: a sentence with the cure, without a secret
    """
    return connect(find_source(source))


def connect(source: Source) -> Any:
    """`get_connection` for a source that was found."""
    if source.dialect == "postgresql":
        from .postgresql import connect as connect_postgresql

        return connect_postgresql(source.id, database_settings(source))
    if source.dialect == "mysql":
        from .mysql import connect as connect_mysql

        return connect_mysql(source.id, database_settings(source))
    from ..sql.duck import connect as connect_duck

    return connect_duck(source)


def get_engine(source: str | None = None, **options: Any) -> Engine:
    """An engine of SQLAlchemy for a database. Its address holds no password.

    :param options: of ``sqlalchemy.create_engine``
    """
    found = find_source(source)
    if found.dialect == "duckdb":
        raise SourceError(
            f"{found.id} is read by DuckDB, for which there is no engine here. "
            f"Use lakeside.get_connection({found.id!r}) or lakeside.read_sql."
        )
    from sqlalchemy import create_engine

    driver = "postgresql+psycopg" if found.dialect == "postgresql" else "mysql+pymysql"
    return create_engine(f"{driver}://", creator=lambda: connect(found), **options)


def get_catalog(source: str | None = None) -> Catalog:
    """The catalogue of an Iceberg source, as pyiceberg has it."""
    found = find_source(source)
    from .iceberg import open_catalog

    catalog: Catalog = open_catalog(found)
    return catalog
