"""Time-outs, cancellation, memory, floods of output; and that nothing outlives its run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from conftest import until
from running import PATIENCE, Runner, environment, notebook

FOREVER = "import time\nprint('kept', flush=True)\nwhile True: time.sleep(.05)"
STUBBORN = "import time\nwhile True:\n    try:\n        time.sleep(.05)\n    except KeyboardInterrupt:\n        pass"
#: Starts three processes that outlive a cell: in its group, in a session of its own, and a daemon without a trace.
LEAVER = """
import os, subprocess, sys
sleep = [sys.executable, '-c', 'import time; time.sleep(600)']
ids = [subprocess.Popen(sleep).pid, subprocess.Popen(sleep, start_new_session=True).pid]
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    daemon = subprocess.Popen(sleep, env={}, start_new_session=True, close_fds=True)
    os.write(writing, str(daemon.pid).encode())
    os._exit(0)
ids.append(int(os.read(reading, 20)))
print(*ids, flush=True)
"""


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_cell_has_its_time(runner: Runner) -> None:
    ran = runner.run(notebook("print('first')", FOREVER), cellTimeout=1)
    assert ran.ended == ("TIMED_OUT", 12)
    assert ran.reason == "Cell 2 ran longer than the 1 s that a cell may take."
    assert ran.text(1) == "kept\n"
    assert ran.output["cells"][1]["metadata"]["papermill"]["status"] == "failed"


def test_a_run_has_its_time(runner: Runner) -> None:
    ran = runner.run(notebook(FOREVER, "print('never')"), timeout=3)
    assert ran.ended == ("TIMED_OUT", 12)
    assert ran.reason.startswith("The run took longer than its 3 s")
    assert ran.record["cells"]["done"] == 0


def test_a_cell_that_ignores_the_interrupt_is_killed(runner: Runner) -> None:
    ran = runner.run(notebook("print('first')", STUBBORN), cellTimeout=0.5).released()
    assert ran.ended == ("TIMED_OUT", 12)
    assert ran.text(0) == "first\n"


def test_a_run_that_ends_as_it_is_interrupted_is_timed_out_all_the_same(runner: Runner) -> None:
    swallow = "import time\ntry:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    print('caught')"
    ran = runner.run(notebook(swallow, "print('never')"), cellTimeout=0.5)
    assert ran.ended == ("TIMED_OUT", 12)
    assert ran.text(1) == ""


def test_cancelling_names_itself_and_keeps_what_there_is(runner: Runner) -> None:
    started = runner.start(notebook(FOREVER))
    runner.wait("output", run=started.id)
    runner.send(op="cancel", id=started.id, why="Ada cancelled it.")
    ran = started.finish()
    assert ran.ended == ("CANCELLED", 143)
    assert ran.reason == "Ada cancelled it."
    assert ran.text(0) == "kept\n"


def test_cancelling_before_the_kernel_answers(runner: Runner) -> None:
    folder = runner.folder / "kernels" / "slow"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-c", "import time; time.sleep(600)", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "slow", "language": "python"}))
    started = runner.start(notebook("1"), kernel="slow", timeout=1)
    assert started.finish().ended == ("TIMED_OUT", 12)
    assert started.reason == "The run took longer than its 1 s, before its first cell."
    (folder / "kernel.json").unlink()


def test_memory_over_the_limit_names_the_cell(runner: Runner) -> None:
    eat = "import time\nkept = []\nwhile True:\n    kept.append(bytearray(b'x') * 2**24)\n    time.sleep(.01)"
    ran = runner.run(notebook("print('first')", eat), memoryLimit=400 * 2**20)
    assert ran.ended == ("FAILED", 13)
    assert ran.record["kind"] == "out-of-memory"
    assert ran.reason.startswith("Out of memory in cell 2")
    assert "over the limit of 400 MiB" in ran.reason
    assert ran.record["peakMemory"] > 400 * 2**20
    assert ran.text(0) == "first\n"


def test_memory_of_what_a_cell_starts_counts(runner: Runner) -> None:
    child = "import time; x = bytearray(b'x') * (2**29); time.sleep(600)"
    ran = runner.run(
        notebook(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"), memoryLimit=450 * 2**20
    )
    assert ran.record["kind"] == "out-of-memory"


def test_a_flood_of_output_is_cut_with_a_sentence(runner: Runner) -> None:
    before = psutil.Process(runner.process.pid).memory_info().rss
    code = "line = 'x' * 1023\nfor n in range(500 * 1024): print(line)\nprint('the end')"
    ran = runner.run(notebook(code))
    assert ran.ended == ("SUCCEEDED", 0)
    text = ran.text(0)
    assert len(text) < 5 * 2**20
    assert "characters of output were left out here" in text
    assert text.endswith("the end\n")
    assert (ran.out / "events.ndjson").stat().st_size < 2 * 2**20
    assert psutil.Process(runner.process.pid).memory_info().rss - before < 200 * 2**20


def test_a_flood_of_pictures_is_cut_with_a_sentence(runner: Runner) -> None:
    code = "from IPython.display import display\nfor n in range(40): display({'image/png': 'A' * 2**18}, raw=True)"
    ran = runner.run(notebook(code, "print('on')"), cellOutputLimit=2**20)
    assert ran.ended == ("SUCCEEDED", 0)
    outputs = ran.output["cells"][0]["outputs"]
    assert len(outputs) == 5
    assert "left out" in outputs[-1]["text"]
    assert ran.record["outputCut"] == 36 * 2**18
    assert ran.text(1) == "on\n"


def test_a_flood_from_another_language_is_cut(runner: Runner) -> None:
    ran = runner.run(
        notebook("for i in $(seq 4000); do echo " + "x" * 512 + "; done"), kernel="bash", cellOutputLimit=2**18
    )
    assert ran.ended == ("SUCCEEDED", 0)
    assert len(ran.text(0)) < 2**18 + 200
    assert "left out" in ran.text(0)


def test_nothing_that_a_cell_started_outlives_its_run(runner: Runner) -> None:
    ran = runner.run(notebook(LEAVER)).released()
    left = [int(pid) for pid in ran.text(0).split()]
    assert len(left) == 3
    assert [pid for pid in left if alive(pid)] == []


def test_nothing_outlives_a_kernel_that_dies(runner: Runner) -> None:
    ran = runner.run(notebook(LEAVER, "import os, time\ntime.sleep(.3)\nos._exit(1)")).released()
    assert ran.record["kind"] == "kernel-died"
    assert [pid for pid in map(int, ran.text(0).split()) if alive(pid)] == []


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Callable[[], Runner]]:
    """Runners for tests that end them."""
    made: list[Runner] = []

    def start() -> Runner:
        made.append(Runner(tmp_path))
        return made[-1]

    yield start
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.reap()


def test_the_end_of_its_input_ends_the_runner_and_everything(own: Callable[[], Runner]) -> None:
    runner = own()
    runner.send(op="warm", kernel="python3", count=2)
    runner.wait("warm")
    started = runner.start(notebook(LEAVER, STUBBORN))
    said = runner.wait("output", run=started.id)["output"]["text"]
    everything = [child.pid for child in psutil.Process(runner.process.pid).children(recursive=True)]
    everything += [int(pid) for pid in said.split()]
    runner.close()
    assert [pid for pid in everything if alive(pid)] == []
    assert started.ended == ("CANCELLED", 143)
    assert started.text(0) == said


def test_a_killed_runner_takes_its_kernels_down_and_the_rest_can_be_ended(own: Callable[[], Runner]) -> None:
    runner = own()
    started = runner.start(notebook(LEAVER, FOREVER))
    said = runner.wait("output", run=started.id)["output"]["text"]
    kernel = next(event for event in started.events if event["event"] == "kernel")
    known = psutil.Process(kernel["pid"])
    assert os.getpgid(kernel["pid"]) == kernel["pgid"]
    stat = Path(f"/proc/{kernel['pid']}/stat").read_text().rpartition(")")[2].split()
    assert int(stat[19]) == kernel["startTime"]
    runner.process.kill()
    until(lambda: not known.is_running() or known.status() == psutil.STATUS_ZOMBIE, what="the end of the kernel")
    done = subprocess.run(
        [sys.executable, "-m", "lakeside.runner", "--end", str(started.out)],
        env=environment(runner.folder),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    ended = json.loads(done.stdout)["ended"]
    # The daemon threw its environment away; only a runner that lives finds it.
    marked = [int(pid) for pid in said.split()][:2]
    assert set(marked) <= set(ended)
    assert [pid for pid in marked if alive(pid)] == []
    assert not (started.out / "run.json").exists()
    os.kill(int(said.split()[2]), signal.SIGKILL)
