"""Runs a program and watches all processes that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_EVERY = 0.03


@dataclass
class Watch:
    """The memory of a process and all below it, as long as the block runs.

    Memory is the proportional set size: a page that several processes share counts once.
    """

    pid: int
    #: The most that all of them held at a time, in MB.
    peak: float = 0.0
    #: What each of them held then: the beginning of its command, MB.
    parts: list[tuple[str, float]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY):
            parts = [(_command(pid), held(pid)) for pid in tree(self.pid)]
            if (total := sum(held for _, held in parts)) > self.peak:
                self.peak, self.parts = total, parts


@dataclass(frozen=True)
class Run:
    """What a program took."""

    seconds: float
    #: Seconds of the processor, of all its processes.
    cpu: float
    #: MB.
    memory: float
    parts: list[tuple[str, float]]
    output: str


def run(command: list[str], environment: dict[str, str], folder: Path) -> Run:
    """Runs a program to its end; raises where it fails."""
    began = time.perf_counter()
    with (folder / "said").open("w+") as said:
        child = subprocess.Popen(command, env=environment, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        with Watch(child.pid) as watch:
            _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read()
    assert child.returncode == 0, f"{command[0]} ended with {child.returncode}: {output[-3000:]}"
    return Run(seconds, used.ru_utime + used.ru_stime, watch.peak, watch.parts, output)


def tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from tree(int(child))
    except OSError:
        return


def held(pid: int) -> float:
    """Its proportional set size, in MB; nothing where it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return ""
    return " ".join(Path(word).name for word in words if not word.startswith("-"))[:60]
