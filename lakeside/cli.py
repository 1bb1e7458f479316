"""The console script ``lakeside``: hands over to the bundled Node.js program and stays out of its way."""

from __future__ import annotations

import os
import sys

from .node import ARGUMENTS, NodeMissingError, find_node
from .paths import PROGRAMS, compile_cache

#: Room for what lives shortly, in MB: with more, Node.js only leaves more rubbish lying about.
_MEMORY = "--max-semi-space-size=4"


def main() -> int:
    """Replaces this process by the command line's program with the same arguments.

    Returns only where that is impossible: 1, after a sentence on stderr.
    """
    program = os.path.join(PROGRAMS, "cli.js")
    if not os.path.isfile(program):
        return _refuse(f"Lakeside's programs are not built: {program} is missing. In a checkout run: npm run build")
    try:
        node = find_node()
    except NodeMissingError as reason:
        return _refuse(str(reason))
    environment = {
        "NODE_COMPILE_CACHE": compile_cache(),
        # glibc keeps freed memory once for each thread otherwise.
        "MALLOC_ARENA_MAX": "1",
        **os.environ,
        "LAKESIDE_PYTHON": sys.executable,
    }
    os.execve(node, [node, *ARGUMENTS, _MEMORY, program, *sys.argv[1:]], environment)  # noqa: S606


def _refuse(sentence: str) -> int:
    print(f"lakeside: {sentence}", file=sys.stderr)
    return 1
