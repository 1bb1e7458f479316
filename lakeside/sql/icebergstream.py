"""An Iceberg table as DuckDB reads it: as a stream, each time anew, so that it is never held as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class IcebergStream:
    """What speaks Arrow's protocol of streams. The table is opened when it is read first.

    :param opened: gives pyiceberg's table
    """

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._opened = opened
        self._table: Any = None

    def columns(self) -> list[str]:
        """Names of the outer columns, by the table's metadata alone."""
        return [field.name for field in self._opened().schema().fields]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        if self._table is None:
            self._table = self._opened()
        return self._table.scan().to_arrow_batch_reader().__arrow_c_stream__(requested_schema)
