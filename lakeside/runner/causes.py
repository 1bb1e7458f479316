"""Why runs end, in sentences: what happened, in which cell, and what to do now."""

from __future__ import annotations

import signal
from pathlib import Path

from .execution import CellError
from .outcome import Ended, Exit, Refused
from .processes import oom_kills
from .record import plain
from .room import FULL

#: The cell that runs: its number as people count.
Cell = int | None


def cell_error(error: CellError, cell: int) -> Ended:
    """A cell raised an error."""
    value = plain(error.value).strip()
    if error.name == "CheckFailed":
        return Ended(f"A data check in cell {cell} did not hold: {value}", Exit.CHECK_FAILED, "check-failed")
    if error.name == "CredentialRefused":
        return Ended(f"In cell {cell} a credential was refused: {value}", Exit.CREDENTIAL_REFUSED, "credential-refused")
    if error.name == "StdinNotImplementedError":
        sentence = (
            f"Cell {cell} asks for input, and nobody is there in a scheduled run. "
            "Take input() out and make the answer a parameter."
        )
        return Ended(sentence, Exit.CELL_ERROR, "cell-error")
    first = value.splitlines()[0][:500] if value else ""
    return Ended(f"Cell {cell} failed: {error.name}{': ' + first if first else ''}", Exit.CELL_ERROR, "cell-error")


def cell_timeout(seconds: float, cell: int) -> Ended:
    """A cell took too long."""
    return Ended(f"Cell {cell} ran longer than the {seconds:g} s that a cell may take.", Exit.TIMEOUT, "timeout")


def run_timeout(seconds: float, cell: Cell) -> Ended:
    """The run took too long."""
    where = f", in cell {cell}" if cell else ", before its first cell"
    return Ended(f"The run took longer than its {seconds:g} s{where}.", Exit.TIMEOUT, "timeout")


def too_much_memory(used: int, limit: int, cell: Cell) -> Ended:
    """The kernel and what it started hold more memory than they may."""
    sentence = (
        f"Out of memory in cell {cell}: the kernel and its processes held {_size(used)}, over the limit of "
        f"{_size(limit)}. Work on less data at once, or raise the limit."
    )
    return Ended(sentence, Exit.TRANSIENT, "out-of-memory")


def kernel_died(status: int | None, cell: int, oom_before: int, last_words: str) -> Ended:
    """The kernel's process is gone.

    :param status: its exit code, negative for a signal
    :param oom_before: how many processes of this container had been killed for memory when the run began
    """
    if status == -signal.SIGKILL and oom_kills() > oom_before:
        sentence = f"Out of memory in cell {cell}: the system killed the kernel, for the container had no memory left."
        return Ended(sentence, Exit.TRANSIENT, "out-of-memory")
    if status is not None and status < 0:
        name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
        how = f"it was ended by {name}"
        if status == -signal.SIGKILL:
            how += ", most often for lack of memory"
    else:
        how = f"it ended with exit code {status}" if status is not None else "its connection is gone"
    words = last_words.splitlines()
    last = f" Its last words: {words[-1][:300]}" if words else ""
    return Ended(f"The kernel died in cell {cell}: {how}.{last}", Exit.TRANSIENT, "kernel-died")


def not_written(name: str, error: OSError) -> Ended:
    """A file of the run could not be written."""
    sentence = f"{name} could not be written: {error.strerror or error}. Make room, or choose another output place."
    return Ended(sentence, Exit.TRANSIENT, "not-written")


def not_whole(cut: int) -> Ended:
    """The disk had no room for the large outputs of the run."""
    sentence = (
        f"The disk is full: {cut:,} characters of output could not be written, all else was. "
        "Make room, or choose another output place."
    )
    return Ended(sentence, Exit.TRANSIENT, "not-written")


def own_fault(error: Exception) -> Ended:
    """The runner itself is wrong, or has no room for what it needs."""
    if isinstance(error, OSError) and error.errno in FULL:
        where = f" of {error.filename}" if error.filename else ""
        return Ended(f"The disk{where} is full. Make room, then run it again.", Exit.TRANSIENT, "not-written")
    sentence = f"The runner failed, not the notebook: {type(error).__name__}: {error}. Please report it."
    return Ended(sentence, Exit.TRANSIENT, "runner-fault")


def no_folder(folder: Path, error: OSError) -> Refused:
    """The output folder cannot be used."""
    if error.errno in FULL:
        sentence = f"The disk is full: there is no room for the output in {folder}. Make room, then run it again."
        return Refused(sentence, Exit.TRANSIENT, field="out")
    return Refused(f"The output folder {folder} cannot be used: {error.strerror or error}.", field="out")


def _size(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"
