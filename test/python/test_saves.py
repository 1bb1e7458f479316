"""Each saved notebook is copied for its history before the save is answered, and no save fails because of it."""

from __future__ import annotations

import json
import logging
import os
import random
import re
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import Jupyter, until

from lakeside import saves
from lakeside.saves import Saves


def notebook(*sources: str) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"type": "notebook", "content": {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}


def copies(home: Path) -> list[tuple[dict[str, Any], bytes]]:
    """First lines and contents of the copies, in their order, checked for name and shape."""
    found = []
    for file in sorted((home / "history" / "saves").glob("*.save")):
        assert re.fullmatch(r"\d{20}-\d+-\d+\.save", file.name), file.name
        assert file.stat().st_mode & 0o777 == 0o600
        line, _, content = file.read_bytes().partition(b"\n")
        head = json.loads(line)
        assert set(head) == {"format", "path", "at", "kind", "by"}
        found.append((head, content))
    return found


def source_of(content: bytes) -> str:
    return "".join(json.loads(content)["cells"][0]["source"])


def test_every_save_is_copied_before_it_is_answered(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    for n in range(3):
        jupyter.ask("PUT", "api/contents/a.ipynb", json=notebook(f"{n}")).raise_for_status()
        assert len(copies(jupyter.home)) == n + 1
    jupyter.ask("PUT", "api/contents/t.txt", json={"type": "file", "format": "text", "content": "x"}).raise_for_status()
    found = copies(jupyter.home)
    assert [source_of(content) for _, content in found] == ["0", "1", "2"]
    assert {head["path"] for head, _ in found} == {str((jupyter.root / "a.ipynb").resolve())}
    assert {head["kind"] for head, _ in found} == {"save"}
    assert found[-1][1] == (jupyter.root / "a.ipynb").read_bytes()
    assert found[0][0]["by"]["name"]


def test_what_the_file_held_before_its_first_save_is_copied_once(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    old = json.dumps(notebook("old")["content"]).encode()
    (jupyter.root / "a.ipynb").write_bytes(old)
    os.utime(jupyter.root / "a.ipynb", (1_700_000_000, 1_700_000_000))
    for n in range(2):
        jupyter.ask("PUT", "api/contents/a.ipynb", json=notebook(f"{n}")).raise_for_status()
    found = copies(jupyter.home)
    assert [head["kind"] for head, _ in found] == ["before", "save", "save"]
    assert found[0][1] == old
    assert found[0][0]["at"] == 1_700_000_000_000


@pytest.mark.parametrize("environment", [{"LAKESIDE_HISTORY": "off"}])
def test_history_that_is_off_copies_nothing(jupyters: Callable[..., Jupyter], environment: dict[str, str]) -> None:
    jupyter = jupyters(environment=environment)
    jupyter.ask("PUT", "api/contents/a.ipynb", json=notebook("a")).raise_for_status()
    assert not (jupyter.home / "history").exists()


def test_a_history_that_fails_fails_no_save(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    (jupyter.home / "history").write_text("a file where the folder should be")
    for _ in range(2):
        jupyter.ask("PUT", "api/contents/a.ipynb", json=notebook("a")).raise_for_status()
    assert jupyter.log().count("no history of") == 1


def _has_more_than(some: list[str], count: int) -> bool:
    return len(some) > count


def test_a_server_killed_during_saves_loses_none_it_acknowledged(jupyters: Callable[..., Jupyter]) -> None:
    seed = random.randrange(2**31)
    print(f"start value {seed}")
    chance = random.Random(seed)
    for _ in range(3):
        jupyter = jupyters()
        acknowledged: list[str] = []

        def save(jupyter: Jupyter = jupyter, acknowledged: list[str] = acknowledged) -> None:
            for n in range(10_000):
                try:
                    if jupyter.ask("PUT", "api/contents/a.ipynb", json=notebook(f"{n}", "x" * 200_000)).ok:
                        acknowledged.append(f"{n}")
                except OSError:
                    return

        saver = threading.Thread(target=save)
        saver.start()
        until(partial(_has_more_than, acknowledged, 2))
        time.sleep(chance.random() * 0.5)
        jupyter.kill()
        saver.join()
        kept = [source_of(content) for _, content in copies(jupyter.home)]
        # One more may have been copied and not answered.
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1


@pytest.fixture
def folder_of_saves(tmp_path: Path) -> Path:
    (tmp_path / "a.ipynb").write_bytes(b"x" * 10_000)
    return tmp_path


class Manager:
    """Stands in for a contents manager where only the place of a file is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _get_os_path(self, path: str) -> str:
        return str(self._root / path)


def test_a_large_notebook_is_copied_after_the_answer(folder_of_saves: Path) -> None:
    kept = Saves(str(folder_of_saves), logging.getLogger(), at_once=100)
    kept.after_save(str(folder_of_saves / "a.ipynb"), {"path": "a.ipynb"}, None)
    kept.close()
    assert [content for _, content in copies(folder_of_saves)] == [b"x" * 10_000]


def test_nothing_is_copied_where_too_much_waits(
    folder_of_saves: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(saves, "_MOST_WAITING", 15_000)
    kept = Saves(str(folder_of_saves), logging.getLogger("test"))
    for _ in range(4):
        kept.after_save(str(folder_of_saves / "a.ipynb"), {"path": "a.ipynb"}, None)
    assert len(copies(folder_of_saves)) == 2
    assert caplog.text.count("which does not run") == 1
    kept.close()


def test_without_the_kernels_help_a_copy_is_the_same(folder_of_saves: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(38, "not implemented")

    monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    kept = Saves(str(folder_of_saves), logging.getLogger())
    kept.before_save({}, "a.ipynb", Manager(folder_of_saves))
    kept.before_save({}, "a.ipynb", Manager(folder_of_saves))
    kept.before_save({}, "missing.ipynb", Manager(folder_of_saves))
    kept.close()
    found = copies(folder_of_saves)
    assert [(head["kind"], content) for head, content in found] == [("before", b"x" * 10_000)]
