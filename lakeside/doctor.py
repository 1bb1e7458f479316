"""What is installed beside Lakeside, as JSON for ``lakeside doctor``: ``python -m lakeside.doctor``."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("lakeside", "jupyterlab", "notebook", "jupyter_server", "aiohttp")
LABEXTENSION = "jupyterlab-lakeside"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _first(folders: list[str], *parts: str) -> Path | None:
    for folder in folders:
        path = Path(folder, *parts)
        if path.exists():
            return path
    return None


def facts() -> dict[str, object]:
    """Versions of the packages and where Jupyter finds the two extensions; ``None`` where it does not."""
    labextension = server = None
    try:
        from jupyter_core.paths import jupyter_config_path, jupyter_path
    except ImportError:
        pass
    else:
        package = _first(jupyter_path("labextensions"), LABEXTENSION, "package.json")
        if package is not None:
            labextension = {
                "path": str(package.parent),
                "version": json.loads(package.read_text("utf-8"))["version"],
            }
        server = _first(jupyter_config_path(), "jupyter_server_config.d", "lakeside.json")
    return {
        "python": platform.python_version(),
        "packages": {package: _version(package) for package in PACKAGES},
        "labextension": labextension,
        "serverExtension": None if server is None else str(server),
    }


if __name__ == "__main__":
    print(json.dumps(facts()))
