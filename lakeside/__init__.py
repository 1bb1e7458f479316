"""Lakeside: share notebooks from JupyterLab, and read tables by the name of their source.

Importing this package costs nothing and needs nothing: kernels import it too, where no Jupyter server is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from .toolbox import get_catalog, get_connection, get_engine, read_sql

__all__ = ["__version__", "get_catalog", "get_connection", "get_engine", "load_ipython_extension", "read_sql"]

#: What the toolbox has: imported when it is used first.
_TOOLS = ("get_catalog", "get_connection", "get_engine", "read_sql")


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from ._version import __version__

        return __version__
    if name in _TOOLS:
        from . import toolbox

        return getattr(toolbox, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext lakeside``: the magics."""
    from .magics import load_ipython_extension as load

    load(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the labextension, relative to this package."""
    return [{"src": "labextension", "dest": "jupyterlab-lakeside"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What Jupyter Server loads; the one place that pulls the front door in."""
    from .extension import Lakeside

    return [{"module": "lakeside", "app": Lakeside}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Loads the front door where a caller asks for the module instead of its extension points."""
    from .extension import Lakeside

    Lakeside._load_jupyter_server_extension(serverapp)
