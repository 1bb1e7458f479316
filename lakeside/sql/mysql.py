"""MySQL and MariaDB to Arrow: PyMySQL asks, `mysqlrows` reads the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pyarrow as pa

from ..sources.errors import SourceError, StatementError
from ..sources.record import Source
from ..sources.settings import database_settings
from ..toolbox.mysql import connect
from .answer import Answer, unique_names
from .mysqlrows import RowBytes
from .mysqltypes import Column, Field
from .statement import Statement

_READ = 1 << 20
#: The server ended the connection, or it broke.
_GONE = (2006, 2013, 2055)


class MySqlSession:
    """One connection, each statement by itself unless the person begins a transaction."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._connection = connect(source.id, database_settings(source), autocommit=True)

    def modes(self) -> str:
        return str(self._value("SELECT @@sql_mode") or "")

    def _value(self, query: str) -> Any:
        with self._guarded(), self._connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def _guarded(self) -> _Guard:
        return _Guard(self)

    def run(self, statement: Statement, limit: int | None) -> Answer:
        with self._guarded():
            text = statement.text
            if statement.values:
                with self._connection.cursor() as cursor:
                    text = cursor.mogrify(statement.text, statement.values)
            is_limited = limit is not None and statement.verb in ("select", "with", "values")
            if is_limited:
                self._set(f"SET SESSION sql_select_limit = {(limit or 0) + 1}")
            try:
                return self._answered(text, limit)
            finally:
                if is_limited and self._connection.open:
                    self._set("SET SESSION sql_select_limit = DEFAULT")

    def _set(self, text: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(text)

    def _answered(self, text: str, limit: int | None) -> Answer:
        connection = self._connection
        connection.query(text, unbuffered=True)
        answer = self._one(limit)
        while connection._result.has_next:
            connection.next_result(unbuffered=True)
            answer = self._one(limit)
        return answer

    def _one(self, limit: int | None) -> Answer:
        result = self._connection._result
        if not result.unbuffered_active:
            return Answer(None, changed=result.affected_rows)
        fields = [Field.of(given) for given in result.fields]
        rows = RowBytes([field.sent for field in fields])
        columns = [Column(field) for field in fields]
        for batch in self._batches(rows, limit):
            for column, part in zip(columns, batch, strict=True):
                column.add(part)
        return _answer(fields, columns, limit)

    def _batches(self, rows: RowBytes, limit: int | None) -> Iterator[list[pa.Array]]:
        connection = self._connection
        result, stream = connection._result, connection._rfile
        while rows.ending is None:
            data = stream.read1(_READ)
            if not data:
                self.close()
                raise SourceError(f"{self._source.id}: the connection broke off. Run the cell again: it signs in anew.")
            batch = rows.feed(data)
            if batch is not None:
                yield batch
            if limit is not None and rows.rows > limit and rows.ending is None:
                # There is more than was asked for, and the statement has a limit of its own: the rest is not read.
                self.stop()
                self.close()
                return
        result.unbuffered_active, result.connection = False, None
        result.has_next = rows.ending.has_more_results
        connection._next_seq_id = (rows.ending.sequence + 1) % 256
        if rows.ending.error:
            raise StatementError(_said(rows.ending.error[1]))

    def stop(self) -> None:
        """Stops at the server what this connection runs, through another connection."""
        number = self._connection.thread_id()
        with suppress(SourceError):
            other = connect(self._source.id, database_settings(self._source), read_timeout=3)
            with other, other.cursor() as cursor, suppress(Exception):
                cursor.execute(f"KILL QUERY {int(number)}")

    def is_closed(self) -> bool:
        return not self._connection.open

    def close(self) -> None:
        result = self._connection._result
        if result is not None:
            # Rows that nobody reads any more: the driver would wait for them.
            result.unbuffered_active, result.connection = False, None
        with suppress(Exception):
            self._connection._force_close()


class _Guard:
    """Turns the driver's errors into sentences, and stops the server where the kernel is interrupted."""

    def __init__(self, session: MySqlSession) -> None:
        self._session = session

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        import pymysql

        session = self._session
        if isinstance(error, KeyboardInterrupt | SystemExit):
            session.stop()
            session.close()
        elif isinstance(error, pymysql.Error):
            code, said = (*error.args, "", "")[:2]
            if code in _GONE or not session._connection.open:
                session.close()
                raise SourceError(
                    f"{session._source.id}: the connection broke off. Run the cell again: it signs in anew."
                ) from None
            raise StatementError(_said(str(said) or str(error))) from None


def _answer(fields: Sequence[Field], columns: Sequence[Column], limit: int | None) -> Answer:
    names, notes = unique_names([field.name for field in fields])
    finished = []
    for column in columns:
        values, note = column.finish()
        finished.append(values)
        if note:
            notes.append(note)
    table = pa.table(finished, names=names)
    if limit is None or table.num_rows <= limit:
        return Answer(table, notes=notes)
    return Answer(table.slice(0, limit), notes=notes, more=True)


def _said(text: str) -> str:
    return text.rstrip(".") + "."
