"""How much later JupyterLab answers with Lakeside than without it.

Starts `jupyter lab` in turns with and without the extension, the order changing from pair to pair, and measures from
the start of the process until ``/api/status`` answers and until the page ``/lab`` does.

Usage: .venv/bin/python test/bench/jupyterstart.py [--pairs 9] [--json FILE]
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from jupyterlab import jupyterlab
from report import options, report, row


def start(folder: Path, *, enabled: bool) -> tuple[float, float]:
    """Milliseconds until the API and until the page of JupyterLab answer."""
    with jupyterlab(folder, {"lakeside": enabled}) as lab:
        assert lab.get("/lab") == 200
        page = (time.perf_counter() - lab.began) * 1000
        # A server that is stopped while it still starts its sidecar would take its time to end.
        if enabled:
            assert lab.get("/lakeside/health/ready") == 200
        return lab.took, page


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    with_it: list[tuple[float, float]] = []
    without: list[tuple[float, float]] = []
    try:
        for enabled in (False, True):  # fills caches
            start(folder, enabled=enabled)
        for pair in range(given.pairs):
            for enabled in (pair % 2 == 0, pair % 2 != 0):
                (with_it if enabled else without).append(start(folder, enabled=enabled))
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    rows = []
    for at, name in enumerate(("`/api/status` answers", "the page `/lab` is there")):
        ours, peer = (statistics.median(took[at] for took in took_all) for took_all in (with_it, without))
        added = statistics.median(a[at] - b[at] for a, b in zip(with_it, without, strict=True))
        rows.append(row(f"start until {name}", ours, "ms", peer=peer))
        rows.append(row("… added, median of the pairs", added, "ms", at_most=150))
    report(
        rows,
        given.json,
        peer="JupyterLab without it",
        notes=[f"Medians of {given.pairs} pairs of starts; the first pair, which fills caches, is not counted."],
    )


if __name__ == "__main__":
    main()
