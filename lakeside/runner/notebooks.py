"""Notebook files: read, checked, written whole."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .outcome import Refused

#: Larger files are refused before they are read.
LARGEST = 512 * 2**20


def read_notebook(path: str | Path, keep_outputs: bool = False) -> NotebookNode:
    """A notebook in the newest format, its outputs cleared. Raises :class:`Refused` where there is none and why."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise Refused(f"{file.name} is larger than {LARGEST >> 20} MiB. Clear its outputs.", field="notebook")
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise Refused(f"There is no notebook {path}. It was moved, renamed or deleted.", field="notebook") from None
    except IsADirectoryError:
        raise Refused(f"{path} is a folder, not a notebook.", field="notebook") from None
    except PermissionError:
        raise Refused(f"{path} may not be read by this user. Change its permissions.", field="notebook") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} is no notebook: it is not UTF-8 text.", field="notebook") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.", field="notebook") from None
    return parse_notebook(text, str(path), keep_outputs)


def parse_notebook(text: str, name: str, keep_outputs: bool = False) -> NotebookNode:
    """A notebook from its text. Raises :class:`Refused` where it is none."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} is no notebook: {error}.", field="notebook") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Refused(f"{name} is no notebook: it does not say its nbformat.", field="notebook")
    if raw["nbformat"] > 4:
        raise Refused(
            f"{name} is in notebook format {raw['nbformat']}, which is newer than 4, the newest known here.",
            field="notebook",
        )
    try:
        # What a newer minor version adds is kept; an older one gets the ids of cells.
        notebook: NotebookNode = nbformat.from_dict(raw) if raw["nbformat"] == 4 else nbformat.reads(text, as_version=4)
        _complete(notebook, keep_outputs)
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"{name} is no notebook that can be read: {error}.", field="notebook") from None
    return notebook


def _complete(notebook: NotebookNode, keep_outputs: bool) -> None:
    """Checks what a run relies on and adds what old minor versions lack."""
    if not isinstance(notebook.setdefault("metadata", NotebookNode()), dict):
        raise ValueError("its metadata is no object")
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise ValueError("it has no list of cells")
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise ValueError(f"cell {number} has no type")
        source = cell.get("source", "")
        cell["source"] = "".join(source) if isinstance(source, list) else source
        if not isinstance(cell["source"], str):
            raise ValueError(f"cell {number} has a source that is no text")
        if not isinstance(cell.setdefault("metadata", NotebookNode()), dict):
            raise ValueError(f"the metadata of cell {number} is no object")
        if not isinstance(cell.get("id"), str) or cell["id"] in seen:
            # From its place, so that the same notebook gives the same ids.
            cell["id"] = free_id(f"cell-{number}", seen)
        seen.add(cell["id"])
        if cell["cell_type"] == "code" and keep_outputs:
            cell.setdefault("outputs", [])
        elif cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    notebook["nbformat"] = 4
    notebook["nbformat_minor"] = max(5, int(notebook.get("nbformat_minor", 0)))


def free_id(wanted: str, taken: Collection[str]) -> str:
    """An id like the one wanted that no cell has."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell."""
    found = cell["metadata"].get("tags", [])
    return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []


def is_run(cell: NotebookNode) -> bool:
    """Whether a cell is code with anything in it."""
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it lies on disk."""
    text: str = nbformat.v4.writes(notebook)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        # Half a character pair: written by its number, so that the file is UTF-8.
        return _json(notebook)


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, separators=(",", ": ")).encode() + b"\n"


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that it is there whole or as it was before, and stays across a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_json(path: Path, value: Any) -> None:
    """Writes a JSON file whole, in ASCII."""
    write_whole(path, _json(value))
