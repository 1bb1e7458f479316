"""Cells through nbclient, with bounded outputs and told as they come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

from .kernel import Kernel
from .outputs import Budget, CellOutputs

#: What %expect and %notify of lakeside.magics show.
CHECK = "application/vnd.lakeside.check+json"
NOTICE = "application/vnd.lakeside.notice+json"
#: Seconds that the last outputs of an ended cell may take to arrive.
STRAGGLERS = 120
#: Seconds in which what a dead kernel sent last is still read.
LAST_OUTPUTS = 0.25


@dataclass(frozen=True)
class CellError:
    """An error that a cell raised."""

    name: str
    value: str
    traceback: list[str]


class Cells(NotebookClient):
    """Runs the cells of one notebook, one at a time, on a kernel that is ready.

    :param limit: characters of output kept of a cell
    :param tell: takes a cell's index and what is told of an output
    :param fact: takes a cell's index, ``check`` or ``notice``, and what the cell said
    """

    def __init__(
        self,
        notebook: NotebookNode,
        kernel: Kernel,
        budget: Budget,
        limit: int,
        tell: Callable[[int, dict[str, Any]], None],
        fact: Callable[[int, str, dict[str, Any]], None],
    ) -> None:
        super().__init__(notebook, km=kernel.manager, iopub_timeout=STRAGGLERS, log=_quiet())
        self.kc = kernel.client
        self._budget = budget
        self._limit = limit
        self._tell = tell
        self._fact = fact
        self._current: CellOutputs | None = None

    async def run(self, index: int) -> CellError | None:
        """Runs one cell. Gives the error where it ended with one, also where the cell may.

        Raises :class:`nbclient.exceptions.DeadKernelError`.
        """
        cell = self.nb["cells"][index]
        cell["outputs"] = []
        try:
            await self.async_execute_cell(cell, index)
        except CellExecutionError as error:
            return CellError(error.ename, error.evalue, error.traceback.splitlines())
        finally:
            if self._current:
                self._current.finish()
                self._current = None
        return next(
            (
                CellError(output["ename"], output["evalue"], list(output["traceback"]))
                for output in cell["outputs"]
                if output["output_type"] == "error"
            ),
            None,
        )

    def kernel_died(self) -> None:
        """To be called when the kernel's process is gone: the running cell ends with DeadKernelError."""
        asyncio.get_running_loop().call_later(LAST_OUTPUTS, self._give_up)

    def _give_up(self) -> None:
        if self.task_poll_for_reply and not self.task_poll_for_reply.done():
            self.task_poll_for_reply.cancel()

    def settle(self) -> None:
        """Brings the notebook up to what was printed so far."""
        if self._current:
            self._current.settle()

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if self._current is None or self._current.outs is not cell["outputs"]:
            outs = cell["outputs"]
            self._current = CellOutputs(outs, self._limit, self._budget, lambda output: self._tell(cell_index, output))
        return super().process_message(msg, cell, cell_index)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        current = self._current
        assert current is not None
        if self.output_hook_stack[msg["parent_header"].get("msg_id")]:
            return super().output(outs, msg, display_id, cell_index)
        if self.clear_before_next_output:
            current.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if msg["msg_type"] == "stream":
            current.stream(msg["content"]["name"], msg["content"]["text"])
            return None
        try:
            made = output_from_msg(msg)
        except (ValueError, KeyError):
            return None
        data = made.get("data", {})
        for kind, name in ((CHECK, "check"), (NOTICE, "notice")):
            if isinstance(data.get(kind), dict):
                self._fact(cell_index, name, dict(data[kind]))
        if not current.fits(made):
            return None
        current.shown(made)
        return super().output(outs, msg, display_id, cell_index)

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        super().clear_output(outs, msg, cell_index)
        if self._current and not hooked and not self.clear_before_next_output:
            self._current.clear()


def _quiet() -> logging.Logger:
    """nbclient's own words: all of them are told as events, in sentences."""
    logger = logging.getLogger("lakeside.runner.nbclient")
    logger.setLevel(logging.CRITICAL)
    return logger


__all__ = ["CellError", "Cells", "DeadKernelError"]
