"""The type of a parameter, from its default, its annotation and its comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

TYPES = ("int", "float", "bool", "str", "date", "list", "dict", "enum", "secret")

_SECRET = re.compile(r"(?i)(^|_)(password|passwd|passphrase|secret|token|api_?key|private_?key)$")
_TYPED = re.compile(r"type:\s*(?P<type>[\w.]+(?:\[.*?\])?)\s*(?P<help>.*)")
_CHOICES = re.compile(r"(?i)(?:one of|choices|enum):?\s*(?P<choices>.+)")
_ALIASES = {
    "int": "int",
    "integer": "int",
    "float": "float",
    "double": "float",
    "number": "float",
    "bool": "bool",
    "boolean": "bool",
    "str": "str",
    "string": "str",
    "date": "date",
    "datetime": "date",
    "datetime.date": "date",
    "datetime.datetime": "date",
    "list": "list",
    "tuple": "list",
    "sequence": "list",
    "array": "list",
    "dict": "dict",
    "mapping": "dict",
    "object": "dict",
    "secret": "secret",
    "secretstr": "secret",
}


@dataclass
class Parameter:
    """One parameter of a notebook.

    :param default: as JSON can say it; None where it is none, or an ``expression``
    :param constructor: what makes the date from a text, such as ``date.fromisoformat``
    """

    name: str
    type: str
    default: Any = None
    help: str = ""
    choices: list[Any] | None = None
    expression: str | None = None
    constructor: str | None = None

    def told(self) -> dict[str, Any]:
        """As JSON, without what is not there."""
        facts: dict[str, Any] = {"name": self.name, "type": self.type, "default": self.default, "help": self.help}
        if self.choices is not None:
            facts["choices"] = self.choices
        if self.expression is not None:
            facts["expression"] = self.expression
        return facts


def of_value(value: Any) -> str:
    """The type of a JSON value."""
    if isinstance(value, bool):
        return "bool"
    for kind, name in ((int, "int"), (float, "float"), (list, "list"), (dict, "dict")):
        if isinstance(value, kind):
            return name
    return "date" if isinstance(value, str) and is_date(value) else "str"


def is_date(text: str) -> bool:
    """Whether a text is an ISO date or time."""
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return False
    try:
        date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def of_hint(hint: str) -> str | None:
    """The type that an annotation names; ``Optional[X]`` and ``X | None`` are X."""
    plain = hint.strip().strip("\"'")
    if found := re.fullmatch(r"(?:typing\.)?Optional\[(.*)\]", plain):
        plain = found[1]
    plain = re.sub(r"\s*\|\s*None$|^None\s*\|\s*", "", plain)
    return _ALIASES.get(plain.partition("[")[0].lower().removeprefix("typing."))


def parameter(name: str, value: Any, expression: str | None, hint: str | None, comment: str) -> Parameter:
    """A parameter from what its line says.

    :param value: the default, where it is one that JSON can say
    :param expression: the default's source, where it is not
    """
    found = Parameter(name, "str" if value is None else of_value(value), value, comment.strip(), None, expression)
    if typed := _TYPED.match(found.help):
        hint, found.help = typed["type"], typed["help"].strip()
    if hint and (named := of_hint(hint)):
        found.type = named
    choices = _CHOICES.search(found.help)
    if choices and found.type in ("str", "int", "float"):
        words = [word.strip().strip("\"'") for word in re.split(r"[,|]", choices["choices"]) if word.strip()]
        if len(words) > 1:
            found.type, found.choices = "enum", [_like(value, word) for word in words]
    if found.type in ("str", "enum") and found.choices is None and _SECRET.search(name):
        found.type = "secret"
    if re.match(r"(?i)secret\b", found.help):
        found.type = "secret"
    if found.type == "secret":
        # What stands in a notebook is no secret any more, but need not be shown in a form.
        found.default = None
    return found


def _like(value: Any, word: str) -> Any:
    try:
        return type(value)(word) if isinstance(value, int | float) and not isinstance(value, bool) else word
    except ValueError:
        return word
