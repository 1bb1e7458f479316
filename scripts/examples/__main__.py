"""Execute the notebooks in examples/ again, each in a fresh kernel, and write them back.

Usage: npm run examples [-- [--check] [NAME ...]]

With --check nothing is written: the notebooks are executed and each cell's outputs must be of the
same kinds as the committed ones. The exit code is 0 when every notebook went well, else 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from compare import differences
from execute import CellError, execute
from files import read, write
from pictures import PictureError, add_pictures
from tidy import tidy

FOLDER = Path(__file__).resolve().parents[2] / "examples"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="npm run examples --", description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="notebooks to execute, for instance delays; default all"
    )
    parser.add_argument("--check", action="store_true", help="write nothing, compare the kinds of output")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the notebooks are")
    parser.add_argument("--node", default="node", help="the Node that draws the Vega pictures")
    options = parser.parse_args(arguments)

    notebooks = sorted(options.folder.glob("*.ipynb"))
    chosen = [path for path in notebooks if not options.names or any(name in path.stem for name in options.names)]
    if not chosen:
        print(
            f"examples: no notebook here is called {' or '.join(options.names) or 'anything'}. "
            f"There are: {', '.join(path.stem for path in notebooks) or 'none'}.",
            file=sys.stderr,
        )
        return 1

    failed = [path.stem for path in chosen if not renew(path, options.check, options.node)]
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def renew(path: Path, check: bool, node: str) -> bool:
    """Execute one notebook and write it back, or compare it; print how it went and return whether it went well."""
    started = time.monotonic()
    before = read(path)
    try:
        after = tidy(add_pictures(execute(before, path), node))
    except (CellError, PictureError) as failure:
        print(f"✕ {path.name}: {failure}", file=sys.stderr)
        return False
    found = differences(before, after) if check else []
    for difference in found:
        print(f"✕ {path.name}: {difference}", file=sys.stderr)
    if not check:
        write(path, after)
    if not found:
        print(f"● {path.name}: {len(after.cells)} cells in {time.monotonic() - started:.1f} s", flush=True)
    return not found


if __name__ == "__main__":
    sys.exit(main())
