"""Names that tables may have, each a trap for somebody; and the code that reads such tables."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from sql_servers import ROOT

from lakeside.node import find_node

_MARKS = [*list("\"'`.;,%#$@!&|*?[]{}()<>=+-^~:/\\"), " ", "\t", "\n", "é", "ß", "İ", "订单", "😀", "\xa0", "\u200b"]
_ODD = [
    "--",
    "/*",
    "*/",
    "{{",
    "}}",
    "{{x}}",
    "%s",
    "%%",
    "%(a)s",
    ":x",
    "::",
    "$1",
    "$$",
    "''",
    '""',
    "``",
    "\\n",
    '"""',
]
_WORDS = ["select", "table", "order", "group", "from", "where", "user", "null", "limit", "class", "import", "None"]
_WORDS += [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "both",
    "case",
    "cast",
    "check",
    "column",
    "create",
    "cross",
    "default",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
]
_WORDS += [
    "false",
    "fetch",
    "for",
    "grant",
    "having",
    "in",
    "index",
    "inner",
    "into",
    "is",
    "join",
    "key",
    "left",
    "like",
    "natural",
    "not",
    "offset",
    "on",
    "or",
    "primary",
]
_WORDS += [
    "references",
    "right",
    "row",
    "rows",
    "set",
    "some",
    "then",
    "to",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "view",
    "when",
    "with",
    "lambda",
    "def",
]
_WHOLE = [
    *(
        "a\rb",
        "a\u2028b",
        "a\u0085b",
        "x" * 60,
        "MixedCase",
        "mixedcase",
        "UPPER",
        "1st",
        "2013",
        "_",
        "-",
        "t;DROP TABLE t",
    ),
    *(
        "' OR '1'='1",
        'a"; SELECT 1; --',
        "a`; SELECT 1; -- ",
        "Robert'); DROP TABLE s;--",
        "%%sql",
        "!ls",
        "?",
        "a?",
        "$HOME",
    ),
    *("ünïcödé", "Ω", "نص", "e\u0301", "\ufeffbom", "a b c", "日本語の表", "a.b.c", "public.t", "{}", "{0}", 'f"{x}"'),
]


def hostile_names() -> list[str]:
    """200 names and more, all different whatever their capitals are."""
    made = (
        [f"a{mark}b" for mark in _MARKS]
        + [f"{mark}b" for mark in _MARKS]
        + [f"b{mark}" for mark in _MARKS if mark.strip()]
    )
    made += [f"{odd}{at}" for at, odd in enumerate(_ODD)] + [f"x {odd} y" for odd in _ODD] + _WORDS + _WHOLE
    seen: dict[str, str] = {}
    for name in made:
        seen.setdefault(name.casefold(), name)
    return list(seen.values())


def snippets(asked: list[dict[str, Any]]) -> list[list[dict[str, str]]]:
    """What the panel would insert: the code of server/tables/code."""
    done = subprocess.run(
        [find_node(), str(ROOT / "test/python/sql/snippets.mjs")],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[list[dict[str, str]]] = json.loads(done.stdout)
    return found


def last_value(shell: Any, code: str) -> Any:
    """Runs code as a cell, and gives the variable that it made."""
    before = set(shell.user_ns)
    done = shell.run_cell(code)
    done.raise_error()
    made = [name for name in shell.user_ns if name not in before and not name.startswith("_")]
    made = [name for name in made if name not in ("lakeside", "pd", "pl", "ds", "table", "In", "Out")]
    assert len(made) == 1, made
    return shell.user_ns.pop(made[0])
