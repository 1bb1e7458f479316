"""A Lakeside that has been used for long: thousands of schedules, each with runs, and how fast they are listed."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from scheduleapis import Lakeside

sys.path.insert(0, str(Path(__file__).parents[2]))

from lakeside.node import find_node

ROOT = Path(__file__).parents[2]
#: A kernel like `python3` of which none is kept warm.
COLD = "cold"
#: Runs on a page, as the page of a schedule asks for them.
PAGE = 50
ROUNDS = 5


def furnish(folder: Path) -> Path:
    """Writes what both sides find: an empty notebook, and one whose cell goes on until a file `go` is there.

    :returns: where its kernels leave files that are named by their process ids
    """
    root, here = folder / "root", folder / "here"
    root.mkdir(parents=True)
    here.mkdir()
    waiting = f"import os, time\nopen(f'{here}/{{os.getpid()}}', 'w').close()\n"
    waiting += f"while not os.path.exists('{here}/go'):\n    time.sleep(0.05)"
    for name, source in (("empty", "pass"), ("waiting", waiting)):
        made = new_notebook(cells=[new_code_cell(source)])
        made["metadata"]["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python"}
        nbformat.write(made, root / f"{name}.ipynb")
    return here


def install_cold_kernel(folder: Path) -> None:
    """Adds the kernel :data:`COLD` to the Jupyter server of a folder."""
    kernel = folder / "data" / "kernels" / COLD
    kernel.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": words, "display_name": "Cold", "language": "python"}))


def seed(folder: Path, schedules: int, runs: int) -> None:
    """Fills the home of a folder with paused schedules of the account that runs this. :param runs: of each"""
    home = folder / "home"
    home.mkdir(mode=0o700)
    owner = pwd.getpwuid(os.getuid()).pw_name
    words = ["test/bench/schedules/seed.mjs", home, folder / "root", owner, schedules, runs]
    subprocess.run([find_node(), *map(str, words)], cwd=ROOT, check=True)


def warm_up(folder: Path) -> None:
    """Runs the empty notebook once with nobody there, so that Python has compiled what every run imports."""
    words = [sys.executable, "-m", "lakeside.runner", "--notebook", folder / "root" / "empty.ipynb"]
    subprocess.run([*map(str, words), "--out", str(folder / "warm-up")], check=True, stdout=subprocess.DEVNULL)


def list_times(ours: Lakeside, schedules: int) -> tuple[float, float]:
    """The slowest of a few lists of all schedules, and of those that were deleted, in seconds."""
    assert len(ours.ask("GET", "schedules")["schedules"]) == schedules
    return _slowest(ours, "schedules"), _slowest(ours, "schedules?deleted=true")


def filter_times(ours: Lakeside) -> tuple[float, float]:
    """The slowest of a few lists of runs: of those that failed, and of those in a state that none is in."""
    failed, none = (f"runs?state={state}&limit={PAGE}" for state in ("FAILED", "TIMED_OUT"))
    assert len(ours.ask("GET", failed)["runs"]) == PAGE
    return _slowest(ours, failed), _slowest(ours, none)


def page_times(ours: Lakeside, runs: int) -> list[float]:
    """Seconds of each page of the history, to its end, which must hold so many runs."""
    took: list[float] = []
    seen = 0
    after = ""
    while True:
        seconds, page = ours.timed(f"runs?limit={PAGE}{after}")
        took.append(seconds)
        seen += len(page["runs"])
        if "next" not in page:
            assert seen == runs, f"{seen} runs"
            return took
        after = f"&after={page['next']}"


def _slowest(ours: Lakeside, path: str) -> float:
    return max(ours.timed(path)[0] for _ in range(ROUNDS))
