"""Going on from the cell that failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from .notebooks import is_run


@dataclass
class Resumption:
    """Where a former run can be taken up.

    :param key: names the former run's output, and the kernel kept for it
    :param index: of the first cell to run: the first that was not done then, or is another now
    :param former: the cells of the former output, by their index now
    """

    key: str
    index: int
    former: dict[int, NotebookNode]
    #: Whether the former kernel goes on. Otherwise every cell runs again.
    is_kept: bool = False

    def told(self, number: int) -> dict[str, Any]:
        """For the record: what was resumed, and how, in a sentence.

        :param number: of the first cell to run, as people count
        """
        if self.is_kept:
            text = f"Went on from cell {number} in the kernel of the former run; the cells before it did not run again."
        elif number > 1:
            text = f"The former run's kernel is gone, so cells 1 to {number - 1} ran again before cell {number}."
        else:
            text = "Nothing of the former run could be kept, so every cell ran again."
        return {"from": self.key, "cell": number, "kept": self.is_kept, "text": text}


def output_key(path: str | Path) -> str:
    """The name under which a run's kernel is kept: where its output notebook lies."""
    return str(Path(path).resolve())


def resume_from(former: NotebookNode, notebook: NotebookNode, path: str) -> Resumption:
    """Compares a former output with the notebook of now, cell by cell, and finds where to go on."""
    before = [cell for cell in former["cells"] if is_run(cell)]
    known: dict[int, NotebookNode] = {}
    last = 0
    for place, index in enumerate(index for index, cell in enumerate(notebook["cells"]) if is_run(cell)):
        last = index
        then = before[place] if place < len(before) else None
        if then is None or then["source"] != notebook["cells"][index]["source"] or not _is_done(then):
            return Resumption(output_key(path), index, known)
        known[index] = then
    # All was done: at least the last cell runs.
    known.pop(last, None)
    return Resumption(output_key(path), last, known)


def _is_done(cell: NotebookNode) -> bool:
    return (cell["metadata"].get("papermill") or {}).get("status") == "completed"


def keep_former(notebook: NotebookNode, resumption: Resumption) -> None:
    """Takes over the outputs of the cells that do not run again, and marks them."""
    for index, then in resumption.former.items():
        cell = notebook["cells"][index]
        cell["outputs"] = then["outputs"]
        cell["execution_count"] = then.get("execution_count")
        cell["metadata"]["papermill"] = then["metadata"].get("papermill", {})
        cell["metadata"]["lakeside"] = {**(cell["metadata"].get("lakeside") or {}), "kept": True}
