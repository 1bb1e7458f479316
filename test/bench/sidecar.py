"""Start and memory of the sidecar, started exactly as the front door starts it.

The start is timed from the creation of the process until ``/health/ready`` answers, with a warm compile cache; its
peer is a bare HTTP server of the same Node.js. Memory is what the sidecar itself holds in RAM (RSS): idle, and after
many requests through its socket, which list, search, show pages and share small notebooks.

Usage: .venv/bin/python test/bench/sidecar.py [--starts 25] [--requests 10000] [--json FILE]
Needs a production build (`npm run build:prod`).
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from report import MB, options, report, row
from sidecarload import Load
from sidecarprocess import Sidecar

BARE = """
require('node:http').createServer((_, answer) => answer.end('{"ready":true}'))
  .listen({ fd: Number(process.env.LAKESIDE_LISTEN_FD) });
"""
SETTLING = 10.0


def measure_starts(folder: Path, count: int) -> dict[str, list[float]]:
    """Milliseconds until an answer, in turns: of the sidecar, of a bare server, of the sidecar's first list."""
    took: dict[str, list[float]] = {"ready": [], "bare": [], "list": []}
    for number in range(count + 1):
        for kind in took:
            with Sidecar(folder, bare=BARE if kind == "bare" else None) as sidecar:
                sidecar.wait_for("/api/v1/library/notebooks" if kind == "list" else "/health/ready")
                if number > 0:  # the first round fills the compile cache
                    took[kind].append((time.perf_counter() - sidecar.began) * 1000)
    return took


def rss(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MB


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--starts", type=int, default=25)
    parser.add_argument("--requests", type=int, default=10_000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    try:
        took = measure_starts(folder, given.starts)
        with Sidecar(folder, bare=BARE) as bare:
            bare.wait_for("/health/ready")
            time.sleep(SETTLING)
            bare_idle = rss(bare.process)
        with Sidecar(folder) as sidecar:
            sidecar.wait_for("/health/ready")
            time.sleep(SETTLING)
            idle = rss(sidecar.process)
            load = Load(sidecar, folder / "root")
            load.run(given.requests)
            after = rss(sidecar.process)
            renderers = sum(rss(child) for child in sidecar.process.children())
            time.sleep(SETTLING)
            settled = rss(sidecar.process)
    except (AssertionError, OSError) as error:
        sys.exit(f"{error!r}\n{(folder / 'log').read_text()[-2000:]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    middle = {kind: statistics.median(times) for kind, times in took.items()}
    done = ", ".join(f"{count:,} of {name}" for name, count in load.done.items())
    starts = f"Medians of {given.starts} starts of each kind, in turns; the round that fills the caches is not counted."
    requests = f"Requests, {load.workers} at a time: {done}; memory as soon as the last is answered."
    report(
        [
            row("start until `/health/ready` answers", middle["ready"], "ms", peer=middle["bare"], below=150),
            row("start until the Library's list is answered", middle["list"], "ms", peer=middle["bare"]),
            row("memory, idle", idle, "MB", peer=bare_idle, below=70),
            row(f"memory after {sum(load.done.values()):,} requests", after, "MB", below=90),
            row(f"… {SETTLING:g} s later", settled, "MB"),
            row("… the highest meanwhile", load.highest, "MB"),
            row("the renderer's process beside it", renderers, "MB"),
        ],
        given.json,
        peer="a bare `node:http` server",
        notes=[starts, requests],
    )


if __name__ == "__main__":
    main()
