"""``%expect rows > 1000`` and ``%notify if drift > 0.2 "The distribution moved"``."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class, no_var_expand
from IPython.display import publish_display_data

from .errors import CheckFailed

#: What the runner reads from a cell's outputs, in any language's kernel.
CHECK = "application/vnd.lakeside.check+json"
NOTICE = "application/vnd.lakeside.notice+json"

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_TEXT = re.compile(r"""(?:^|\s)(?=[rRfF]{0,2}["'])""")


def as_json(value: Any) -> Any:
    """A value as JSON can say it; what it cannot say as its ``repr``, cut to 200 characters."""
    item = getattr(value, "item", None)
    if item is not None and getattr(value, "ndim", 0) == 0:
        value = item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return (value if isinstance(value, str) else repr(value))[:200]


def split_text(line: str) -> tuple[str, str | None]:
    """Splits ``condition "text"``; the text is the source of a literal, or None."""
    for place in reversed([found.end() for found in _TEXT.finditer(line)]):
        before, after = line[:place].strip().rstrip(","), line[place:]
        if (not before or _parsed(before)) and isinstance(_parsed(after), ast.JoinedStr | ast.Constant):
            return before, after
    return line.strip(), None


def _parsed(source: str) -> ast.expr | None:
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        return None


@magics_class
class Checks(Magics):
    """The magics of data checks."""

    @line_magic
    @no_var_expand
    def expect(self, line: str) -> None:
        """``%expect CONDITION ["text"]``: the run fails with FAILED_CHECK where the condition does not hold."""
        condition, text = split_text(line)
        if not condition:
            raise UsageError('%expect wants a condition, such as %expect rows > 1000 "too few rows"')
        holds, value = self._weigh(condition, "%expect")
        said = self._text(text)
        fact = {"expression": condition, "ok": holds, "value": as_json(value), "text": said}
        name = self._left(condition)
        shown = f" ({name} is {as_json(value)})" if name else ""
        publish_display_data({CHECK: fact, "text/plain": f"{'✓' if holds else '✗'} {condition}{shown}"})
        if not holds:
            raise CheckFailed((f"{said}: " if said else "") + f"expected {condition}{shown}")

    @line_magic
    @no_var_expand
    def notify(self, line: str) -> None:
        """``%notify if CONDITION ["text"]`` or ``%notify "text"``: a message to those who follow the schedule."""
        asked = re.match(r"\s*if\b", line)
        condition, text = split_text(line[asked.end() :] if asked else line)
        if bool(condition) != bool(asked):
            raise UsageError('%notify wants %notify if CONDITION "text", or %notify "text"')
        holds, value = self._weigh(condition, "%notify") if condition else (True, None)
        if not holds:
            return
        said = self._text(text) or f"{condition} ({self._left(condition) or 'value'} is {as_json(value)})"
        fact = {"text": said, "expression": condition or None, "value": as_json(value)}
        publish_display_data({NOTICE: fact, "text/plain": f"✉ {said}"})

    def _text(self, source: str | None) -> str | None:
        return None if source is None else str(self._value(ast.parse(source, mode="eval").body, "text"))

    def _weigh(self, condition: str, magic: str) -> tuple[bool, Any]:
        """Whether a condition holds, and the value it is about: each side is worked out once."""
        try:
            node = ast.parse(condition, mode="eval").body
        except SyntaxError as error:
            raise UsageError(f"{magic}: {condition!r} is no expression of Python: {error.msg}") from None
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left = self._value(node.left, condition)
            right = self._value(node.comparators[0], condition)
            return self._truth(_COMPARISONS[type(node.ops[0])](left, right), magic), left
        value = self._value(node, condition)
        return self._truth(value, magic), value

    def _truth(self, value: Any, magic: str) -> bool:
        try:
            return bool(value)
        except ValueError as error:
            raise UsageError(f"{magic} wants one yes or no: {error}") from None

    def _left(self, condition: str) -> str:
        node = ast.parse(condition, mode="eval").body
        return ast.unparse(node.left) if isinstance(node, ast.Compare) and len(node.ops) == 1 else ""

    def _value(self, node: ast.expr, name: str) -> Any:
        code = compile(ast.Expression(node), f"<{name[:60]}>", "eval")
        # The notebook's own code, in the notebook's own kernel.
        assert self.shell is not None
        return eval(code, self.shell.user_global_ns, self.shell.user_ns)  # noqa: S307
