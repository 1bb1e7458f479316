"""Parameters: given as text or JSON, put into a notebook as literals."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from .guess import Parameter, is_date
from .inspection import inspect_notebook, notebook_language, tagged
from .languages import language_for
from .languages.python import PYTHON
from .notebooks import free_id
from .outcome import Refused

INJECTED = "injected-parameters"


def typed(text: str, wanted: Parameter | None, name: str) -> Any:
    """The value that ``-p name=text`` means: it takes the type of the notebook's own default.

    Where the notebook has no default to go by, a number, ``true``, ``false`` and ``null`` are such, as with papermill.
    A macro stays a text. Raises :class:`Refused` that names the parameter.
    """
    if wanted is None or (wanted.default is None and wanted.type == "str" and wanted.expression is None):
        return _guessed(text)
    if "{{" in text:
        return text
    if wanted.choices is not None:
        for choice in wanted.choices:
            if str(choice) == text:
                return choice
        raise _unfit(name, text, "one of " + ", ".join(str(choice) for choice in wanted.choices))
    return _converted(text, wanted.type, name)


def _converted(text: str, kind: str, name: str) -> Any:
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            value = float(text)
            return value if math.isfinite(value) or text.strip().lower().lstrip("+-") in ("inf", "nan") else text
        if kind == "bool":
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.strip().lower()]
        if kind in ("list", "dict"):
            value = json.loads(text)
            if isinstance(value, list if kind == "list" else dict):
                return value
            raise ValueError
    except (ValueError, KeyError):
        shapes = {"int": "a whole number", "float": "a number", "bool": "true or false"}
        raise _unfit(name, text, shapes.get(kind, f"a {kind} in JSON")) from None
    if kind == "date" and not is_date(text):
        raise _unfit(name, text, "a date such as 2026-11-21")
    return text


def _unfit(name: str, text: str, wanted: str) -> Refused:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Refused(f"The parameter {name} wants {wanted}; {shown!r} is none.", field=f"parameters.{name}")


def _guessed(text: str) -> Any:
    words = {"true": True, "false": False, "null": None, "none": None}
    if text.lower() in words:
        return words[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def inject(notebook: NotebookNode, parameters: Mapping[str, Any], language: str | None = None) -> list[str]:
    """Puts a cell of literals after the cell tagged ``parameters``, or in the place of the one put in before.

    Where no cell is tagged it goes before the first cell of code.

    :param language: as the kernel says it; by default what the notebook says
    :returns: sentences about what looks wrong, such as a parameter that the notebook does not have

    Raises :class:`Refused` for a name or value that the language cannot say.
    """
    if not parameters:
        return []
    cells = notebook["cells"]
    before, known = tagged(notebook, INJECTED), inspect_notebook(notebook)
    cell = new_code_cell(source=_source(parameters, known, language or notebook_language(notebook)))
    cell["metadata"]["tags"] = [INJECTED]
    after = tagged(notebook, "parameters")
    if before is not None:
        cell["id"] = cells[before]["id"]
        cells[before] = cell
    else:
        cell["id"] = free_id(INJECTED, {other["id"] for other in cells})
        code = next((index for index, other in enumerate(cells) if other["cell_type"] == "code"), len(cells))
        cells.insert(code if after is None else after + 1, cell)
    if after is None:
        return (
            ["No cell is tagged “parameters”: the values stand before the first cell of code."]
            if before is None
            else []
        )
    names = {parameter.name for parameter in known}
    return (
        [f"The notebook has no parameter {name}; it is set all the same." for name in parameters if name not in names]
        if names
        else []
    )


def _source(parameters: Mapping[str, Any], known: list[Parameter], spoken: str) -> str:
    language = language_for(spoken)
    lines = [f"{language.comment}Parameters"]
    makers = {parameter.name: parameter.constructor for parameter in known if language is PYTHON}
    for name, value in parameters.items():
        language.checked_name(name)
        try:
            literal = language.literal(value)
        except Refused as refused:
            raise Refused(f"The parameter {name}: {refused.sentence}", field=f"parameters.{name}") from None
        maker = makers.get(name)
        if maker and isinstance(value, str):
            literal = f"{maker}({literal})"
        lines.append(language.assign(name, literal))
    return "\n".join(lines) + "\n"
