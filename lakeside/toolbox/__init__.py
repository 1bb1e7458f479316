"""Connections by the name of a source: no password stands in any notebook. Imports no driver until one is asked for."""

from __future__ import annotations

from .connections import get_catalog, get_connection, get_engine
from .reading import read_sql

__all__ = ["get_catalog", "get_connection", "get_engine", "read_sql"]
