"""What every committed example holds: it is valid, executed, of a sensible size and names no machine."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
MEGABYTE = 1_000_000

# A folder of a person or of a machine, a kernel's temporary file, an object's address.
MACHINE = re.compile(r"/(?:home|root|Users|work|tmp|var|opt)/\w|[A-Z]:\\\\?Users|ipykernel_\d+| at 0x[0-9a-f]{6,}")
WARNING = re.compile(r"\w+Warning\b")


@cache
def read(path: Path) -> Any:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(cell: Any) -> list[str]:
    """All that a reader can see of a code cell's outputs, as text."""
    found: list[str] = []
    for output in cell.outputs:
        found += [output.get("text", ""), *output.get("traceback", [])]
        found += [
            value
            for kind, value in output.get("data", {}).items()
            if isinstance(value, str) and "image/png" not in kind
        ]
    return found


def test_there_are_at_least_five() -> None:
    assert len(NOTEBOOKS) >= 5


def test_one_is_long_one_has_parameters_and_one_shows_an_error() -> None:
    notebooks = [read(path) for path in NOTEBOOKS]
    tags = [tag for notebook in notebooks for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    assert max(len(notebook.cells) for notebook in notebooks) >= 120
    assert "parameters" in tags
    assert "raises-exception" in tags


def test_all_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in NOTEBOOKS) < 8 * MEGABYTE
    assert (EXAMPLES / "delays-in-new-york-2013.ipynb").stat().st_size < MEGABYTE


def test_readme_names_every_notebook() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in readme] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEach:
    def test_is_valid_and_of_format_4_5(self, path: Path) -> None:
        notebook = read(path)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        assert notebook.metadata.language_info.name == "python"

    def test_has_unique_cell_ids(self, path: Path) -> None:
        ids = [cell.id for cell in read(path).cells]
        assert len(ids) == len(set(ids))

    def test_begins_with_its_title(self, path: Path) -> None:
        first = read(path).cells[0]
        assert first.cell_type == "markdown"
        assert first.source.startswith("# ")

    def test_was_executed_from_top_to_bottom(self, path: Path) -> None:
        counts = [cell.execution_count for cell in code_cells(read(path))]
        assert counts == list(range(1, len(counts) + 1))

    def test_shows_errors_only_where_they_are_meant(self, path: Path) -> None:
        for cell in code_cells(read(path)):
            raised = any(output.output_type == "error" for output in cell.outputs)
            assert raised == ("raises-exception" in cell.metadata.get("tags", [])), cell.id

    def test_shows_no_warnings(self, path: Path) -> None:
        for cell in code_cells(read(path)):
            assert [text for text in texts(cell) if WARNING.search(text)] == [], cell.id

    def test_names_no_machine(self, path: Path) -> None:
        notebook = read(path)
        for cell in notebook.cells:
            shown = [cell.source, *(texts(cell) if cell.cell_type == "code" else [])]
            assert [found.group() for text in shown for found in MACHINE.finditer(text)] == [], cell.id

    def test_keeps_no_metadata_of_the_run(self, path: Path) -> None:
        notebook = read(path)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags"}

    def test_gives_every_interactive_chart_a_picture(self, path: Path) -> None:
        for cell in code_cells(read(path)):
            for output in cell.outputs:
                kinds = set(output.get("data", {}))
                if any("vegalite" in kind for kind in kinds):
                    assert "image/png" in kinds, cell.id
