"""Requests as a team makes them: mostly lists, searches and pages, now and then a share."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from identifiers import ulid
from report import MB
from sidecarprocess import Sidecar, UnixConnection

NOTEBOOKS = 50
WORDS = ["orders", "flights", "delay", "revenue", "weather", "customer", "churn", "model", "forecast", "数据", "分析"]
#: How many in a hundred requests are of which kind.
SHARES = {"list": 35, "search": 35, "page": 25, "share": 5}


def notebook(name: int, edition: int) -> dict[str, Any]:
    """A small notebook with prose, a formula, code and a table; each edition differs."""
    chosen = random.Random(name * 10_000 + edition)
    prose = " ".join(chosen.choices(WORDS, k=60))
    table = "".join(f"<tr><th>{n}</th><td>{chosen.random():.4f}</td></tr>" for n in range(20))
    code = {
        "execution_count": 1,
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"text/plain": "   a", "text/html": f'<table border="1" class="dataframe">{table}</table>'},
            }
        ],
        "source": 'df = pd.read_sql("select * from sales.orders", connection)\ndf.describe()',
    }
    cells = [
        {"cell_type": "markdown", "source": f"# Notebook {name}\n\n{prose}\n\n$\\bar x = \\frac1n \\sum_i x_i$"},
        *({"cell_type": "code", **code} for _ in range(5)),
        {"cell_type": "markdown", "source": f"## Edition {edition}\n\n{prose}"},
    ]
    return {
        "cells": [{"id": f"cell-{at}", "metadata": {}, **cell} for at, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class Load:
    """Makes requests from several threads, each with a connection of its own, and watches the memory meanwhile."""

    workers = 4

    def __init__(self, sidecar: Sidecar, root: Path) -> None:
        self._sidecar = sidecar
        self._root = root
        self._lock = threading.Lock()
        self._editions = Counter[int]()
        self._busy: set[int] = set()
        self._ids: list[str] = []
        self._failed: BaseException | None = None
        #: Requests that were answered, by kind. A share counts once, the questions how far it is do not.
        self.done = Counter[str]()
        #: The most memory the sidecar held, in MB.
        self.highest = 0.0

    def run(self, count: int) -> None:
        """Makes so many requests; raises where one fails."""
        connection = self._sidecar.connect()
        self._ids = [self._share(connection, name) for name in range(NOTEBOOKS)]
        connection.close()
        kinds = random.Random(1).choices(list(SHARES), list(SHARES.values()), k=count)
        left = iter(kinds)
        threads = [threading.Thread(target=self._work, args=(left, seed)) for seed in range(self.workers)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.highest = max(self.highest, self._sidecar.process.memory_info().rss / MB)
            time.sleep(0.02)
        if self._failed is not None:
            raise self._failed

    def _work(self, left: Iterator[str], seed: int) -> None:
        chance = random.Random(seed)
        connection = self._sidecar.connect()
        try:
            while self._failed is None:
                with self._lock:
                    kind = next(left, None)
                if kind is None:
                    return
                self._ask(connection, kind, chance)
                with self._lock:
                    self.done[kind] += 1
        except BaseException as error:
            self._failed = error
        finally:
            connection.close()

    def _ask(self, connection: UnixConnection, kind: str, chance: random.Random) -> None:
        if kind == "share":
            with self._lock:
                name = chance.choice([name for name in range(NOTEBOOKS) if name not in self._busy])
                self._busy.add(name)
            self._share(connection, name)
            with self._lock:
                self._busy.remove(name)
            return
        word = quote(" ".join(chance.choices(WORDS, k=chance.randint(1, 2))))
        path = {
            "list": f"?sort={chance.choice(['updated', 'title'])}",
            "search": f"?q={word}",
            "page": f"/{chance.choice(self._ids)}/versions/latest/document",
        }[kind]
        self._sidecar.ask(connection, "GET", f"/api/v1/library/notebooks{path}")

    def _share(self, connection: UnixConnection, name: int) -> str:
        """Saves a new edition of a notebook and shares it; gives its id."""
        file = self._root / f"notebook-{name}.ipynb"
        metadata = json.loads(file.read_text("utf-8"))["metadata"] if file.exists() else None
        self._editions[name] += 1
        saved = notebook(name, self._editions[name])
        file.write_text(json.dumps({**saved, **({"metadata": metadata} if metadata else {})}), "utf-8")
        job = json.loads(
            self._sidecar.ask(connection, "POST", "/api/v1/share/publish", {"opId": ulid(), "path": file.name})
        )
        while job["state"] in ("queued", "running"):
            time.sleep(0.02)
            job = json.loads(self._sidecar.ask(connection, "GET", f"/api/v1/jobs/{job['id']}"))
        assert job["state"] == "succeeded", job
        assert job["result"]["outcome"] in ("created", "updated"), job
        return str(job["result"]["notebookId"])
