"""`npm run examples` on small notebooks of its own: what it writes, what it refuses, what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

COMMAND = Path(__file__).resolve().parents[2] / "scripts" / "examples"
TITLE = new_markdown_cell("# Title")


def put(folder: Path, name: str, *cells: Any) -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(COMMAND), "--folder", str(folder), *arguments], capture_output=True, text=True, check=False
    )


class Executed:
    """Three notebooks after one run: one is good, one fails, one fails on purpose."""

    def __init__(self, folder: Path) -> None:
        meant = {"tags": ["raises-exception"]}
        self.folder = folder
        self.good = put(folder, "good", TITLE, new_code_cell("print(6 * 7)"), new_code_cell("object()"))
        self.bad = put(folder, "bad", TITLE, new_code_cell("1 / 0", id="division"))
        self.meant = put(folder, "meant", new_code_cell("import json\njson.loads('{')", metadata=meant))
        self.bad_before = self.bad.read_bytes()
        self.done = run(folder)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return Executed(tmp_path_factory.mktemp("examples"))


def test_executes_and_leaves_nothing_of_the_run(executed: Executed) -> None:
    notebook = nbformat.read(executed.good, as_version=4)
    _, printed, shown = notebook.cells
    assert printed.outputs[0].text == "42\n"
    assert shown.outputs[0].data["text/plain"] == "<object>"
    assert [cell.execution_count for cell in (printed, shown)] == [1, 2]
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert sorted(entry.name for entry in executed.folder.iterdir()) == ["bad.ipynb", "good.ipynb", "meant.ipynb"]


def test_a_failing_cell_is_named_and_its_notebook_stays_as_it_was(executed: Executed) -> None:
    assert executed.done.returncode == 1
    assert "bad.ipynb: cell 2 of 2 (id division) raised ZeroDivisionError: division by zero" in executed.done.stderr
    assert executed.done.stdout.endswith("2 passed, 1 failed\n")
    assert executed.bad.read_bytes() == executed.bad_before


def test_an_error_that_is_meant_is_kept_without_paths(executed: Executed) -> None:
    (output,) = nbformat.read(executed.meant, as_version=4).cells[0].outputs
    assert output.ename == "JSONDecodeError"
    assert sys.base_prefix not in "\n".join(output.traceback)


def test_check_names_the_cell_whose_output_changed_kind_and_writes_nothing(tmp_path: Path) -> None:
    before = [new_output("stream", name="stdout", text="once\n")]
    same = new_code_cell("print('other words')", id="same", outputs=before)
    path = put(tmp_path, "note", same, new_code_cell("'twice'", id="changed", outputs=before))
    content = path.read_bytes()
    done = run(tmp_path, "--check")
    assert done.returncode == 1
    assert "cell 2 (id changed) gave execute_result text/plain and had stream stdout" in done.stderr
    assert "id same" not in done.stderr
    assert path.read_bytes() == content


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    put(tmp_path, "only", new_code_cell("1"))
    done = run(tmp_path, "nothing")
    assert done.returncode == 1
    assert "There are: only." in done.stderr
