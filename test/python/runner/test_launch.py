"""How Python kernels are started: without the debugger, and otherwise as Jupyter starts them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from running import ROOT, Runner, notebook

from lakeside.runner.launch import without_debugger

#: What a notebook could tell one start from another by, but for what belongs to a run.
SEEN = """
import __main__, json, sys
print(json.dumps({
    "argv0": sys.argv[0], "path": sys.path, "main": sorted(name for name in vars(__main__) if name.startswith("__")),
    "spec": repr(__main__.__spec__), "file": getattr(__main__, "__file__", None), "flags": repr(sys.flags),
}))
"""


def test_a_kernel_loads_no_debugger(runner: Runner) -> None:
    loaded = "import sys\nprint([name for name in ('debugpy', 'pydevd', '_pydevd_bundle') if name in sys.modules])"
    ran = runner.run(notebook(loaded))
    assert ran.text(0) == "[]\n"


def test_a_cell_can_import_the_debugger(runner: Runner) -> None:
    ran = runner.run(notebook("import debugpy\nprint(debugpy.listen is not None)"))
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.text(0) == "True\n"


def test_a_notebook_sees_the_kernel_that_jupyter_starts(runner: Runner) -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    said: list[str] = []
    try:
        client.execute_interactive(SEEN, output_hook=lambda message: said.append(message["content"].get("text", "")))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    ran = runner.run(notebook(SEEN))
    theirs, ours = (json.loads(text) for text in ("".join(filter(None, said)), ran.text(0)))
    for seen in (theirs, ours):
        # In the PYTHONPATH of the runner of this test.
        seen["path"] = [place for place in seen["path"] if place != str(ROOT)]
    assert ours == theirs


def test_files_beside_the_notebook_stand_for_no_module_of_the_start(runner: Runner, tmp_path: Path) -> None:
    for name in ("runpy", "ipykernel", "debugpy", "traitlets"):
        (tmp_path / f"{name}.py").write_text("raise SystemError('this was not meant')")
    ran = runner.run(notebook("print('well')"), cwd=str(tmp_path))
    assert ran.ended == ("SUCCEEDED", 0)


def test_only_the_usual_command_is_changed() -> None:
    usual = [sys.executable, "-X", "dev", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    changed = without_debugger(usual)
    assert changed[:4] == [*usual[:3], "-c"]
    assert changed[5:] == usual[5:]
    # A command's words are templates.
    assert "{" not in changed[4]
    for other in (["bash", "-c", "exec python -m ipykernel_launcher"], ["python", "-m", "xeus"], ["-m"], []):
        assert without_debugger(other) == other
