"""What every benchmark prints, and writes with ``--json FILE``: rows of the same shape, as report.mjs makes them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

Row = dict[str, Any]
MB = 1024 * 1024
TIMES = "\N{MULTIPLICATION SIGN}"

_load = os.getloadavg()[0]


def row(
    what: str,
    ours: float,
    unit: str,
    *,
    peer: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
    times: float | None = None,
) -> Row:
    """One figure.

    :param what: what was measured
    :param ours: our figure, in `unit`
    :param peer: the peer's figure in the same run
    :param below: the goal, in `unit`; `at_most` likewise
    :param times: the goal, as how many times the peer's figure is ours
    """
    made: Row = {"what": what, "ours": ours, "unit": unit}
    if peer is not None:
        made |= {"peer": peer, "ratio": peer / ours}
    if below is not None:
        made |= {"goal": f"< {below:g} {unit}", "met": ours < below}
    if at_most is not None:
        made |= {"goal": f"≤ {at_most:g} {unit}", "met": ours <= at_most}
    if times is not None and peer is not None:
        made |= {"goal": f"≥ {times:g}{TIMES}", "met": peer / ours >= times}
    return made


def options(description: str | None) -> argparse.ArgumentParser:
    """The arguments that every benchmark takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the rows too")
    return parser


def report(rows: Sequence[Row], file: Path | None, *, peer: str = "", notes: Sequence[str] = ()) -> NoReturn:
    """Prints the rows as a table, writes them to a file where one is named; ends with 1 where a goal is missed.

    :param peer: what is compared with, the head of its column
    """
    print(f"\n{table(rows, peer)}\n")
    for note in notes:
        print(note)
    if file is not None:
        made = {"peer": peer or None, "notes": list(notes), "load": _load, "rows": list(rows)}
        file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(any(made.get("met") is False for made in rows))


def table(rows: Sequence[Row], peer: str) -> str:
    """The rows as Markdown; with the columns of a peer where there is one."""
    columns = ["what", "Lakeside", *([peer, "ratio"] if peer else []), "goal", "met"]
    lines = [columns, ["---:" if 0 < at < len(columns) - 2 else "---" for at in range(len(columns))]]
    for made in rows:
        theirs = [_figure(made.get("peer"), made["unit"]), _figure(made.get("ratio"), TIMES)] if peer else []
        met = {True: "yes", False: "**NO**", None: ""}[made.get("met")]
        lines.append([made["what"], _figure(made["ours"], made["unit"]), *theirs, made.get("goal", ""), met])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    size = abs(value)
    digits = f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return digits + unit if unit == TIMES else f"{digits} {unit}"
