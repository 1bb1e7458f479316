"""A long-lived runner, and notebooks to run on it. The fixture `runner` is in conftest.py, one folder up."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

#: Seconds after which a test gives up waiting for something that must come.
PATIENCE = 120
PYTHON = {"name": "python3", "language": "python", "display_name": "Python"}
ROOT = Path(__file__).parents[3]


def notebook(*cells: str | tuple[str, list[str]], kernelspec: dict[str, str] | None = PYTHON) -> NotebookNode:
    """A notebook of code cells; a tuple is source and tags, a source that begins with ``#md`` is prose."""
    made: NotebookNode = new_notebook(metadata={"kernelspec": kernelspec} if kernelspec else {})
    for number, cell in enumerate(cells, 1):
        source, tags = cell if isinstance(cell, tuple) else (cell, [])
        new = new_markdown_cell(source[4:]) if source.startswith("#md") else new_code_cell(source)
        new["id"] = f"c{number}"
        if tags:
            new["metadata"]["tags"] = tags
        made["cells"].append(new)
    return made


def environment(folder: Path) -> dict[str, str]:
    """Variables for a runner that sees this worktree, a Bash kernel, and nothing of the person's own."""
    kernel = folder / "kernels" / "bash"
    kernel.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"],
        "display_name": "Bash",
        "language": "bash",
        "env": {"PS1": "$"},
    }
    (kernel / "kernel.json").write_text(json.dumps(spec))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAKESIDE_", "JUPYTER"))}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PATH": str(folder),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONWARNINGS": "ignore",
    }


class Runner:
    """A ``--serve`` process."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self._log = (folder / "runner.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lakeside.runner", "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
            env={**environment(folder), **variables},
            cwd=folder,
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._aside: list[dict[str, Any]] = []
        self._ids = (f"run-{number}" for number in itertools.count(1))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait("ready")

    def _read(self) -> None:
        assert self.process.stdout is not None
        with io.BufferedReader(self.process.stdout) as lines:  # type: ignore[type-var]
            for text in lines:
                self._events.put(json.loads(text))
        self._events.put(None)

    def send(self, **request: Any) -> None:
        """Sends one request."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def wait(self, event: str, **facts: Any) -> dict[str, Any]:
        """The next event of a name with these facts; others wait for who asks for them."""
        wanted = {"event": event, **facts}
        for seen in self._aside:
            if wanted.items() <= seen.items():
                self._aside.remove(seen)
                return seen
        while True:
            got = self._events.get(timeout=PATIENCE)
            assert got is not None, (self.folder / "runner.log").read_text()
            if wanted.items() <= got.items():
                return got
            self._aside.append(got)

    def start(self, made: NotebookNode | Path, **fields: Any) -> Ran:
        """Starts a run of a notebook in a folder of its own."""
        run_id = fields.pop("id", None) or next(self._ids)
        folder = self.folder / "runs" / run_id
        folder.mkdir(parents=True, exist_ok=True)
        path = made if isinstance(made, Path) else folder / "notebook.ipynb"
        if not isinstance(made, Path):
            nbformat.write(made, path)
        self.send(op="run", id=run_id, notebook=str(path), out=str(folder / "out"), **fields)
        return Ran(self, run_id, folder / "out")

    def run(self, made: NotebookNode | Path, **fields: Any) -> Ran:
        """Runs a notebook to its end."""
        return self.start(made, **fields).finish()

    def close(self) -> None:
        """Ends the input; the runner ends by itself."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0, (self.folder / "runner.log").read_text()
        self.reap()

    def reap(self) -> None:
        """Takes leave of an ended process."""
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self._log):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


class Ran:
    """One run and what it left."""

    def __init__(self, runner: Runner, run_id: str, out: Path) -> None:
        self.runner = runner
        self.id = run_id
        self.out = out

    def finish(self) -> Ran:
        """Waits for the end."""
        self.runner.wait("finished", run=self.id)
        return self

    def released(self) -> Ran:
        """Waits until nothing of it is left."""
        self.runner.wait("released", run=self.id)
        return self

    @property
    def record(self) -> dict[str, Any]:
        return dict(json.loads((self.out / "run.json").read_text()))

    @property
    def ended(self) -> tuple[str, int]:
        return self.record["state"], self.record["exitCode"]

    @property
    def reason(self) -> str:
        return str(self.record["reason"])

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "events.ndjson").read_text().splitlines()]

    @property
    def output(self) -> NotebookNode:
        made: NotebookNode = nbformat.read(self.out / "output.ipynb", as_version=4)
        nbformat.validate(made)
        return made

    def text(self, index: int) -> str:
        """What a cell of the output printed."""
        return "".join(each["text"] for each in self.output["cells"][index]["outputs"] if each.output_type == "stream")
