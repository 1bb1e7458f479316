"""The ``papermill`` block that tools know: times and states of a notebook and its cells."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from lakeside import __version__

from .request import Request


def begin_notebook(notebook: NotebookNode, request: Request, parameters: dict[str, Any], at: datetime) -> None:
    """A run begins: every cell is pending."""
    notebook["metadata"]["papermill"] = NotebookNode(
        default_parameters=NotebookNode(),
        environment_variables=NotebookNode(),
        parameters=parameters,
        input_path=request.known_as,
        output_path=str(Path(request.out) / "output.ipynb"),
        start_time=at.isoformat(),
        end_time=None,
        duration=None,
        exception=None,
        version=__version__,
        runner="lakeside",
    )
    for cell in notebook["cells"]:
        cell["metadata"]["papermill"] = NotebookNode(
            start_time=None, end_time=None, duration=None, exception=None, status="pending"
        )


def begin_cell(cell: NotebookNode, at: datetime) -> None:
    """A cell begins."""
    block = cell["metadata"]["papermill"]
    block["start_time"], block["status"], block["exception"] = at.isoformat(), "running", False


def end_cell(cell: NotebookNode, began: datetime, at: datetime, failed: bool) -> None:
    """A cell ended."""
    block = cell["metadata"]["papermill"]
    block["end_time"], block["duration"] = at.isoformat(), (at - began).total_seconds()
    block["status"], block["exception"] = ("failed" if failed else "completed"), failed


def end_notebook(notebook: NotebookNode, began: datetime, at: datetime, ok: bool) -> None:
    """The run ended. Cells that hold no code to run count as done where all went well."""
    block = notebook["metadata"]["papermill"]
    block["end_time"], block["duration"] = at.isoformat(), (at - began).total_seconds()
    block["exception"] = None if ok else True
    for cell in notebook["cells"]:
        mark = cell["metadata"]["papermill"]
        if mark["status"] == "failed":
            break
        if mark["status"] == "pending" and (ok or cell["cell_type"] != "code"):
            mark["status"] = "completed"
