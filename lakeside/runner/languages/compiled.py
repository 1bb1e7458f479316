"""Scala, JavaScript, TypeScript, C# and F#."""

from __future__ import annotations

import re

from .model import Language, escaped, utf16

_COMMENT = r"\s*;?\s*(?://\s*(?P<comment>.*))?"
_SPECIAL = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quote(text: str) -> str:
    return '"' + escaped(text, _SPECIAL, utf16) + '"'


def _dotnet_quote(text: str) -> str:
    return (
        '"' + escaped(text, _SPECIAL, lambda char: f"\\U{ord(char):08x}" if ord(char) > 0xFFFF else utf16(char)) + '"'
    )


def _scala_integer(value: int) -> str:
    if -(2**31) <= value < 2**31:
        return str(value)
    return f"{value}L" if -(2**63) <= value < 2**63 else f'BigInt("{value}")'


def _csharp_integer(value: int) -> str:
    if -(2**63) <= value < 2**63:
        return str(value) if -(2**31) <= value < 2**31 else f"{value}L"
    return f'System.Numerics.BigInteger.Parse("{value}")'


def _fsharp_integer(value: int) -> str:
    if -(2**31) <= value < 2**31:
        return str(value)
    return f"{value}L" if -(2**63) <= value < 2**63 else f"{value}I"


def _javascript_integer(value: int) -> str:
    # Beyond this a number would lose its last digits.
    return str(value) if abs(value) < 2**53 else f"{value}n"


SCALA = Language(
    name="Scala",
    null="None",
    true="true",
    false="false",
    quote=_quote,
    sequence=lambda items: f"Seq({', '.join(items)})",
    mapping=lambda items: f"Map({', '.join(f'{key} -> {value}' for key, value in items)})",
    assign=lambda name, value: f"val {name} = {value}",
    integer=_scala_integer,
    infinity="Double.PositiveInfinity",
    not_a_number="Double.NaN",
    variable=lambda name: f"sys.env({_quote(name)})",
    comment="// ",
    pattern=re.compile(r"va[lr]\s+(?P<name>[^\W\d]\w*)\s*(?::[^=]*)?=\s*(?P<value>.+?)" + _COMMENT),
    reserved=frozenset(["val", "var", "def", "class", "object", "if", "else", "for", "while", "match", "type"]),
)

JAVASCRIPT = Language(
    name="JavaScript",
    null="null",
    true="true",
    false="false",
    quote=_quote,
    sequence=lambda items: f"[{', '.join(items)}]",
    # A computed key: "__proto__" stays a key.
    mapping=lambda items: "{" + ", ".join(f"[{key}]: {value}" for key, value in items) + "}",
    # `var` can be said again, so the parameters cell may say the same name.
    assign=lambda name, value: f"var {name} = {value};",
    integer=_javascript_integer,
    infinity="Infinity",
    not_a_number="NaN",
    variable=lambda name: f"globalThis.process.env[{_quote(name)}]",
    comment="// ",
    pattern=re.compile(r"(?:var|let|const)?\s*(?P<name>[^\W\d]\w*)\s*(?::[^=]*)?=\s*(?P<value>[^=].*?)" + _COMMENT),
    reserved=frozenset(["var", "let", "const", "function", "class", "if", "else", "for", "while", "new", "this", "in"]),
)

CSHARP = Language(
    name="C#",
    null="(object)null",
    true="true",
    false="false",
    quote=_dotnet_quote,
    sequence=lambda items: "new object[] { " + ", ".join(items) + " }",
    mapping=lambda items: (
        "new System.Collections.Generic.Dictionary<string, object> { "
        + ", ".join(f"{{ {key}, {value} }}" for key, value in items)
        + " }"
    ),
    assign=lambda name, value: f"var {name} = {value};",
    integer=_csharp_integer,
    infinity="double.PositiveInfinity",
    not_a_number="double.NaN",
    variable=lambda name: f"System.Environment.GetEnvironmentVariable({_quote(name)})",
    comment="// ",
    pattern=re.compile(r"(?:var|int|double|string|bool|long)\s+(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>.+?)" + _COMMENT),
    reserved=frozenset(["var", "class", "new", "if", "else", "for", "while", "string", "int", "object", "params"]),
)

FSHARP = Language(
    name="F#",
    null="null",
    true="true",
    false="false",
    quote=_dotnet_quote,
    sequence=lambda items: "[ " + "; ".join(f"box ({item})" for item in items) + " ]",
    mapping=lambda items: "dict [ " + "; ".join(f"({key}, box ({value}))" for key, value in items) + " ]",
    assign=lambda name, value: f"let {name} = {value}",
    integer=_fsharp_integer,
    infinity="infinity",
    not_a_number="nan",
    variable=lambda name: f"System.Environment.GetEnvironmentVariable({_quote(name)})",
    comment="// ",
    pattern=re.compile(r"let\s+(?:mutable\s+)?(?P<name>[^\W\d]\w*)\s*(?::[^=]*)?=\s*(?P<value>.+?)" + _COMMENT),
    reserved=frozenset(["let", "type", "if", "then", "else", "for", "while", "match", "with", "fun", "in", "end"]),
)
