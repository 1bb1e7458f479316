"""What is kept and told of a cell's outputs: bounded, whatever a cell prints."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

#: Bytes of one output, and of all outputs of one cell, that events carry.
EVENT_OUTPUT = 64 * 1024
EVENT_CELL = 512 * 1024
#: Characters of an output that is kept where the disk is full.
LIGHT = 4096
#: Seconds for which printed text is gathered before it is told.
GATHER = 0.1


def weight(output: dict[str, Any]) -> int:
    """About how many characters an output has on disk."""
    if output["output_type"] == "stream":
        return len(output["text"])
    if output["output_type"] == "error":
        return sum(len(str(line)) for line in output.get("traceback", [])) + len(str(output.get("evalue", "")))
    data = output.get("data", {}).values()
    return sum(len(item) if isinstance(item, str) else len(json.dumps(item)) for item in data)


def lighten(notebook: NotebookNode) -> int:
    """Takes the large outputs out of a notebook, each with a sentence in its place. Gives their characters."""
    cut = 0
    for cell in notebook["cells"]:
        for place, output in enumerate(cell.get("outputs", [])):
            size = weight(output)
            if size > LIGHT:
                cut += size
                text = f"… {size:,} characters of output were left out: the disk was full …\n"
                cell["outputs"][place] = NotebookNode(output_type="stream", name="stderr", text=text)
    return cut


@dataclass
class Budget:
    """How much of a run's outputs is kept, in characters."""

    run: int
    cut: int = 0


@dataclass
class CellOutputs:
    """The outputs of one running cell.

    :param outs: the cell's list of outputs, which this fills
    :param limit: characters kept of this cell
    :param tell: takes what is told of an output
    """

    outs: list[NotebookNode]
    limit: int
    budget: Budget
    tell: Callable[[dict[str, Any]], None]
    _kept: int = 0
    _dropped: int = 0
    _texts: dict[int, list[str]] = field(default_factory=dict)
    _gathered: list[str] = field(default_factory=list)
    _gathered_name: str = ""
    _timer: asyncio.TimerHandle | None = None
    _told: int = 0

    def stream(self, name: str, text: str) -> None:
        """Adds printed text to the last output where that is the same stream."""
        room = min(self.limit - self._kept, self.budget.run)
        if len(text) > room:
            self._dropped += len(text) - max(0, room)
            text = text[: max(0, room)]
        if not text:
            return
        self._spend(len(text))
        last = self.outs[-1] if self.outs else None
        if last is None or last["output_type"] != "stream" or last["name"] != name:
            last = NotebookNode(output_type="stream", name=name, text="")
            self.outs.append(last)
        # Joined once: adding each piece to the whole would take the square of the length.
        self._texts.setdefault(id(last), []).append(text)
        self._gather(name, text)

    def fits(self, output: dict[str, Any]) -> bool:
        """Whether an output is kept whole. An error always is."""
        size = weight(output)
        if output["output_type"] != "error" and size > min(self.limit - self._kept, self.budget.run):
            self._dropped += size
            return False
        self._spend(size)
        return True

    def shown(self, output: dict[str, Any]) -> None:
        """Tells a kept output."""
        self.flush()
        size = weight(output)
        told = dict(output)
        if size > EVENT_OUTPUT or self._told + size > EVENT_CELL:
            plain = str(output.get("data", {}).get("text/plain", ""))[:2000]
            types = list(output.get("data", {}))
            told = {"output_type": output["output_type"], "data": {"text/plain": plain}, "leftOut": types or [size]}
            size = len(plain)
        self._told += size
        self.tell(told)

    def clear(self) -> None:
        """The cell cleared its outputs. What they used of the run's budget comes back."""
        self.budget.run += self._kept
        self._kept = 0
        self._texts.clear()
        self._gathered.clear()
        self.outs.clear()
        self.tell({"output_type": "clear"})

    def settle(self) -> None:
        """Joins the text gathered so far into the outputs."""
        for output in self.outs:
            pieces = self._texts.get(id(output))
            if pieces:
                whole = output["text"] + "".join(pieces)
                output["text"] = whole
                pieces.clear()

    def finish(self) -> None:
        """The cell ended."""
        self.settle()
        if self._dropped:
            self.budget.cut += self._dropped
            sentence = f"\n… {self._dropped:,} characters of output of this cell were left out …\n"
            self.outs.append(NotebookNode(output_type="stream", name="stderr", text=sentence))
            self._gather("stderr", sentence)
            self._dropped = 0
        self.flush()

    def flush(self) -> None:
        """Tells what was printed since the last time."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        text = "".join(self._gathered)
        self._gathered.clear()
        if not text:
            return
        room = min(EVENT_OUTPUT, EVENT_CELL - self._told)
        if len(text) > room:
            # Who watches wants the end; the whole is in the output notebook.
            text = f"… {len(text) - max(0, room):,} characters …\n" + (text[-room:] if room > 0 else "")
            if room <= 0:
                return
        self._told += len(text)
        self.tell({"output_type": "stream", "name": self._gathered_name, "text": text})

    def _gather(self, name: str, text: str) -> None:
        if self._gathered and name != self._gathered_name:
            self.flush()
        self._gathered_name = name
        self._gathered.append(text)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER, self.flush)

    def _spend(self, size: int) -> None:
        self._kept += size
        self.budget.run -= size
