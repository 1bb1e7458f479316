"""The sources of tables that the configuration names, for code in kernels. Imports without a Jupyter server."""

from __future__ import annotations

from .errors import SourceError
from .reading import all_sources, find_source
from .record import Source
from .secret import read_secret

__all__ = ["Source", "SourceError", "all_sources", "find_source", "read_secret"]
