"""A thousand shares to a wiki through one sidecar, twenty at a time, several of them of the same notebook."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from identifiers import ulid
from sidecarload import notebook
from sidecarprocess import Sidecar, UnixConnection
from watched import Watch

AT_ONCE = 20
#: Shares of each notebook, most of them at the same time.
EACH = 4
#: How many in a hundred shares come after the notebook was changed.
CHANGED = 30


class Shares:
    """Shares notebooks from several threads, each with a connection of its own."""

    def __init__(self, sidecar: Sidecar, root: Path) -> None:
        self._sidecar = sidecar
        self._root = root
        self._lock = threading.Lock()
        self._failed: BaseException | None = None
        self._chance = random.Random(5)
        self._editions = Counter[int]()
        self.took: list[float] = []
        #: How the shares ended.
        self.outcomes = Counter[str]()
        #: The most memory of the sidecar and its renderers, in MB.
        self.memory = 0.0
        #: What each of the processes held then.
        self.parts: list[tuple[str, float]] = []
        #: From the first share to the end of the last.
        self.seconds = 0.0

    def run(self, count: int) -> int:
        """Makes so many shares. :returns: how many notebooks there are"""
        notebooks = -(-count // EACH)
        # Those of a notebook lie close together, so that they are under way at once.
        order = sorted(range(count), key=lambda at: at + self._chance.uniform(0, AT_ONCE))
        for name in range(notebooks):
            self._save(name)
        left = iter([at // EACH for at in order])
        threads = [threading.Thread(target=self._work, args=(left,)) for _ in range(AT_ONCE)]
        began = time.perf_counter()
        with Watch(self._sidecar.process.pid) as watch:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.seconds = time.perf_counter() - began
        self.memory, self.parts = watch.peak, watch.parts
        if self._failed is not None:
            raise self._failed
        return notebooks

    @property
    def p95(self) -> float:
        """Seconds."""
        return statistics.quantiles(self.took, n=20)[18]

    def _work(self, left: Iterator[int]) -> None:
        connection = self._sidecar.connect()
        try:
            while self._failed is None:
                with self._lock:
                    name = next(left, None)
                    if name is None:
                        return
                    if self._chance.randrange(100) < CHANGED:
                        self._save(name)
                self._share(connection, name)
        except BaseException as error:
            self._failed = error
        finally:
            connection.close()

    def _save(self, name: int) -> None:
        self._editions[name] += 1
        saved = notebook(name, self._editions[name])
        part = self._root / f".notebook-{name}.part"
        part.write_text(json.dumps(saved), "utf-8")
        part.rename(self._root / f"notebook-{name}.ipynb")

    def _share(self, connection: UnixConnection, name: int) -> None:
        began = time.perf_counter()
        body = {"opId": ulid(), "path": f"notebook-{name}.ipynb", "target": "data"}
        job = json.loads(self._sidecar.ask(connection, "POST", "/api/v1/share/publish", body))
        while job["state"] in ("queued", "running"):
            time.sleep(0.1)
            job = json.loads(self._sidecar.ask(connection, "GET", f"/api/v1/jobs/{job['id']}"))
        assert job["state"] == "succeeded", job
        with self._lock:
            self.took.append(time.perf_counter() - began)
            self.outcomes[job["result"]["wiki"]["outcome"]] += 1
