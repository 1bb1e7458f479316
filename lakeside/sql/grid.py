"""The first rows of an answer as a table of HTML without scripts."""

from __future__ import annotations

import base64
import csv
import io
from html import escape
from typing import Any

import pyarrow as pa

#: Rows and columns that are shown.
ROWS, COLUMNS = 100, 200
#: Characters of a value that are shown, and bytes that the link to a file may hold.
_LONGEST, _LINK = 300, 1 << 20
_CELL = "max-width:32em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap"
_NULL = '<span style="opacity:.5">NULL</span>'


def html(table: pa.Table, sentence: str, file: str) -> str:
    """A grid below the sentence on it; a link gives what is shown as a file of CSV.

    :param file: the name of that file
    """
    shown = table.slice(0, ROWS).select(list(range(min(table.num_columns, COLUMNS))))
    columns = [_values(shown.column(at)) for at in range(shown.num_columns)]
    right = [_is_number(field.type) for field in shown.schema]
    heads = "".join(
        f'<th scope="col" style="text-align:{"right" if is_right else "left"}">{escape(field.name)}'
        f'<br><small style="font-weight:normal;opacity:.7">{escape(str(field.type))}</small></th>'
        for field, is_right in zip(shown.schema, right, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(_cell(column[row], is_right) for column, is_right in zip(columns, right, strict=True))
        + "</tr>"
        for row in range(shown.num_rows)
    )
    return (
        f'<div class="lakeside-grid"><p>{escape(sentence)}{_more(table)}{_link(shown, columns, file)}</p>'
        f'<div style="max-height:28em;overflow:auto" tabindex="0" role="region" aria-label="Rows">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def _more(table: pa.Table) -> str:
    left = [f"{ROWS} rows"] if table.num_rows > ROWS else []
    left += [f"{COLUMNS} columns"] if table.num_columns > COLUMNS else []
    return f" Shown: the first {' and '.join(left)}." if left else ""


def _values(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else _text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _cell(value: str | None, is_right: bool) -> str:
    if value is None:
        return f"<td>{_NULL}</td>"
    cut = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    align = ";text-align:right" if is_right else ";text-align:left"
    return f'<td style="{_CELL}{align}">{escape(cut)}</td>'


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _link(shown: pa.Table, columns: list[list[str | None]], file: str) -> str:
    if not shown.num_rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(shown.column_names)
    for row in zip(*columns, strict=True):
        writer.writerow(["" if value is None else value for value in row])
        if text.tell() > _LINK:
            return " These rows are too large for a link to a file."
    data = base64.b64encode(text.getvalue().encode("utf-8", "replace")).decode()
    rows = f"{shown.num_rows} row{'s' if shown.num_rows != 1 else ''}"
    return (
        f' <a download="{escape(file)}.csv" href="data:text/csv;charset=utf-8;base64,{data}">Download {rows} as CSV</a>'
    )
