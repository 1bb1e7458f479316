"""Execute one notebook in a fresh kernel that nothing on this machine's home folder can influence."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

SECONDS_PER_CELL = 300
# Passive waiting: threads that spin take the cores from each other where other programs are at work.
_SAME_EVERYWHERE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "OMP_WAIT_POLICY": "passive"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class CellError(Exception):
    """A cell raised, took too long or took its kernel down; the text names the cell and the reason."""


def execute(notebook: NotebookNode, path: Path) -> NotebookNode:
    """Return a copy of the notebook with fresh outputs; the working folder is that of `path`.

    Raises CellError unless the failing cell carries the tag `raises-exception`.
    """
    fresh = copy.deepcopy(notebook)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    with tempfile.TemporaryDirectory() as private:
        environment = {**os.environ, **_SAME_EVERYWHERE, "IPYTHONDIR": private}
        environment.pop("MPLBACKEND", None)
        client = NotebookClient(
            fresh,
            kernel_name="python3",
            timeout=SECONDS_PER_CELL,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(path.parent)}},
        )
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", f"{private}/kernel"
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CellError(_sentence(fresh, error)) from error
    return fresh


def _sentence(notebook: NotebookNode, error: Exception) -> str:
    """Name the cell that failed, counting from 1 as people do, and the last line of the reason."""
    index = _failed_index(notebook)
    cell = notebook.cells[index]
    if isinstance(error, CellTimeoutError):
        reason = f"took longer than {SECONDS_PER_CELL} s"
    elif isinstance(error, CellExecutionError):
        reason = f"raised {error.ename}: {error.evalue}"
    else:
        reason = "ended its kernel"
    return f"cell {index + 1} of {len(notebook.cells)} (id {cell.id}) {_COLOURS.sub('', reason).strip()}"


def _failed_index(notebook: NotebookNode) -> int:
    """The first code cell that holds an error or was not finished."""
    code = [
        (index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()
    ]
    for index, cell in code:
        raised = any(output.output_type == "error" for output in cell.outputs)
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if (raised and not expected) or cell.execution_count is None:
            return index
    return code[-1][0]
