"""Values of Python as drivers bind them."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..sources.errors import SourceError
from ..sources.record import Dialect

_PLAIN = (
    *(bool, int, float, str, bytes, bytearray, decimal.Decimal),
    *(dt.date, dt.datetime, dt.time, dt.timedelta, uuid.UUID),
)
_EXACT: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (bytes, bytes),
)


@dataclass(frozen=True)
class Many:
    """Several values, for `IN {{ids}}`."""

    items: list[Any]


def bindable(value: Any, expression: str, dialect: Dialect) -> Any:
    """A value that the driver of a dialect takes; a list, a tuple, a set, a Series as `Many`.

    :raises SourceError: naming the expression and the type, never the value
    """
    if not isinstance(value, str | bytes | bytearray | Mapping):
        several = _several(value)
        if several is not None:
            if not several:
                raise SourceError(f"{{{{{expression}}}}} is empty: no row can be in it. Check it before the query.")
            return Many([_one(item, expression, dialect) for item in several])
    return _one(value, expression, dialect)


def _several(value: Any) -> list[Any] | None:
    if isinstance(value, list | tuple | set | frozenset | range):
        return list(value)
    to_list = getattr(value, "tolist", None)
    if to_list is not None and getattr(value, "ndim", 0) == 1:
        return list(to_list())
    return None


def _one(value: Any, expression: str, dialect: Dialect) -> Any:
    item = getattr(value, "item", None)
    if item is not None and getattr(value, "ndim", 0) == 0 and not isinstance(value, _PLAIN):
        value = item()
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    to_datetime = getattr(value, "to_pydatetime", None) or getattr(value, "to_pytimedelta", None)
    if to_datetime is not None:
        value = to_datetime()
    # Subclasses of str and the like may say anything of themselves; the driver gets the plain value.
    for kind, plain in _EXACT:
        if isinstance(value, kind) and type(value) not in (kind, bool):
            value = plain(value)
    if not isinstance(value, _PLAIN):
        raise SourceError(
            f"{{{{{expression}}}}} is of the type {type(value).__name__}, which cannot be bound. Numbers, texts, "
            "bytes, dates, times, None, and lists of them can."
        )
    if dialect == "mysql":
        value = _for_mysql(value, expression)
    if isinstance(value, str) and "\0" in value and dialect == "postgresql":
        raise SourceError(f"{{{{{expression}}}}} holds the character NUL, which no text of PostgreSQL may hold.")
    return value


def _for_mysql(value: Any, expression: str) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise SourceError(f"{{{{{expression}}}}} is {value}, which MySQL does not know. Use None for NULL.")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise SourceError(
            f"{{{{{expression}}}}} has a time zone, which MySQL's times have not. Say which time you mean: "
            ".astimezone(zone).replace(tzinfo=None)."
        )
    return value
