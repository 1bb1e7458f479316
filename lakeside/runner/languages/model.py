"""What a language must say so that a value can be written in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..outcome import Refused

#: Writes a text as a literal.
Quote = Callable[[str], str]


def escaped(text: str, special: dict[str, str], code: Callable[[str], str]) -> str:
    """A text in which each special character is replaced and each one that cannot be seen is written by its number."""
    return "".join(special.get(char) or (char if char.isprintable() else code(char)) for char in text)


def utf16(char: str) -> str:
    r"""``\u`` and four hexadecimal digits, two of them beyond the first plane."""
    point = ord(char)
    if point <= 0xFFFF:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def without_nul(text: str) -> str:
    """The text. Raises :class:`Refused` where it has a NUL, which no text of this language can hold."""
    if "\0" in text:
        raise Refused("A text with a NUL character cannot be handed to a notebook of this language. Take it out.")
    return text


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Refused(f"{name[:80]!r} cannot be the name of an environment variable.")
    return name


@dataclass(frozen=True, kw_only=True)
class Language:
    """How values are written in one language.

    :param assign: gives the line that binds a name to a literal
    :param pattern: finds ``name``, ``value`` and ``comment`` in one line of a parameters cell
    """

    name: str
    null: str
    true: str
    false: str
    quote: Quote
    sequence: Callable[[Sequence[str]], str]
    mapping: Callable[[Sequence[tuple[str, str]]], str]
    assign: Callable[[str, str], str]
    integer: Callable[[int], str] = str
    infinity: str
    not_a_number: str
    variable: Callable[[str], str]
    comment: str = "# "
    pattern: re.Pattern[str]
    named: re.Pattern[str] = re.compile(r"[^\W\d]\w*")
    reserved: frozenset[str] = frozenset()

    def literal(self, value: Any) -> str:
        """A JSON value as source text. Raises :class:`Refused` for what the language cannot say."""
        if value is None:
            return self.null
        if isinstance(value, bool):
            return self.true if value else self.false
        if isinstance(value, int):
            return self.integer(value)
        if isinstance(value, float):
            return self._decimal(value)
        if isinstance(value, str):
            return self.quote(value)
        if isinstance(value, dict):
            if set(value) == {"$env"} and isinstance(value["$env"], str):
                return self.variable(_variable(value["$env"]))
            return self.mapping([(self.quote(str(key)), self.literal(item)) for key, item in value.items()])
        if isinstance(value, list | tuple):
            return self.sequence([self.literal(item) for item in value])
        raise Refused(f"A value of type {type(value).__name__} cannot be a parameter; use what JSON can say.")

    def _decimal(self, value: float) -> str:
        if math.isnan(value):
            return self.not_a_number
        if math.isinf(value):
            return self.infinity if value > 0 else f"-{self.infinity}"
        return repr(value)

    def checked_name(self, name: str) -> str:
        """The name as this language takes it. Raises :class:`Refused` where it is none."""
        if not self.named.fullmatch(name) or name in self.reserved:
            raise Refused(
                f"The parameter {name!r} cannot be a variable in {self.name}. "
                "Rename it: letters, digits and _, not beginning with a digit, and no word of the language.",
                field=f"parameters.{name}",
            )
        return name
