"""What is left of runners that are gone."""

from __future__ import annotations

import os
import subprocess
import time

from lakeside.runner.household import MARK
from lakeside.runner.leftovers import end_strays
from lakeside.runner.processes import marked_by, name_of_this, process


def _sleeper(mark: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: mark}, start_new_session=True)
    # Until its program has begun it still shows the environment of this process.
    while marked_by(child.pid, MARK) != mark:
        time.sleep(0.01)
    return child


def test_what_dead_runners_left_is_ended_and_what_live_ones_have_stays() -> None:
    dead = subprocess.Popen(["true"])
    known = process(dead.pid)
    name = f"{dead.pid}-{known.started if known else 1}"
    dead.wait()
    stray, kept = _sleeper(f"{name}-0123456789abcdef"), _sleeper(f"{name_of_this()}-0123456789abcdef")
    try:
        assert stray.pid in end_strays()
        assert stray.wait(5) == -9
        assert kept.poll() is None
    finally:
        kept.kill()
        kept.wait()


def test_a_runner_is_told_from_one_that_has_its_number_by_its_start() -> None:
    pid, started = name_of_this().split("-")
    other = _sleeper(f"{pid}-{int(started) + 1}-0123456789abcdef")
    assert other.pid in end_strays()
    assert other.wait(5) == -9
