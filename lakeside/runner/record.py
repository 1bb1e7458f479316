"""``run.json``: what is known of a run when it is over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .events import stamp
from .execution import CellError
from .outcome import STATES, Ended, Exit, Refused
from .preparation import Plan
from .request import Request

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_LINES = 60


def plain(text: str) -> str:
    """A text without the signs that colour it on a terminal."""
    return _ANSI.sub("", text)


@dataclass
class Record:
    """Gathers what ``run.json`` holds. Sizes are bytes, times UTC, durations seconds."""

    request: Request
    began: datetime
    plan: Plan | None = None
    code: Exit = Exit.OK
    kind: str = "ok"
    reason: str = ""
    fault: str | None = None
    cell: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    done: int = 0
    warm: bool = False
    peak: int = 0
    cut: int = 0
    output: str | None = None
    output_bytes: int = 0
    checks: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kernel_kept: bool = False
    resumed: dict[str, Any] | None = None

    def refused(self, refused: Refused) -> None:
        """The run could not start."""
        self.code, self.kind, self.reason, self.fault = refused.code, "bad-spec", refused.sentence, refused.field

    def ended(self, ended: Ended) -> None:
        """The run ended otherwise than well."""
        self.code, self.kind, self.reason = ended.code, ended.kind, ended.sentence

    def at_cell(self, index: int) -> None:
        """Which cell it was."""
        assert self.plan is not None
        cell = self.plan.notebook["cells"][index]
        first = next((line.strip() for line in cell["source"].splitlines() if line.strip()), "")
        self.cell = {"index": index, "number": self.plan.number(index), "id": cell.get("id"), "firstLine": first[:200]}

    def failed(self, error: CellError) -> None:
        """The error of the cell."""
        lines = [line for part in error.traceback for line in plain(part).splitlines()]
        shown = [line for line in lines if line.strip() and set(line.strip()) != {"-"}]
        self.error = {
            "name": error.name,
            "value": plain(error.value)[:2000],
            "firstLine": shown[0][:500] if shown else "",
            "lastLine": shown[-1][:500] if shown else "",
            "traceback": [line[:500] for line in lines[-_LINES:]],
        }

    def told(self, at: datetime) -> dict[str, Any]:
        """As JSON, with every field that there is."""
        request, plan = self.request, self.plan
        return {
            "version": 1,
            "runId": request.run_id,
            "scheduleId": request.schedule_id or None,
            "scheduleName": request.schedule_name or None,
            "owner": request.owner or None,
            "attempt": request.attempt,
            "notebook": request.known_as,
            "kernel": plan.chosen.name if plan else request.kernel,
            "language": plan.chosen.language if plan else None,
            "state": STATES[self.code],
            "exitCode": int(self.code),
            "kind": self.kind,
            "reason": self.reason or None,
            "field": self.fault,
            "cell": self.cell,
            "error": self.error,
            "parameters": plan.parameters if plan else request.parameters,
            "scheduledAt": request.scheduled_at,
            "intervalStart": plan.interval.start.isoformat() if plan else request.interval_start,
            "intervalEnd": plan.interval.end.isoformat() if plan else request.interval_end,
            "zone": request.zone,
            "startedAt": stamp(self.began),
            "endedAt": stamp(at),
            "seconds": round((at - self.began).total_seconds(), 3),
            "cells": {"done": self.done, "total": len(plan.cells) if plan else 0},
            "checks": self.checks,
            "notifications": self.notices,
            "warnings": self.warnings,
            "warmKernel": self.warm,
            "kernelKept": self.kernel_kept,
            "resumed": self.resumed,
            "peakMemory": self.peak or None,
            "output": self.output,
            "outputBytes": self.output_bytes,
            "outputCut": self.cut,
        }
