"""Magics for notebooks: ``%load_ext lakeside.magics``; a scheduled run has them without it.

Needs IPython and nothing else.
"""

from __future__ import annotations

from typing import Any

from .checks import Checks
from .errors import CheckFailed, CredentialRefused
from .limits import limit_output
from .sql import Sql

__all__ = ["CheckFailed", "CredentialRefused", "limit_output", "load_ipython_extension"]


def load_ipython_extension(shell: Any) -> None:
    """Adds ``%expect``, ``%notify``, ``%sql`` and ``%%sql``, with completion."""
    sql = Sql(shell)
    shell.register_magics(Checks, sql)
    sql.completer.install(shell)
