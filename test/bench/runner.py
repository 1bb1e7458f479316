"""The notebook runner against papermill, in one run: start, overhead of a cell, runs a minute, memory.

papermill runs in a process that has imported it already, so its figures hold no imports; no more do the runner's.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from report import MB, options, report, row

ROUNDS = 7
CELLS = 1000
JOBS = 40
AT_ONCE = 4


class Runner:
    """A ``--serve`` process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lakeside.runner", "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.wait("ready")

    def send(self, **request: Any) -> None:
        assert self.process.stdin
        print(json.dumps(request), file=self.process.stdin, flush=True)

    def wait(self, *names: str) -> dict[str, Any]:
        assert self.process.stdout
        return next(event for event in map(json.loads, self.process.stdout) if event["event"] in names)

    def start(self, notebook: Path) -> None:
        self.number += 1
        run_id = f"r{self.number}"
        self.send(op="run", id=run_id, notebook=str(notebook), out=str(self.folder / run_id))

    def run(self, notebook: Path) -> float:
        """Seconds from the request to the end told, when its files are on the disk."""
        began = time.perf_counter()
        self.start(notebook)
        told = self.wait("finished")
        took = time.perf_counter() - began
        assert told["state"] == "SUCCEEDED", told["reason"]
        self.wait("released")
        return took


def written(folder: Path, name: str, cells: list[str]) -> Path:
    """A notebook on disk."""
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    made["metadata"]["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python"}
    path = folder / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


def peer(notebook: Path) -> float:
    """Seconds that papermill takes."""
    began = time.perf_counter()
    papermill.execute_notebook(notebook, notebook.with_suffix(".out.ipynb"), progress_bar=False)
    return time.perf_counter() - began


def warm_times(runner: Runner, empty: Path) -> list[float]:
    """Runs on a kernel that was started before."""
    times = []
    for _ in range(ROUNDS):
        runner.send(op="warm", kernel="python3", count=1)
        runner.wait("warm")
        # What starts the next kernel waits: so does the measurement, until the machine is quiet again.
        time.sleep(1)
        times.append(runner.run(empty))
    runner.send(op="warm", kernel="python3", count=0)
    runner.wait("warm")
    return times


def jobs_a_minute(runner: Runner, empty: Path) -> float:
    """Runs a minute, so many at once."""
    began = time.perf_counter()
    for _ in range(AT_ONCE):
        runner.start(empty)
    for left in range(JOBS, 0, -1):
        assert runner.wait("finished")["state"] == "SUCCEEDED"
        if left > AT_ONCE:
            runner.start(empty)
    took = time.perf_counter() - began
    return JOBS / took * 60


def memory(runner: Runner, sleeping: Path) -> tuple[float, float]:
    """Unique bytes of the runner, and of each of its kernels while so many run."""
    for _ in range(AT_ONCE):
        runner.start(sleeping)
    for _ in range(AT_ONCE):
        runner.wait("output")
    process = psutil.Process(runner.process.pid)
    kernels = [child.memory_full_info().uss for child in process.children()]
    fixed = process.memory_full_info().uss
    for _ in range(AT_ONCE):
        runner.wait("finished")
    return fixed, statistics.mean(kernels)


def main() -> None:
    chosen = options(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        empty, many = written(folder, "empty", ["pass"]), written(folder, "many", ["pass"] * CELLS)
        sleeping = written(folder, "sleeping", ["import time\nprint('here', flush=True)\ntime.sleep(5)"])
        runner = Runner(folder)
        runner.run(empty)
        peer(empty)
        cold = statistics.median(runner.run(empty) for _ in range(ROUNDS))
        peer_cold = statistics.median(peer(empty) for _ in range(3))
        ours = (runner.run(many) - cold) / CELLS * 1000
        theirs = (peer(many) - peer_cold) / CELLS * 1000
        warm = statistics.median(warm_times(runner, empty))
        rate = jobs_a_minute(runner, empty)
        fixed, each = memory(runner, sleeping)
        runner.send(op="exit")
        runner.process.wait(60)
    report(
        [
            row("empty notebook with a cold kernel, to its files on the disk", cold, "s", peer=peer_cold, at_most=0.7),
            row("empty notebook, warm kernel", warm, "s", peer=peer_cold, at_most=0.15),
            row(f"overhead of a cell, notebook of {CELLS:,}", ours, "ms", peer=theirs, times=3),
            row(f"time of a run, {AT_ONCE} at once ({rate:.0f} a minute)", 60 / rate, "s"),
            row("memory of the runner itself", fixed / MB, "MiB", at_most=60),
            row(f"memory of each of {AT_ONCE} kernels", each / MB, "MiB", at_most=45),
        ],
        chosen.json,
        peer="papermill",
        notes=[f"Memory is what a process shares with no other. Medians of {ROUNDS}; papermill's of 3."],
    )


if __name__ == "__main__":
    main()
