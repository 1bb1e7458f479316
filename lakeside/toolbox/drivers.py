"""Drivers, which only those need who use their databases."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..sources.errors import SourceError

_PACKAGES = {"psycopg": "psycopg[binary]", "pymysql": "PyMySQL", "pyiceberg.catalog": "pyiceberg"}


def driver(module: str, source: str) -> Any:
    """A module of Python that reads a source.

    :raises SourceError: where it is not installed, with the line that installs it
    """
    try:
        return import_module(module)
    except ImportError:
        package = _PACKAGES.get(module, module)
        raise SourceError(
            f"{source} needs the package {package} in this kernel. Install it: pip install 'lakeside[sql]'"
        ) from None
