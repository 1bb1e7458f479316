"""PostgreSQL to Arrow: by COPY, which is the quickest way out; by a cursor what COPY does not take."""

from __future__ import annotations

import math
import select
from array import array
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

import pyarrow as pa

from ..sources.errors import SourceError, StatementError
from ..sources.record import Source
from ..sources.settings import database_settings
from ..toolbox.postgresql import connect
from .answer import Answer, unique_names
from .blocks import Blocks
from .csvblocks import CsvBlocks
from .pgbinary import BinaryBlocks
from .pgreaders import is_binary
from .pgtypes import Field
from .statement import Statement

#: Statements that COPY takes where they give rows.
_COPIED = {"select", "with", "values", "table", "insert", "update", "delete", "merge"}
#: Milliseconds within which an interrupt that came while nothing arrived is noticed.
_LOOK = 200
#: Seconds that a stopped statement may take to end.
_PATIENCE = 3
#: libpq's own numbers: a connection that works on something, a result that is a stream.
_ACTIVE, _COPY_OUT = 1, 3


class PostgresSession:
    """One connection, each statement by itself unless the person begins a transaction."""

    def __init__(self, source: Source) -> None:
        self._name = source.id
        self._has_copy = source.kind == "postgresql"
        self._connection = connect(source.id, database_settings(source), autocommit=True)
        self._connection.execute("SET datestyle TO 'ISO, YMD'")
        if self._has_copy:
            self._connection.execute("SET intervalstyle TO 'iso_8601'; SET standard_conforming_strings TO on")

    def modes(self) -> str:
        return ""

    def run(self, statement: Statement, limit: int | None) -> Answer:
        psycopg = _psycopg()
        try:
            text = self._bound(statement)
            if limit is not None and statement.verb in ("select", "with", "values", "table"):
                return self._first(text, limit)
            if limit is None and self._has_copy and statement.verb in _COPIED:
                fields = self._fields(text)
                if fields:
                    return self._copied(text, fields)
            return self._through_cursor(text, limit)
        except psycopg.Error as error:
            if self._connection.closed:
                raise SourceError(
                    f"{self._name}: the connection broke off ({_said(error)}). Run the cell again: it signs in anew."
                ) from None
            raise StatementError(_said(error)) from None
        finally:
            self._settle()

    def _bound(self, statement: Statement) -> bytes:
        """The text with its values as literals, which the driver writes: COPY takes no parameters."""
        if not statement.values:
            return statement.text.encode()
        text: str = _psycopg().ClientCursor(self._connection).mogrify(statement.text, statement.values)
        return text.encode()

    def _wait(self, work: Any) -> Any:
        return self._connection.wait(work)

    def _fields(self, text: bytes) -> list[Field]:
        """The columns a statement would give, without running it."""
        from psycopg.generators import execute

        pg = self._connection.pgconn
        with self._connection.lock:
            for send in (lambda: pg.send_prepare(b"", text), lambda: pg.send_describe_prepared(b"")):
                send()
                result = self._wait(execute(pg))[-1]
                if result.error_message:
                    raise _error(result)
        return _fields_of(result)

    def _copied(self, text: bytes, fields: Sequence[Field]) -> Answer:
        from psycopg.generators import execute

        pg = self._connection.pgconn
        is_fast = is_binary(fields)
        blocks: Blocks = BinaryBlocks(fields) if is_fast else CsvBlocks([field.parsed for field in fields])
        form = b"FORMAT binary" if is_fast else b"FORMAT csv, NULL '\\N'"
        try:
            with self._connection.lock:
                pg.send_query(b"COPY (" + text + b"\n) TO STDOUT (" + form + b")")
                result = self._wait(execute(pg))[-1]
                if result.error_message:
                    raise _error(result)
                self._pump(pg, blocks)
                result = self._wait(execute(pg))[-1]
                if result.error_message:
                    raise _error(result)
            return self._answer(fields, blocks.columns())
        finally:
            blocks.close()

    @staticmethod
    def _pump(pg: Any, blocks: Blocks) -> None:
        take, most = pg.get_copy_data, blocks.size
        rows, sizes = bytearray(), array("q")
        while True:
            size, row = take(1)
            if size > 0:
                # Copied at once: a million objects that wait cost more than the bytes.
                rows += row
                sizes.append(size)
                if len(rows) >= most:
                    blocks.add(rows, sizes)
                    rows, sizes = bytearray(), array("q")
            elif size == 0:
                _await(pg.socket)
                pg.consume_input()
            else:
                break
        if rows:
            blocks.add(rows, sizes)

    def _settle(self) -> None:
        """Stops what runs at the server still. A connection that does not come to rest soon is ended."""
        pg = self._connection.pgconn
        if self._connection.closed or pg.transaction_status != _ACTIVE:
            return
        try:
            self._connection.cancel_safe(timeout=_PATIENCE)
            _drain(pg, monotonic() + _PATIENCE)
        except (_psycopg().Error, OSError):
            self._connection.close()

    def _first(self, text: bytes, limit: int) -> Answer:
        """The first rows, through a cursor of the server: it need not work out more."""
        cursor = self._connection.cursor()
        is_idle = self._connection.info.transaction_status == 0
        if is_idle:
            cursor.execute("BEGIN")
        try:
            cursor.execute(b"DECLARE lakeside_first NO SCROLL CURSOR FOR " + text)
            cursor.execute(f"FETCH {limit + 1} FROM lakeside_first".encode())
            answer = self._rows(cursor, limit)
            cursor.execute("CLOSE lakeside_first")
            return answer
        finally:
            if is_idle and not self._connection.closed:
                cursor.execute("ROLLBACK" if self._connection.info.transaction_status == 3 else "COMMIT")

    def _through_cursor(self, text: bytes, limit: int | None) -> Answer:
        with self._connection.cursor() as cursor:
            cursor.execute(text)
            if cursor.description is None:
                return Answer(None, changed=cursor.rowcount if cursor.rowcount >= 0 else None)
            return self._rows(cursor, limit)

    def _rows(self, cursor: Any, limit: int | None) -> Answer:
        result = cursor.pgresult
        fields = _fields_of(result)
        count = result.ntuples if limit is None else min(limit, result.ntuples)
        decode = _text
        columns = [
            pa.chunked_array([pa.array([decode(result.get_value(row, at)) for row in range(count)], type=pa.string())])
            for at in range(len(fields))
        ]
        answer = self._answer(fields, columns)
        answer.more = limit is not None and result.ntuples > limit
        return answer

    def _answer(self, fields: Sequence[Field], columns: list[pa.ChunkedArray]) -> Answer:
        names, notes = unique_names([field.name for field in fields])
        finished = []
        for field in fields:
            column, note = field.finish(columns.pop(0), self._loader)
            finished.append(column)
            if note:
                notes.append(note)
        return Answer(pa.table(finished, names=names), notes=notes)

    def _loader(self, oid: int) -> Callable[[bytes], Any]:
        from psycopg.adapt import Transformer
        from psycopg.pq import Format

        load: Callable[[bytes], Any] = Transformer(self._connection).get_loader(oid, Format.TEXT).load
        return load

    def is_closed(self) -> bool:
        return bool(self._connection.closed)

    def close(self) -> None:
        self._connection.close()


def _await(socket: int, until: float = math.inf) -> None:
    ready = select.poll()
    ready.register(socket, select.POLLIN)
    while not ready.poll(_LOOK):
        if monotonic() > until:
            raise TimeoutError


def _drain(pg: Any, until: float) -> None:
    """Throws away what a stopped statement gave, to its end."""
    while monotonic() < until:
        if pg.is_busy():
            _await(pg.socket, until)
            pg.consume_input()
            continue
        result = pg.get_result()
        if result is None:
            return
        while result.status == _COPY_OUT and (got := pg.get_copy_data(1)[0]) >= 0:
            if got == 0:
                _await(pg.socket, until)
                pg.consume_input()
    raise TimeoutError


def _psycopg() -> Any:
    import psycopg

    return psycopg


def _fields_of(result: Any) -> list[Field]:
    return [Field(result.fname(at).decode(), result.ftype(at), result.fmod(at)) for at in range(result.nfields)]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _error(result: Any) -> Exception:
    from psycopg.errors import error_from_result

    return error_from_result(result, encoding="utf-8")


def _said(error: Exception) -> str:
    """The server's words; its position only where it can mean the text that the person wrote."""
    diag = getattr(error, "diag", None)
    if diag is None or not diag.message_primary:
        return str(error).strip()
    primary = diag.message_primary
    more = [primary, *(part for part in (diag.message_detail, diag.message_hint) if part)]
    return ". ".join(part.rstrip(".") for part in more) + "."
