"""The command by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from conftest import until
from running import PATIENCE, environment, notebook


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "lakeside.runner", *arguments]


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, *arguments),
        env={**environment(folder), **more},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def record(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "out" / "run.json").read_text()))


def test_a_run_by_hand(tmp_path: Path) -> None:
    nbformat.write(notebook(("s = 'a'\nn = 1", ["parameters"]), "print(repr(s), n)"), tmp_path / "a.ipynb")
    (tmp_path / "p.json").write_text('{"s": "from {{ owner }}", "n": 2}')
    arguments = ["--notebook", "a.ipynb", "--out", "out", "--parameters", "p.json", "--owner", "ada", "-p", "n=007"]
    done = run(tmp_path, *arguments, "--run-id", "r1", "--attempt", "2")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    told = record(tmp_path)
    assert (told["runId"], told["attempt"], told["parameters"]) == ("r1", 2, {"s": "from ada", "n": 7})
    assert not (tmp_path / "out" / ".output.ipynb.tmp").exists()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["events.ndjson", "output.ipynb", "run.json"]


def test_a_copy_is_known_by_what_it_is_a_copy_of(tmp_path: Path) -> None:
    nbformat.write(notebook(("s = ''", ["parameters"]), "print(s)"), tmp_path / "copy.ipynb")
    source = "s3://team/reports/weekly.ipynb#sha256=00"
    arguments = ["--notebook", "copy.ipynb", "--source", source, "--out", "out", "-p", "s={{ notebook }}"]
    assert run(tmp_path, *arguments).returncode == 0
    assert record(tmp_path)["notebook"] == source
    assert record(tmp_path)["parameters"] == {"s": "weekly.ipynb"}
    output = nbformat.read(tmp_path / "out" / "output.ipynb", as_version=4)
    assert output["metadata"]["papermill"]["input_path"] == source


def test_the_exit_code_and_the_reason_are_those_of_the_run(tmp_path: Path) -> None:
    nbformat.write(notebook("1 / 0"), tmp_path / "a.ipynb")
    done = run(tmp_path, "--notebook", "a.ipynb", "--out", "out")
    assert (done.returncode, done.stderr) == (10, "Cell 1 failed: ZeroDivisionError: division by zero\n")


def test_what_is_wrong_is_said_before_a_kernel_starts(tmp_path: Path) -> None:
    nbformat.write(notebook(("n = 1", ["parameters"])), tmp_path / "a.ipynb")
    for arguments, words in (
        (["-p", "n=much"], "The parameter n wants a whole number"),
        (["-p", "n"], "write -p name=value"),
        (["--parameters", "none.json"], "none.json"),
        (["--zone", "Mars/Base", "--scheduled-at", "2026-01-01T00:00:00Z"], "Mars/Base"),
    ):
        done = run(tmp_path, "--notebook", "a.ipynb", "--out", "out", *arguments)
        assert done.returncode == 15
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_an_output_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    nbformat.write(notebook("1"), tmp_path / "a.ipynb")
    done = run(tmp_path, "--notebook", "a.ipynb", "--out", "a.ipynb/out")
    assert done.returncode == 15
    assert "output folder" in done.stderr


def test_inspecting_prints_json(tmp_path: Path) -> None:
    nbformat.write(notebook(("n = 1  # how many", ["parameters"])), tmp_path / "a.ipynb")
    done = run(tmp_path, "--inspect", "a.ipynb")
    assert json.loads(done.stdout) == {
        "language": "python",
        "kernel": "python3",
        "parameters": [{"name": "n", "type": "int", "default": 1, "help": "how many"}],
    }
    assert run(tmp_path, "--inspect", "none.ipynb").returncode == 15


def test_it_starts_without_what_takes_seconds_to_import(tmp_path: Path) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "rfc3987_syntax.py").write_text("raise SystemExit('It reads its grammar.')")
    nbformat.write(notebook(("n = 1", ["parameters"])), tmp_path / "a.ipynb")
    path = os.pathsep.join([str(tmp_path / "slow"), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    assert run(tmp_path, "--inspect", "a.ipynb", PYTHONPATH=path).returncode == 0
    slow = subprocess.run(
        [sys.executable, "-c", "import nbformat"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    assert b"grammar" in slow.stderr


def test_ending_it_cancels_the_run(tmp_path: Path) -> None:
    nbformat.write(notebook("print('kept', flush=True)\nimport time\ntime.sleep(600)"), tmp_path / "a.ipynb")
    process = subprocess.Popen(
        command(tmp_path, "--notebook", "a.ipynb", "--out", "out"),
        env=environment(tmp_path),
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    events = tmp_path / "out" / "events.ndjson"
    # The source of the cell is told too: only its output holds the line break as JSON writes it.
    until(lambda: events.exists() and r'"kept\n"' in events.read_text(), PATIENCE, "the first output")
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 143
    assert record(tmp_path)["reason"] == "It was ended by SIGTERM."
    made = nbformat.read(tmp_path / "out" / "output.ipynb", as_version=4)
    assert made["cells"][0]["outputs"][0]["text"] == "kept\n"
