"""Schedules against jupyter-scheduler, in one run: from the request to the end of a run, throughput, memory, lateness.

Both sides are real JupyterLab servers, asked through their REST APIs; jupyter-scheduler has an environment of its own.
Lakeside's home holds 2,000 schedules and 28,000 runs from the beginning. Whatever happens at a due time happens at a
minute when nothing else is measured.

Usage: .venv/bin/python test/bench/schedules.py [--due 500] [--rounds 5] [--json FILE]
Needs a production build (`npm run build:prod`).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from jupyterlab import Lab, jupyterlab
from report import options, report, row
from scheduleapis import JupyterScheduler, Lakeside, all_done, until_done
from scheduledue import PEER_LOOKS, due_at_once, late, peer_lateness
from schedulehome import (
    COLD,
    PAGE,
    ROOT,
    filter_times,
    find_node,
    furnish,
    install_cold_kernel,
    list_times,
    page_times,
    seed,
    warm_up,
)
from schedulememory import Memory, while_running

AT_ONCE = 4
#: What was in the home before.
SCHEDULES, RUNS_EACH = 2000, 14
#: Schedules that are due together on an ordinary minute.
FEW = 20
#: Notebooks that jupyter-scheduler runs for its throughput: each takes it the same time, so more tell no more.
PEER_JOBS = 20
PEER_SERVERS = 3
#: Seconds until a kernel is warm again and what ended is gone.
SETTLE = 2.0


class Ours:
    """Lakeside's side: its server, and how long its runs took."""

    def __init__(self, lab: Lab, folder: Path, here: Path) -> None:
        self.lab = lab
        self.here = here
        self.root = folder / "root"
        self.api = Lakeside(lab)
        self.empty = self.api.schedule("Empty", "empty.ipynb")
        kernel = {"environment": {"kernel": COLD}}
        self.cold = self.api.schedule("Empty, with a cold kernel", "empty.ipynb", **kernel)
        self.waiting = self.api.schedule("Waits", "waiting.ipynb", policy={"overlap": "allow"})
        self.took: dict[bool, list[float]] = {True: [], False: []}

    def run(self, *, warm: bool) -> None:
        """Runs the empty notebook, and counts it by what its kernel was."""
        schedule = self.empty if warm else self.cold
        took = until_done(self.api, schedule)
        newest = self.api.runs(schedule=schedule, limit=1)["runs"][0]
        with (self.root / newest["attempts"][0]["output"] / "events.ndjson").open() as lines:
            was = next(told["warm"] for told in map(json.loads, lines) if told["event"] == "kernel")
        # A kernel that was not warm in time, on a busy machine, is a cold one.
        self.took[was].append(took)


def peer_python() -> Path:
    """The Python of jupyter-scheduler's environment, which is made where it is not there."""
    words = [find_node(), "test/bench/peer/jupyterscheduler.mjs"]
    made = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Path(made.stdout.strip().splitlines()[-1])


def in_turns(ours: Ours, peer: JupyterScheduler, rounds: int) -> list[float]:
    """Runs of both sides one by one, from the request to the end. The first round fills caches. :returns: the peer's"""
    theirs: list[float] = []
    for _ in range(rounds + 1):
        for warm in (False, True):
            time.sleep(SETTLE)
            ours.run(warm=warm)
        time.sleep(SETTLE)
        theirs.append(until_done(peer, "empty.ipynb"))
    for took in (*ours.took.values(), theirs):
        del took[0]
    return theirs


def peers_in_step(stack: contextlib.ExitStack, folder: Path, python: Path, first: Lab) -> list[JupyterScheduler]:
    """Further servers of the peer, started so that all of them look for due times at different moments."""
    found = []
    for number in range(1, PEER_SERVERS):
        shift = PEER_LOOKS * number / PEER_SERVERS
        time.sleep((first.began + shift - time.perf_counter()) % PEER_LOOKS)
        furnish(folder / f"peer{number}")
        found.append(JupyterScheduler(stack.enter_context(peer_server(folder / f"peer{number}", python))))
    return found


def peer_server(folder: Path, python: Path) -> contextlib.AbstractContextManager[Lab]:
    return jupyterlab(folder, {"jupyter_scheduler": True}, program=[str(python), "-m", "jupyterlab"])


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--due", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    python = peer_python()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        here, peer_here = furnish(folder / "ours"), furnish(folder / "peer")
        install_cold_kernel(folder / "ours")
        seed(folder / "ours", SCHEDULES, RUNS_EACH)
        warm_up(folder / "ours")
        at_once = {"LAKESIDE_RUNS_AT_ONCE": str(AT_ONCE)}
        lab = stack.enter_context(jupyterlab(folder / "ours", {"lakeside": True}, more=at_once))
        assert lab.get("/lakeside/health/ready") == 200
        listed, deleted = list_times(Lakeside(lab), SCHEDULES)
        failed, none = filter_times(Lakeside(lab))
        pages = page_times(Lakeside(lab), SCHEDULES * RUNS_EACH)
        with contextlib.ExitStack() as peers:
            peer_lab = peers.enter_context(peer_server(folder / "peer", python))
            peer = JupyterScheduler(peer_lab)
            ours = Ours(lab, folder / "ours", here)
            first = until_done(ours.api, ours.empty)
            few = due_at_once(ours.api, ours.root, FEW)
            theirs = in_turns(ours, peer, given.rounds)
            memory = while_running(ours.api, lab, ours.waiting, here, AT_ONCE)
            peer_memory = while_running(peer, peer_lab, "waiting.ipynb", peer_here, AT_ONCE)
            peer_rate = all_done(peer, "empty.ipynb", PEER_JOBS, AT_ONCE) / PEER_JOBS
            more = peers_in_step(peers, folder, python, peer_lab)
            peer_late = peer_lateness([peer, *more], 2)
        many = due_at_once(ours.api, ours.root, given.due)

    # Until then at least 200 wait, where 500 are due.
    counted = max(1, given.due * 3 // 5)
    rate = many.ended[counted - 1] / counted
    cold, warm = (statistics.median(ours.took[kind]) for kind in (False, True))
    peer_done = statistics.median(theirs)
    report(
        [
            row("empty notebook, from the request to its end, cold kernel", cold, "s", peer=peer_done, at_most=0.7),
            row("… warm kernel", warm, "s", peer=peer_done, at_most=0.15),
            row("… the first of a server", first, "s"),
            row(
                f"time of a run, {AT_ONCE} at once, ≥ {given.due - counted} waiting", rate, "s", peer=peer_rate, times=3
            ),
            *memory_rows(memory, peer_memory),
            row(f"due until recorded, {FEW} at once, p95", late(few.recorded), "s", peer=late(peer_late), at_most=0.2),
            row(f"… until the first cell runs, the first {AT_ONCE}, the latest", few.first_cells[AT_ONCE - 1], "s"),
            row(f"due until recorded, {given.due} at once, p95", late(many.recorded), "s"),
            row("… until all of them have ended", many.ended[-1], "s"),
            row("… schedules without exactly one run", many.astray, "schedules", at_most=0),
            row(f"list of {SCHEDULES:,} schedules with their last {RUNS_EACH} runs", listed, "s", below=1),
            row("… those that were deleted: none", deleted, "s", below=1),
            row(
                f"page of {PAGE} of a history of {len(pages) * PAGE:,} runs, slowest",
                max(pages) * 1000,
                "ms",
                below=100,
            ),
            row("… p50", statistics.median(pages) * 1000, "ms"),
            row("… those that failed", failed * 1000, "ms", below=100),
            row("… those that timed out: none", none * 1000, "ms", below=100),
        ],
        given.json,
        peer="jupyter-scheduler",
        notes=notes(ours, rate, peer_rate, peer_late, given.rounds),
    )


def memory_rows(ours: Memory, peer: Memory) -> list[dict[str, object]]:
    """Of so many runs at once."""
    kernel = statistics.mean(ours.kernels)
    return [
        row(f"memory of {AT_ONCE} runs", ours.together, "MB", peer=peer.together, at_most=AT_ONCE * 45 + 60),
        row("… of each of them", kernel, "MB", peer=peer.together / AT_ONCE, at_most=45),
        row("… of the process that runs them", ours.runner, "MB", at_most=60),
        row("… of the kernel that waits for the next", ours.rest, "MB"),
    ]


def notes(ours: Ours, rate: float, peer_rate: float, peer_late: list[float], rounds: int) -> list[str]:
    """What the table does not say."""
    counts = f"{len(ours.took[False])} and {len(ours.took[True])} of ours, {rounds} of the peer"
    return [
        f"Medians of {counts}, in turns.",
        f"{60 / rate:.0f} runs a minute against {60 / peer_rate:.0f}, measured over {PEER_JOBS} of the peer;",
        f"it has no queue, so the benchmark asked for the next when one of {AT_ONCE} was done.",
        f"The peer looks every {PEER_LOOKS:g} s: its lateness is that of {len(peer_late)} definitions on",
        f"{PEER_SERVERS} servers that look at different moments, from {min(peer_late):.1f} to {max(peer_late):.1f} s.",
    ]


if __name__ == "__main__":
    main()
