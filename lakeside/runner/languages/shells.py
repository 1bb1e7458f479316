"""Bash and PowerShell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from ..outcome import Refused
from .model import Language, escaped, without_nul

_COMMENT = r"\s*(?:#\s*(?P<comment>.*))?"


def _bash_quote(text: str) -> str:
    if text.isprintable():
        return shlex.quote(text)
    special = {"'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    # One line: a kernel that feeds a shell line by line must not cut a text in two.
    return "$'" + escaped(without_nul(text), special, lambda char: f"\\U{ord(char):08x}") + "'"


def _flat(items: Sequence[str]) -> Sequence[str]:
    if any(item.partition("]=")[2].startswith("(") or item.startswith("(") for item in items):
        raise Refused("Bash has no lists of lists. Give the notebook a flat list, or JSON in a text.")
    return items


def _bash_assign(name: str, value: str) -> str:
    return f"declare -A {name}={value}" if value.startswith("([") else f"{name}={value}"


def _powershell_quote(text: str) -> str:
    # Each of these quotes ends a text in PowerShell; written twice it stands for itself.
    doubled = {quote: quote * 2 for quote in "'\u2018\u2019\u201a\u201b"}
    if text.isprintable():
        return "'" + escaped(text, doubled, str) + "'"
    parts = [
        f"[char]::ConvertFromUtf32({ord(char)})" if not char.isprintable() else "'" + doubled.get(char, char) + "'"
        for char in text
    ]
    return "(" + " + ".join(["''", *parts]) + ")"


BASH = Language(
    name="Bash",
    null="''",
    true="true",
    false="false",
    quote=_bash_quote,
    sequence=lambda items: f"({' '.join(_flat(items))})",
    mapping=lambda items: f"({' '.join(_flat([f'[{key}]={value}' for key, value in items]))})",
    assign=_bash_assign,
    infinity="inf",
    not_a_number="nan",
    variable=lambda name: f'"${{{name}}}"',
    pattern=re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*?)" + _COMMENT),
    named=re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
)

POWERSHELL = Language(
    name="PowerShell",
    null="$Null",
    true="$True",
    false="$False",
    quote=_powershell_quote,
    sequence=lambda items: f"@({', '.join(items)})",
    mapping=lambda items: "@{" + "; ".join(f"{key} = {value}" for key, value in items) + "}",
    assign=lambda name, value: f"${name} = {value}",
    infinity="[double]::PositiveInfinity",
    not_a_number="[double]::NaN",
    variable=lambda name: f"[Environment]::GetEnvironmentVariable({_powershell_quote(name)})",
    pattern=re.compile(r"\$(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.+?)" + _COMMENT),
    named=re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
)
