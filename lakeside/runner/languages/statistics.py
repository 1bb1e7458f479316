"""R, Julia and MATLAB."""

from __future__ import annotations

import re

from .model import Language, escaped, utf16, without_nul

_COMMENT = r"\s*(?:#\s*(?P<comment>.*))?"


def _r_quote(text: str) -> str:
    special = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + escaped(without_nul(text), special, lambda char: f"\\U{ord(char):08x}") + '"'


def _julia_quote(text: str) -> str:
    # A bare $ would be filled in: what it names would run.
    special = {'"': '\\"', "\\": "\\\\", "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + escaped(text, special, lambda char: f"\\U{ord(char):08x}") + '"'


def _matlab_quote(text: str) -> str:
    """A text in double quotes; what no literal can hold is joined on by its number."""
    parts, plain = [], ""
    for char in text:
        if char.isprintable() and ord(char) <= 0xFFFF:
            plain += '""' if char == '"' else char
            continue
        if plain:
            parts.append(f'"{plain}"')
        numbers = re.findall(r"\\u([0-9a-f]{4})", utf16(char))
        parts.append(f"string(char([{' '.join(str(int(number, 16)) for number in numbers)}]))")
        plain = ""
    return " + ".join([*parts, f'"{plain}"'] if plain or not parts else parts)


def _big(value: int) -> str:
    """Julia reads longer numbers as such; R and MATLAB as decimals. All take the digits."""
    return str(value)


R = Language(
    name="R",
    null="NULL",
    true="TRUE",
    false="FALSE",
    quote=_r_quote,
    sequence=lambda items: f"list({', '.join(items)})",
    mapping=lambda items: f"list({', '.join(f'{key} = {value}' for key, value in items)})",
    # As papermill does: a name in R does not begin with _.
    assign=lambda name, value: f"{name.lstrip('_')} = {value}",
    integer=_big,
    infinity="Inf",
    not_a_number="NaN",
    variable=lambda name: f"Sys.getenv({_r_quote(name)})",
    pattern=re.compile(r"(?P<name>[^\W\d][\w.]*)\s*(?:<-|=)\s*(?P<value>.+?)" + _COMMENT),
    named=re.compile(r"_*[^\W\d_][\w.]*"),
    reserved=frozenset(["if", "else", "repeat", "while", "function", "for", "in", "next", "break", "TRUE", "FALSE"]),
)

JULIA = Language(
    name="Julia",
    null="nothing",
    true="true",
    false="false",
    quote=_julia_quote,
    sequence=lambda items: f"[{', '.join(items)}]",
    mapping=lambda items: f"Dict({', '.join(f'{key} => {value}' for key, value in items)})",
    assign=lambda name, value: f"{name} = {value}",
    integer=_big,
    infinity="Inf",
    not_a_number="NaN",
    variable=lambda name: f"ENV[{_julia_quote(name)}]",
    pattern=re.compile(r"(?P<name>[^\W\d]\w*)\s*(?:::[^=#]*)?=\s*(?P<value>[^=].*?)" + _COMMENT),
    reserved=frozenset(["begin", "end", "function", "for", "while", "if", "else", "module", "let", "true", "false"]),
)

MATLAB = Language(
    name="MATLAB",
    null="[]",
    true="true",
    false="false",
    quote=_matlab_quote,
    sequence=lambda items: "{" + ", ".join(items) + "}",
    mapping=lambda items: (
        "containers.Map({" + ", ".join(key for key, _ in items) + "}, {" + ", ".join(v for _, v in items) + "})"
    ),
    assign=lambda name, value: f"{name} = {value};",
    infinity="Inf",
    not_a_number="NaN",
    variable=lambda name: f"getenv({_matlab_quote(name)})",
    comment="% ",
    pattern=re.compile(r"(?P<name>[A-Za-z]\w*)\s*=\s*(?P<value>[^=].*?)\s*;?\s*(?:%\s*(?P<comment>.*))?"),
    named=re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
    reserved=frozenset(["end", "function", "for", "while", "if", "else", "switch", "case"]),
)
