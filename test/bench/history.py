"""What history on save costs: the time of a save in Jupyter, and the room of 1,000 versions.

A notebook of 5 MB is saved over and over with one cell changed each time, as JupyterLab does it, in turns in two
Jupyter servers of the same machine: one with Lakeside, one without.

Usage: .venv/bin/python test/bench/history.py [--saves 1000] [--json FILE]
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyterlab import TOKEN, Lab, jupyterlab
from report import MB, TIMES, options, report, row

SIZE = 5_000_000
ROUND = 10
#: Seconds in which the sidecar may take in what was saved, after the last save.
PATIENCE = 600

WORDS = ("delay", "flight", "carrier", "origin", "weather", "month", "model", "table", "figure", "late", "wind")


def cell(number: int, chance: random.Random) -> dict[str, Any]:
    """A code cell with its output: every fifth one a picture, the others text."""
    source = "\n".join(" ".join(chance.choices(WORDS, k=8)) for _ in range(12))
    if number % 5 == 0:
        picture = base64.b64encode(chance.randbytes(70_000)).decode()
        outputs = [{"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}}]
    else:
        text = "\n".join(f"{chance.random():.6f} {chance.choice(WORDS)}" for _ in range(60))
        outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": f"cell-{number}",
        "metadata": {},
        "outputs": outputs,
        "source": source,
    }


def notebook(chance: random.Random) -> dict[str, Any]:
    """A notebook of 5 MB."""
    cells: list[dict[str, Any]] = []
    size = 0
    while size < SIZE:
        cells.append(cell(len(cells), chance))
        size += len(json.dumps(cells[-1]))
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Saver:
    """Saves over one connection that stays open; remembers how long each save took."""

    def __init__(self, lab: Lab) -> None:
        self.took: list[float] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=120)

    def save(self, body: bytes, *, counted: bool = True) -> None:
        began = time.perf_counter()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        self._connection.request("PUT", "/api/contents/a.ipynb", body, headers)
        answer = self._connection.getresponse()
        answer.read()
        if counted:
            self.took.append((time.perf_counter() - began) * 1000)
        assert answer.status in (200, 201), answer.status


def taken_in(home: Path) -> None:
    """Waits until every save is a version."""
    deadline = time.monotonic() + PATIENCE
    while any((home / "history" / "saves").glob("*.save")):
        assert time.monotonic() < deadline, "the saves were not taken in"
        time.sleep(0.2)


def versions(lab: Lab) -> int:
    """How many versions there are, as the sidecar says."""
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=120)
    path = "/lakeside/api/v1/history/timeline?path=a.ipynb&limit=1"
    connection.request("GET", path, headers={"Authorization": f"token {TOKEN}"})
    return int(json.loads(connection.getresponse().read())["notebook"]["versions"])


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--saves", type=int, default=1000)
    given = parser.parse_args()
    chance = random.Random(4)
    content = notebook(chance)
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    changed = 0
    try:
        for name in ("with", "without"):
            (folder / name).mkdir()
        with (
            jupyterlab(folder / "with", {"lakeside": True}) as ours,
            jupyterlab(folder / "without", {"lakeside": False}) as theirs,
        ):
            assert ours.get("/lakeside/health/ready") == 200
            time.sleep(5)  # what warms up after a start is not measured
            savers = [Saver(ours), Saver(theirs)]
            body = json.dumps({"type": "notebook", "content": content}).encode()
            for saver in savers:
                saver.save(body, counted=False)
            for first in range(1, given.saves, ROUND):
                bodies = []
                for _ in range(first, min(first + ROUND, given.saves)):
                    # A cell with text: its source and its output are other ones each time.
                    number = chance.randrange(len(content["cells"]) // 5) * 5 + 1
                    content["cells"][number] = cell(number, chance)
                    changed += len(json.dumps(content["cells"][number], indent=1))
                    bodies.append(json.dumps({"type": "notebook", "content": content}).encode())
                for saver in savers:
                    for body in bodies:
                        saver.save(body)
            began = time.perf_counter()
            taken_in(folder / "with" / "home")
            behind = time.perf_counter() - began
            kept = versions(ours)
        size = (folder / "with" / "root" / "a.ipynb").stat().st_size
        stored = sum(
            file.stat().st_size for file in (folder / "with" / "home" / "history").rglob("*") if file.is_file()
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    assert kept == given.saves, f"{kept} versions of {given.saves} saves"
    late = [statistics.quantiles(saver.took, n=20)[18] for saver in savers]
    middle = [statistics.median(saver.took) for saver in savers]
    report(
        [
            row("save of 5 MB, p50", middle[0], "ms", peer=middle[1]),
            row("save of 5 MB, p95", late[0], "ms", peer=late[1]),
            row("**added to a save, p95**", late[0] - late[1], "ms", at_most=20),
            row("one notebook", size / MB, "MB"),
            row("what changed in all saves", changed / MB, "MB"),
            row(f"history of {kept:,} saves, on the disk", stored / MB, "MB"),
            row("**… without what changed, in notebooks**", (stored - changed) / size, TIMES, below=1.2),
            row("last save until it is in the history", behind, "s"),
        ],
        given.json,
        peer="Jupyter alone",
        notes=[f"{given.saves:,} saves of each server in turns of {ROUND}, one cell changed each time."],
    )


if __name__ == "__main__":
    main()
