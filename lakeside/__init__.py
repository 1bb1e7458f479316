"""Lakeside: share notebooks from JupyterLab.

Importing this package costs nothing and needs nothing: kernels import it too, where no Jupyter server is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from ._version import __version__

        return __version__
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
