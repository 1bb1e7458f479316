"""Arrow tables as the frames that people work with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ..sources.errors import SourceError
from ..toolbox.drivers import driver
from .answer import Answer
from .options import ENGINES, Engine

if TYPE_CHECKING:
    import pandas as pd

_NULLABLE = {pa.int64(): "Int64", pa.uint64(): "UInt64", pa.bool_(): "boolean"}


def frame(answer: Answer, engine: Engine) -> Any:
    """The rows of an answer as a DataFrame of pandas or Polars, or as they are; None where it has none.

    The answer has no table afterwards: its memory is given free column by column, as pandas takes it over.
    """
    table, answer.table = answer.table, None
    if table is None or engine == "arrow":
        return table
    if engine == "polars":
        return driver("polars", "--engine polars").from_arrow(table)
    names, columns = table.column_names, list(table.columns)
    del table
    return _to_pandas(names, columns)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """A DataFrame in which nothing changes its value.

    Whole numbers stay whole: with NULL they are pandas' `Int64`. Decimals, dates and times of day stay Arrow's, texts
    are pandas' `str`, timestamps have microseconds, those with a zone are in UTC. NULL is missing; a column of floats
    with both NULL and NaN stays Arrow's, which can tell them apart.
    """
    return _to_pandas(table.column_names, list(table.columns))


def _to_pandas(names: Sequence[str], columns: list[pa.ChunkedArray | None]) -> pd.DataFrame:
    """Takes the columns out of the list one by one."""
    import pandas as pd

    rows = len(columns[0] or ()) if columns else 0
    arrays: dict[int, Any] = {}
    for at in range(len(names)):
        held, columns[at] = columns[at : at + 1], None
        arrays[at] = _array(pd, held)
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(rows), copy=False)
    frame.columns = pd.Index(names)
    return frame


def _array(pd: Any, held: list[pa.ChunkedArray | None]) -> Any:
    """The array of the only column of a list, which is empty afterwards."""
    column = held.pop()
    assert column is not None
    kind = column.type
    if pa.types.is_integer(kind):
        column = column.cast(pa.uint64() if kind == pa.uint64() else pa.int64())
        kind = column.type
    if kind in _NULLABLE and column.null_count:
        return pd.api.types.pandas_dtype(_NULLABLE[kind]).__from_arrow__(column)
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        column = column.cast(pa.float64())
    if _stays(kind) or (pa.types.is_floating(kind) and column.null_count and pc.any(pc.is_nan(column)).as_py()):
        return pd.arrays.ArrowExtensionArray(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pd.Series(column.to_pylist(), dtype=object).array
    return column.to_pandas(date_as_object=False).array


def _stays(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_date(kind) or pa.types.is_time(kind))


def checked_engine(name: str) -> Engine:
    """An engine by its name.

    :raises SourceError: with those there are
    """
    for engine in ENGINES:
        if engine == name:
            return engine
    raise SourceError(f"There is no engine {name!r}. There are {', '.join(ENGINES)}.")
