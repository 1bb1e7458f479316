"""What one run is asked to do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from .outcome import Refused

#: Bytes of output that are kept of one cell, and of one run.
CELL_OUTPUT = 16 * 2**20
RUN_OUTPUT = 256 * 2**20


@dataclass(frozen=True, kw_only=True)
class Request:
    """One run. Times are RFC 3339 with an offset, time-outs seconds, sizes bytes.

    :param source: what the record calls the notebook, where the file is a copy of one that lies elsewhere
    :param cwd: the folder the kernel works in; by default that of the notebook
    :param parameters: JSON values, with macros in texts
    :param env: variables for the kernel, over those of the runner; one that is None the kernel does not get
    :param resume: the output of a former run, to go on from its first cell that is not done
    :param keep_kernel_seconds: how long the kernel of a failed run stays for such a resumption
    """

    notebook: str
    out: str
    run_id: str
    source: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    scheduled_at: str | None = None
    interval_start: str | None = None
    interval_end: str | None = None
    zone: str = "UTC"
    schedule_id: str = ""
    schedule_name: str = ""
    owner: str = ""
    attempt: int = 1
    kernel: str | None = None
    cwd: str | None = None
    timeout: float | None = None
    cell_timeout: float | None = None
    memory_limit: int | None = None
    cell_output_limit: int = CELL_OUTPUT
    run_output_limit: int = RUN_OUTPUT
    resume: str | None = None
    keep_kernel_seconds: float = 0
    env: dict[str, str | None] = field(default_factory=dict)

    @property
    def known_as(self) -> str:
        """What people call the notebook."""
        return self.source or self.notebook

    @property
    def folder(self) -> Path:
        """Where the kernel works."""
        return Path(self.cwd) if self.cwd else Path(self.notebook).absolute().parent

    @classmethod
    def read(cls, given: dict[str, Any]) -> Request:
        """From JSON with names in camelCase. Raises :class:`Refused` that names the field."""
        known = {_camel(item.name): item for item in fields(cls)}
        hints = get_type_hints(cls)
        found: dict[str, Any] = {}
        for name, value in given.items():
            if name in ("op", "id"):
                continue
            if name not in known:
                raise Refused(
                    f"The request has a field {name!r}, which is none. Known: {', '.join(known)}.", field=name
                )
            own = known[name].name
            if value is None and own in ("parameters", "env", "zone"):
                continue
            found[own] = _checked(value, hints[own], name)
        if "id" in given and "run_id" not in found:
            found["run_id"] = _checked(given["id"], str, "id")
        for needed in ("notebook", "out", "run_id"):
            if not found.get(needed):
                raise Refused(f"The request names no {_camel(needed)}.", field=_camel(needed))
        return cls(**found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _checked(value: Any, hint: Any, name: str) -> Any:
    text = str(hint)
    if value is None and text.endswith("| None"):
        return None
    if hint is str or hint == str | None:
        good = isinstance(value, str)
    elif hint in (int, int | None):
        good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    elif hint in (float, float | None):
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    elif "dict[str, str | None]" in text:
        good = isinstance(value, dict) and all(item is None or isinstance(item, str) for item in value.values())
    else:
        good = isinstance(value, dict)
    if not good:
        raise Refused(f"{name} is {_short(value)}, which cannot be used there.", field=name)
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:80] + "…"
