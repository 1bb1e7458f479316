"""The code that makes a Python kernel ready for a run, before its first cell."""

from __future__ import annotations

import json
from pathlib import Path

_MAGICS = Path(__file__).resolve().parent.parent / "magics"

_CODE = """\
def _lakeside_ready(given):
    import importlib.util, json, os, sys
    told = json.loads(given)
    os.chdir(told["cwd"])
    for name, value in told["env"].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    try:
        import lakeside.magics as magics
    except ImportError:
        # A kernel in an environment of its own: the same files, under a name of their own.
        spec = importlib.util.spec_from_file_location(
            "lakeside_magics", told["magics"] + "/__init__.py", submodule_search_locations=[told["magics"]]
        )
        magics = importlib.util.module_from_spec(spec)
        sys.modules["lakeside_magics"] = magics
        spec.loader.exec_module(magics)
    magics.load_ipython_extension(get_ipython())
    magics.limit_output(get_ipython(), told["limit"])
try:
    _lakeside_ready({given})
finally:
    del _lakeside_ready
"""


def bootstrap(cwd: str, env: dict[str, str | None], cell_limit: int) -> str:
    """The code. It leaves no name behind in the notebook's own.

    :param env: variables to set; one that is None is taken away
    :param cell_limit: characters of text that a cell may print
    """
    told = json.dumps({"cwd": cwd, "env": env, "magics": str(_MAGICS), "limit": cell_limit})
    return _CODE.replace("{given}", repr(told))
