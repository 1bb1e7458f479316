"""Folders that Lakeside uses. Standard library only: the command line imports this."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

#: The program folder that the build fills: main.js, cli.js, renderer.js and their files.
PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sidecar")


def lakeside_home(environment: Mapping[str, str] = os.environ) -> str:
    """The folder that holds archive, state and spool: ``LAKESIDE_HOME``, else below the XDG data folder."""
    chosen = environment.get("LAKESIDE_HOME")
    return os.path.abspath(chosen) if chosen else os.path.join(_data_home(environment), "lakeside")


def compile_cache(environment: Mapping[str, str] = os.environ) -> str:
    """The lasting folder for Node's compiled code, inside Jupyter's data folder."""
    data = environment.get("JUPYTER_DATA_DIR")
    if not data:
        mac = sys.platform == "darwin"
        data = os.path.expanduser("~/Library/Jupyter") if mac else os.path.join(_data_home(environment), "jupyter")
    return os.path.join(data, "lakeside", "compile-cache")


def _data_home(environment: Mapping[str, str]) -> str:
    chosen = environment.get("XDG_DATA_HOME", "")
    return chosen if os.path.isabs(chosen) else os.path.expanduser("~/.local/share")
