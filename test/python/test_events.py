"""What happens to files reaches the spool, durably, and Jupyter does not wait for it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Jupyter, until

from lakeside import events
from lakeside.events import Spool, write_durably

NOTEBOOK: dict[str, Any] = {
    "type": "notebook",
    "content": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
}
FILE = {"type": "file", "format": "text", "content": "hello"}


def entries(home: Path) -> list[dict[str, Any]]:
    """The spool's entries in order, checked for name and shape."""
    found = []
    for file in sorted((home / "spool").glob("[!.]*")):
        assert re.fullmatch(r"\d{20}-\d+-\d+\.json", file.name), file.name
        entry = json.loads(file.read_text("utf-8"))
        assert set(entry) == {"format", "action", "rootDir", "path", "sourcePath", "at"}
        assert entry["format"] == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["at"])
        found.append(entry)
    return found


def waited_for(home: Path, count: int) -> list[dict[str, Any]]:
    until(lambda: (home / "spool").exists() and len(list((home / "spool").glob("*.json"))) >= count)
    return entries(home)


def test_every_change_of_a_notebook_is_told(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    (jupyter.root / "flüge").mkdir()
    path = "api/contents/fl%C3%BCge"
    jupyter.ask("PUT", f"{path}/a.ipynb", json=NOTEBOOK).raise_for_status()
    jupyter.ask("POST", path, json={"copy_from": "flüge/a.ipynb"}).raise_for_status()
    jupyter.ask("PATCH", f"{path}/a.ipynb", json={"path": "flüge/b.ipynb"}).raise_for_status()
    jupyter.ask("PATCH", path, json={"path": "flights"}).raise_for_status()
    jupyter.ask("DELETE", "api/contents/flights/b.ipynb").raise_for_status()
    jupyter.ask("PUT", "api/contents/notes.txt", json=FILE).raise_for_status()
    jupyter.get("api/contents/notes.txt").raise_for_status()
    jupyter.ask("DELETE", "api/contents/notes.txt").raise_for_status()
    until(lambda: entries(jupyter.home)[-1]["path"] == "notes.txt")
    told = [
        entry
        for entry in entries(jupyter.home)
        # A copy may save its target first, which says nothing new.
        if not (entry["action"] == "save" and "Copy" in entry["path"])
    ]
    assert [(entry["action"], entry["path"], entry["sourcePath"]) for entry in told] == [
        ("save", "flüge/a.ipynb", None),
        ("copy", "flüge/a-Copy1.ipynb", "flüge/a.ipynb"),
        ("rename", "flüge/b.ipynb", "flüge/a.ipynb"),
        ("rename", "flights", "flüge"),
        ("delete", "flights/b.ipynb", None),
        ("delete", "notes.txt", None),
    ]
    assert {entry["rootDir"] for entry in told} == {str(jupyter.root)}


def test_saving_works_where_the_spool_does_not(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    jupyter.get("lakeside/echo")
    (jupyter.home / "spool").write_text("in the way")
    jupyter.ask("PUT", "api/contents/a.ipynb", json=NOTEBOOK).raise_for_status()
    jupyter.ask("PUT", "api/contents/b.ipynb", json=NOTEBOOK).raise_for_status()
    until(lambda: "cannot write to" in jupyter.log())
    assert jupyter.log().count("cannot write to") == 1
    (jupyter.home / "spool").unlink()
    assert [entry["path"] for entry in waited_for(jupyter.home, 2)] == ["a.ipynb", "b.ipynb"]


def test_what_was_told_is_written_before_the_server_ends(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    for number in range(20):
        jupyter.ask("PUT", f"api/contents/{number}.ipynb", json=NOTEBOOK).raise_for_status()
    jupyter.stop()
    assert [entry["path"] for entry in entries(jupyter.home)] == [f"{number}.ipynb" for number in range(20)]


def test_a_slow_disk_delays_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(folder: Path, name: str, content: bytes) -> None:
        time.sleep(0.2)
        write_durably(folder, name, content)

    async def tell() -> float:
        spool = Spool(str(tmp_path), "/root", logging.getLogger("test"))
        began = time.monotonic()
        for number in range(5):
            await spool.listen(None, "", {"action": "save", "path": f"{number}.ipynb"})
        took = time.monotonic() - began
        await spool.close()
        return took

    monkeypatch.setattr(events, "write_durably", slowly)
    assert asyncio.run(tell()) < 0.1
    assert [entry["path"] for entry in entries(tmp_path)] == [f"{number}.ipynb" for number in range(5)]


def test_names_order_the_events_when_the_clock_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([3_000_000_000, 2_000_000_000, 1_000_000_000])
    monkeypatch.setattr("lakeside.events.time.time_ns", lambda: next(times))

    async def tell() -> None:
        spool = Spool(str(tmp_path), None, logging.getLogger("test"))
        for name in "abc":
            await spool.listen(None, "", {"action": "delete", "path": f"/{name}"})
        await spool.close()

    asyncio.run(tell())
    assert [entry["path"] for entry in entries(tmp_path)] == ["a", "b", "c"]
    assert entries(tmp_path)[0]["rootDir"] is None


def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append((tmp_path / "x.json").exists())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_durably(tmp_path, "x.json", b"{}")
    assert synced == [False, True]  # the content before its name, then the folder

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_durably(tmp_path, "y.json", b"{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.json"]
