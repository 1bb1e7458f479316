"""Python."""

from __future__ import annotations

import keyword
import re

from .model import Language, escaped


def _code(char: str) -> str:
    point = ord(char)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def quote(text: str) -> str:
    """A text as a literal on one line, whatever is in it."""
    return '"' + escaped(text, {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}, _code) + '"'


PYTHON = Language(
    name="Python",
    null="None",
    true="True",
    false="False",
    quote=quote,
    sequence=lambda items: f"[{', '.join(items)}]",
    mapping=lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items) + "}",
    assign=lambda name, value: f"{name} = {value}",
    infinity='float("inf")',
    not_a_number='float("nan")',
    variable=lambda name: f'__import__("os").environ[{quote(name)}]',
    # Only for what cannot be parsed: inspection reads Python by its grammar.
    pattern=re.compile(r"(?P<name>[^\W\d]\w*)\s*(?::[^=#]*)?=\s*(?P<value>[^=].*?)\s*(?:#\s*(?P<comment>.*))?"),
    reserved=frozenset(keyword.kwlist),
)
