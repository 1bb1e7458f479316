"""Compare an executed notebook with the committed one by the kinds of their outputs."""

from __future__ import annotations

from nbformat import NotebookNode


def differences(before: NotebookNode, after: NotebookNode) -> list[str]:
    """One sentence for each cell whose outputs changed their kinds; empty when all match."""
    pairs = enumerate(zip(before.cells, after.cells, strict=True), start=1)
    return [
        f"cell {number} (id {new.id}) gave {_words(new)} and had {_words(old)}. "
        "If that is meant, run `npm run examples` and commit."
        for number, (old, new) in pairs
        if kinds(old) != kinds(new)
    ]


def kinds(cell: NotebookNode) -> list[str]:
    """What a cell shows, in order: `stream stdout`, `error ValueError`, `display_data image/png text/plain`, …"""
    return [_kind(output) for output in cell.get("outputs", [])]


def _kind(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return f"stream {output.name}"
    if output.output_type == "error":
        return f"error {output.ename}"
    return " ".join([output.output_type, *sorted(output.data)])


def _words(cell: NotebookNode) -> str:
    return "; ".join(kinds(cell)) or "no output"
