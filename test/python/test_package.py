"""The package itself: versions agree, importing it is free, both sides speak of the same problems."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from conftest import ROOT

import lakeside
from lakeside.down import PROBLEMS


def test_one_version_everywhere() -> None:
    version = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
    assert lakeside.__version__ == version
    assert json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))["info"]["version"] == version
    assert json.loads((ROOT / "lakeside" / "labextension" / "package.json").read_text("utf-8"))["version"] == version


def test_names_agree() -> None:
    name = json.loads((ROOT / "package.json").read_text("utf-8"))["name"]
    assert [path["dest"] for path in lakeside._jupyter_labextension_paths()] == [name]
    enabled = json.loads((ROOT / "jupyter-config" / "server-config" / "lakeside.json").read_text("utf-8"))
    assert enabled == {"ServerApp": {"jpserver_extensions": {"lakeside": True}}}
    assert [point["module"] for point in lakeside._jupyter_server_extension_points()] == ["lakeside"]


def test_imports_where_no_jupyter_server_is() -> None:
    blocked = (
        "import sys\nfor name in ('jupyter_server', 'tornado', 'aiohttp', 'traitlets'): sys.modules[name] = None\n"
    )
    code = blocked + "import lakeside; print(lakeside.__version__, len([m for m in sys.modules if 'lakeside' in m]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [lakeside.__version__, "2"]


def test_runner_and_magics_import_without_a_jupyter_server() -> None:
    # Images for kernels have no Jupyter server. The runner's command line waits with what is slow to import.
    for names, modules in (
        (("jupyter_server", "aiohttp", "tornado", "jupyterlab", "nbclient"), ["lakeside.runner.request"]),
        (("jupyter_server", "aiohttp", "jupyterlab", "yaml"), ["lakeside.runner.cli", "lakeside.runner.serve"]),
        (("jupyter_server", "aiohttp", "nbformat", "nbclient", "jupyter_client", "zmq"), ["lakeside.magics"]),
    ):
        code = f"import sys\nfor name in {names!r}: sys.modules[name] = None\nimport {', '.join(modules)}"
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_the_extension_starts_without_aiohttp() -> None:
    # Importing it takes as long as all of Jupyter may be delayed.
    code = "import sys; import lakeside.extension; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_problems_are_those_of_the_contract() -> None:
    source = (ROOT / "contract" / "problem.ts").read_text("utf-8")
    lines = re.findall(r"^  '?([a-z-]+)'?: \{ status: (\d+), title: '([^']*)' \}", source, re.MULTILINE)
    known = {code: (int(status), title) for code, status, title in lines}
    assert len(known) > 20
    for code, facts in PROBLEMS.items():
        assert known[code] == facts
