"""The memory of notebooks that run at the same time, with all processes that they have."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from jupyterlab import Lab
from scheduleapis import PATIENCE, Side, wait
from watched import held, tree

#: Seconds after the last start, until what a start takes for a moment is given back.
SETTLE = 2.0
RUNNER = "lakeside.runner"
LOOKS = 3


@dataclass(frozen=True)
class Memory:
    """MB, as proportional set size: a page that several processes share counts once.

    :param together: of all processes below the scheduler's
    :param kernels: of each kernel that runs a notebook
    :param runner: of the process that runs them; 0 where each has its own
    """

    together: float
    kernels: Sequence[float]
    runner: float

    @property
    def rest(self) -> float:
        """What is neither: for Lakeside the kernel that waits for the next run."""
        return self.together - sum(self.kernels) - self.runner


def while_running(side: Side, lab: Lab, what: str, here: Path, count: int) -> Memory:
    """Runs so many notebooks at once that wait in their cell, measures, and lets them end.

    :param what: that notebook, or its schedule
    :param here: where its kernels say that they are there
    """
    runs = [side.begin(what) for _ in range(count)]
    deadline = time.monotonic() + PATIENCE
    while len(kernels := [int(found.name) for found in here.iterdir()]) < count:
        assert time.monotonic() < deadline, f"only {len(kernels)} of {count} notebooks run"
        time.sleep(0.1)
    time.sleep(SETTLE)
    found = min((_look(lab, kernels) for _ in range(LOOKS)), key=lambda each: each.together)
    (here / "go").touch()
    for run in runs:
        wait(side, run)
    return found


def _look(lab: Lab, kernels: Sequence[int]) -> Memory:
    runner = _runner_below(lab.pid)
    below = tree(runner) if runner else (pid for pid in tree(lab.pid) if pid != lab.pid)
    each = {pid: held(pid) for pid in below}
    return Memory(sum(each.values()), [each[pid] for pid in kernels], each.get(runner or 0, 0.0))


def _runner_below(pid: int) -> int | None:
    """The process that runs Lakeside's notebooks."""
    for child in psutil.Process(pid).children(recursive=True):
        try:
            if RUNNER in child.cmdline():
                return int(child.pid)
        except psutil.Error:
            continue
    return None
