"""`npm run examples` on small notebooks of its own: what it writes, what it refuses, what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

COMMAND = Path(__file__).resolve().parents[2] / "scripts" / "examples"


def put(folder: Path, name: str, *cells: Any) -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(COMMAND), "--folder", str(folder), *arguments], capture_output=True, text=True, check=False
    )


def test_executes_and_leaves_nothing_of_the_run(tmp_path: Path) -> None:
    path = put(tmp_path, "good", new_markdown_cell("# Title"), new_code_cell("print(6 * 7)"), new_code_cell("object()"))
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("1 passed, 0 failed\n")
    notebook = nbformat.read(path, as_version=4)
    _, printed, shown = notebook.cells
    assert printed.outputs[0].text == "42\n"
    assert shown.outputs[0].data["text/plain"] == "<object>"
    assert [cell.execution_count for cell in (printed, shown)] == [1, 2]
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["good.ipynb"]


def test_a_failing_cell_is_named_and_its_notebook_stays_as_it_was(tmp_path: Path) -> None:
    bad = put(tmp_path, "bad", new_markdown_cell("# Title"), new_code_cell("1 / 0", id="division"))
    put(tmp_path, "good", new_code_cell("1"))
    before = bad.read_bytes()
    done = run(tmp_path)
    assert done.returncode == 1
    assert "bad.ipynb: cell 2 of 2 (id division) raised ZeroDivisionError: division by zero" in done.stderr
    assert done.stdout.endswith("1 passed, 1 failed\n")
    assert bad.read_bytes() == before


def test_an_error_that_is_meant_is_kept_without_paths(tmp_path: Path) -> None:
    cell = new_code_cell("import json\njson.loads('{')", metadata={"tags": ["raises-exception"]})
    path = put(tmp_path, "meant", cell)
    assert run(tmp_path).returncode == 0
    (output,) = nbformat.read(path, as_version=4).cells[0].outputs
    assert output.ename == "JSONDecodeError"
    assert sys.base_prefix not in "\n".join(output.traceback)


def test_check_names_the_cell_whose_output_changed_kind_and_writes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "note", new_code_cell("print('once')", id="one"))
    assert run(tmp_path).returncode == 0
    assert run(tmp_path, "--check").returncode == 0
    text = path.read_text(encoding="utf-8").replace("print('once')", "'twice'")
    path.write_text(text, encoding="utf-8")
    done = run(tmp_path, "--check")
    assert done.returncode == 1
    assert "cell 1 (id one) gave execute_result text/plain and had stream stdout" in done.stderr
    assert path.read_text(encoding="utf-8") == text


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    put(tmp_path, "only", new_code_cell("1"))
    done = run(tmp_path, "nothing")
    assert done.returncode == 1
    assert "There are: only." in done.stderr
