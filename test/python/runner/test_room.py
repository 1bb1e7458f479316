"""Room for the end of a run on a disk that its cells have filled. On a disk that is full: test/fault/schedule-disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from running import Runner, notebook

from lakeside.runner import notebooks, saver
from lakeside.runner.outputs import lighten
from lakeside.runner.room import LAST, SIZE, Room
from lakeside.runner.saver import Saver


def blocks(folder: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in folder.iterdir())


def test_room_is_held_given_back_in_part_and_whole(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.take()
    assert blocks(tmp_path) >= SIZE
    room.give(keep=LAST)
    assert LAST <= blocks(tmp_path) < SIZE
    room.give()
    room.give()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told_and_one_that_cannot_hold_any_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int) -> None:
        def allocate(*_: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "posix_fallocate", allocate)

    refuse(errno.EOPNOTSUPP)
    Room(tmp_path).take()
    refuse(errno.ENOSPC)
    with pytest.raises(OSError, match="No space left"):
        Room(tmp_path).take()
    assert list(tmp_path.iterdir()) == []


def test_large_outputs_give_way_to_a_sentence() -> None:
    made = notebook("print(1)", "#md # Title")
    made["cells"][0]["outputs"] = [new_output("stream", text="kept\n"), new_output("stream", text="x" * 50_000)]
    assert lighten(made) == 50_000
    nbformat.validate(made)
    told = [output["text"] for output in made["cells"][0]["outputs"]]
    assert told == ["kept\n", "… 50,000 characters of output were left out: the disk was full …\n"]


def test_the_last_save_leaves_out_what_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = notebooks.write_whole

    def write_little(path: Path, data: bytes) -> None:
        if len(data) > 20_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(saver, "write_whole", write_little)
    room = Room(tmp_path)
    room.take()
    made = notebook("print(1)")
    made["cells"][0]["outputs"] = [new_output("stream", text="x" * 50_000)]
    assert Saver(tmp_path / "output.ipynb", room).finish(made) == 50_000
    nbformat.validate(nbformat.read(tmp_path / "output.ipynb", as_version=4))
    assert (tmp_path / ".room.tmp").stat().st_size == LAST


def test_no_room_is_left_behind(runner: Runner) -> None:
    for cells in (["print(1)"], ["1 / 0"], ["import os\nos._exit(1)"]):
        ran = runner.run(notebook(*cells))
        assert sorted(path.name for path in ran.out.iterdir()) == ["events.ndjson", "output.ipynb", "run.json"]
    ran = runner.run(notebook("1", kernelspec={"name": "no-such", "display_name": "No"}))
    assert sorted(path.name for path in ran.out.iterdir()) == ["events.ndjson", "run.json"]
