"""Everything about a run that is known before its kernel starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from .events import now
from .kernelspecs import Chosen, choose
from .macros import filled, macro_values
from .moments import Interval
from .notebooks import is_run, read_notebook
from .outcome import Refused
from .parameters import inject
from .request import Request
from .resumption import Resumption, resume_from

_ERROR_MARK = "papermill-error-cell-tag"


@dataclass
class Plan:
    """What will run, on what, with which values.

    :param cells: indexes of the cells that are code with anything in it
    """

    notebook: NotebookNode
    chosen: Chosen
    parameters: dict[str, Any]
    interval: Interval
    cells: list[int]
    warnings: list[str] = field(default_factory=list)
    resumption: Resumption | None = None

    def number(self, index: int) -> int:
        """The number of a cell as people count: 1 for the first that runs."""
        return self.cells.index(index) + 1


def prepare(request: Request) -> Plan:
    """Reads and checks everything. Raises :class:`Refused` that names the field."""
    if not request.folder.is_dir():
        raise Refused(f"The folder {request.folder}, in which the kernel was to work, is not there.", field="cwd")
    interval = Interval.of(
        zone=request.zone,
        due=request.scheduled_at,
        start=request.interval_start,
        end=request.interval_end,
        now=now(),
    )
    notebook = read_notebook(request.notebook)
    # Marks that papermill left of an earlier failure.
    notebook["cells"] = [cell for cell in notebook["cells"] if _ERROR_MARK not in cell["metadata"].get("tags", [])]
    chosen = choose(notebook, request.kernel)
    former = read_notebook(request.resume, keep_outputs=True) if request.resume else None
    names = {
        "run_id": request.run_id,
        "schedule_id": request.schedule_id,
        "schedule_name": request.schedule_name,
        "owner": request.owner,
        "notebook": Path(request.known_as.partition("#sha256=")[0]).name,
    }
    given = request.parameters
    if former is not None and not given:
        # A former run's values hold no macros any more: what they stood for then, they stand for now.
        parameters = dict((former["metadata"].get("papermill") or {}).get("parameters") or {})
    else:
        macros = macro_values(interval, names)
        parameters = {name: filled(value, macros, f"parameters.{name}") for name, value in given.items()}
    warnings = inject(notebook, parameters, chosen.language or None)
    cells = [index for index, cell in enumerate(notebook["cells"]) if is_run(cell)]
    resumption = resume_from(former, notebook, str(request.resume)) if former is not None else None
    return Plan(notebook, chosen, parameters, interval, cells, warnings, resumption)
