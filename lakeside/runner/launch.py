"""How a Python kernel is started for a run: without the debugger, which nobody attaches to one."""

from __future__ import annotations

from collections.abc import Sequence

_PLAIN = ["-m", "ipykernel_launcher"]

#: As ``python -m ipykernel_launcher``. Loading debugpy takes nearly half of what a kernel needs to start; for
#: ipykernel it is as if it were not installed, a cell can import it still.
_LIGHT = """\
import sys
cwd = sys.path[:1] == [""]
if cwd:
    del sys.path[0]
import runpy
if "debugpy" not in sys.modules:
    sys.modules["debugpy"] = None
    try:
        import ipykernel.debugger
    except ImportError:
        pass
    del sys.modules["debugpy"]
if cwd:
    sys.path.insert(0, "")
runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
"""


def without_debugger(argv: Sequence[str]) -> list[str]:
    """The command of a kernel, such that it loads no debugger. One that is written in another way stays as it is."""
    words = list(argv)
    for at in range(len(words) - 1):
        if words[at : at + 2] == _PLAIN:
            return [*words[:at], "-c", _LIGHT, *words[at + 2 :]]
    return words
