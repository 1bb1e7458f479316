"""The parameters of a notebook, read from its cell tagged ``parameters``."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from typing import Any

from nbformat import NotebookNode

from .guess import Parameter, parameter
from .languages import Language, language_for
from .languages.python import PYTHON
from .notebooks import tags
from .outcome import Refused


def notebook_language(notebook: NotebookNode) -> str:
    """The language a notebook says it is written in; Python where it says none."""
    spec = notebook["metadata"].get("kernelspec") or {}
    info = notebook["metadata"].get("language_info") or {}
    return str(spec.get("language") or info.get("name") or "python")


def tagged(notebook: NotebookNode, tag: str) -> int | None:
    """The index of the first cell with a tag."""
    return next((index for index, cell in enumerate(notebook["cells"]) if tag in tags(cell)), None)


def inspect_notebook(notebook: NotebookNode) -> list[Parameter]:
    """The parameters, in their order; none where no cell is tagged or the language is not known."""
    index = tagged(notebook, "parameters")
    if index is None:
        return []
    source = str(notebook["cells"][index]["source"])
    try:
        language = language_for(notebook_language(notebook))
    except Refused:
        return []
    if language is PYTHON:
        try:
            return _unique(_python(source))
        except SyntaxError:
            pass
    return _unique(_simple(source, language))


def _unique(found: list[Parameter]) -> list[Parameter]:
    return list({item.name: item for item in found}.values())


def _python(source: str) -> list[Parameter]:
    # Magics and shell lines are none of Python's; blank lines keep the numbers right.
    plain = "\n".join("" if re.match(r"\s*[%!]", line) else line for line in source.split("\n"))
    comments = _comments(plain)
    found = []
    for node in ast.parse(plain).body:
        if isinstance(node, ast.Assign):
            targets, hint = node.targets, None
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, hint = [node.target], node.annotation
        else:
            continue
        assert node.value is not None
        comment = comments.get(node.end_lineno or 0, "")
        found += [_assigned(target.id, node.value, hint, comment) for target in targets if isinstance(target, ast.Name)]
    return found


def _comments(source: str) -> dict[int, str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return {}
    return {token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT}


def _assigned(name: str, node: ast.expr, hint: ast.expr | None, comment: str) -> Parameter:
    value, expression = _constant(node)
    made = parameter(name, value, expression, ast.unparse(hint) if hint else None, comment)
    if isinstance(hint, ast.Subscript) and ast.unparse(hint.value).rpartition(".")[2] == "Literal":
        made.type, made.choices = "enum", list(ast.literal_eval(f"[{ast.unparse(hint.slice).strip('()')}]"))
        made.default = value
    if isinstance(node, ast.Call) and (said := _date_call(node)):
        made.type, (made.default, made.constructor) = "date", said
    return made


def _constant(node: ast.expr) -> tuple[Any, str | None]:
    try:
        value = ast.literal_eval(node)
        value = list(value) if isinstance(value, tuple) else value
        return json.loads(json.dumps(value, allow_nan=False)), None
    except (ValueError, TypeError, RecursionError):
        return None, ast.unparse(node)


def _date_call(node: ast.Call) -> tuple[Any, str] | None:
    """The text and the constructor of ``date(2026, 1, 2)``, ``datetime.datetime(…)``, ``pd.Timestamp("…")``."""
    called = ast.unparse(node.func)
    base = called.removesuffix(".fromisoformat")
    kind = base.rpartition(".")[2]
    if kind not in ("date", "datetime", "Timestamp"):
        return None
    constructor = base if kind == "Timestamp" else f"{base}.fromisoformat"
    values = [_constant(argument)[0] for argument in node.args]
    if len(values) == 1 and isinstance(values[0], str):
        return values[0], constructor
    if kind != "Timestamp" and len(values) >= 3 and all(isinstance(value, int) for value in values):
        day = "{:04}-{:02}-{:02}".format(*values[:3])
        clock = [*values[3:6], 0, 0, 0][:3]
        return (day if kind == "date" else f"{day}T{clock[0]:02}:{clock[1]:02}:{clock[2]:02}"), constructor
    return None


_WORDS = {"true": True, "TRUE": True, "false": False, "FALSE": False, "$True": True, "$False": False}
_NOTHING = {"null", "NULL", "None", "nothing", "$Null", "nil"}


def _simple(source: str, language: Language) -> list[Parameter]:
    """Reads assignments of one line each."""
    found = []
    for line in source.splitlines():
        match = language.pattern.fullmatch(line.strip())
        if match:
            value, expression = _word(match["value"].strip())
            found.append(parameter(match["name"], value, expression, None, match["comment"] or ""))
    return found


def _word(text: str) -> tuple[Any, str | None]:
    if text in _WORDS:
        return _WORDS[text], None
    if text in _NOTHING:
        return None, None
    if re.fullmatch(r"[+-]?\d+[Ln]?", text):
        return int(text.rstrip("Ln")), None
    if re.fullmatch(r"[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?", text):
        return float(text), None
    if (
        len(text) > 1
        and text[0] == text[-1]
        and text[0] in "'\""
        and text[0] not in text[1:-1].replace("\\" + text[0], "")
    ):
        try:
            return json.loads('"' + text[1:-1].replace("\\'", "'").replace('"', '"') + '"'), None
        except ValueError:
            return text[1:-1], None
    try:
        return json.loads(text), None
    except ValueError:
        return None, text
