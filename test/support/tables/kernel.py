"""
Runs cells in an IPython with the magics of Lakeside, as a kernel would; reads `cells` ([[code, column]]) and
`completions` ([[source, text with a bar at the cursor]]); writes what each cell made, or its error,
and the names that are offered.
"""

import json
import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from lakeside.sources import find_source
from lakeside.sql.names import store
from lakeside.sql.names.offer import offers

given = json.load(sys.stdin)
answer = sys.stdout
sys.stdout = sys.stderr
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "lakeside")
# What is tested is what is offered, not when.
store.PATIENCE = 30
KNOWN = {"lakeside", "pl", "table", "In", "Out"}


def values(frame: Any, column: str) -> list[Any]:
    listed = frame.to_pydict() if hasattr(frame, "to_pydict") else {name: list(frame[name]) for name in frame.columns}
    return [each if isinstance(each, str) else None for each in listed[column]]


def run(code: str, column: str) -> Any:
    before = set(shell.user_ns)
    try:
        shell.run_cell(code).raise_error()
        (made,) = {each for each in shell.user_ns if each not in before and not each.startswith("_")} - KNOWN
        return values(shell.user_ns.pop(made), column)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def offered(source: str, text: str) -> list[str]:
    cursor = text.index("|")
    found = offers(store.Names(), find_source(source), text.replace("|", ""), cursor)
    return [name for name, kind in found[1] if kind != "keyword"] if found else []


frames = [run(code, column) for code, column in given["cells"]]
json.dump({"frames": frames, "names": [offered(*each) for each in given["completions"]]}, answer)
