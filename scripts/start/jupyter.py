"""Starts a Jupyter program that ends when the script that started it ends, however that happens.

Usage: jupyter.py <process id of the script> <program> [argument]...
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

parent = int(sys.argv[1])
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit(0)
os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606
