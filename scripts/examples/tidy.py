"""Take out of an executed notebook what differs from run to run or names a machine."""

from __future__ import annotations

import re
import sys

from nbformat import NotebookNode

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_CELL_METADATA = {"tags", "slideshow"}
_ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")
_PREFIXES = sorted({sys.prefix, sys.base_prefix}, key=len, reverse=True)


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Keep kernel, language and tags; drop timings, widget state, memory addresses and the paths in tracebacks."""
    language = notebook.metadata.get("language_info", {"name": "python"})
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(_KERNEL), language_info=language)
    for cell in notebook.cells:
        cell.metadata = NotebookNode({key: value for key, value in cell.metadata.items() if key in _CELL_METADATA})
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [_without_machine(line) for line in output.traceback]
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = _ADDRESS.sub("", output.data["text/plain"])
    return notebook


def _without_machine(line: str) -> str:
    """Shorten `<prefix>/lib/python3.11/site-packages/pandas/…` to `site-packages/pandas/…`."""
    for prefix in _PREFIXES:
        line = re.sub(re.escape(prefix) + r"(/lib/python[0-9.]+)?/", "", line)
    return line
