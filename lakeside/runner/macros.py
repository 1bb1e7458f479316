"""What ``{{ ds }}`` and its kin stand for. They follow from the times and names of a run, from nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .moments import Interval
from .outcome import Refused


def _seconds(at: datetime) -> str:
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds")


def _day(at: datetime, days: int = 0) -> str:
    return (at.date() + timedelta(days=days)).isoformat()


def macro_values(times: Interval, names: Mapping[str, str]) -> dict[str, str]:
    """Every macro with what it stands for, Airflow's spellings among them.

    The date of a run (``ds``) is that of the beginning of its interval, as in Airflow; without an interval, of the time
    it was due.

    :param names: ``run_id``, ``schedule_id``, ``schedule_name``, ``owner``, ``notebook``; what is missing is empty
    """
    start, end, due = times.start, times.end, times.due
    is_moment = start.astimezone(UTC) == end.astimezone(UTC)
    # A step on the zone's clocks, as people count: the day before Monday is Sunday, also where Sunday had 23 hours.
    previous = start - max(end.replace(tzinfo=None) - start.replace(tzinfo=None), timedelta(0))
    days = {
        "ds": _day(start),
        "prev_ds": _day(start, -1) if is_moment else _day(previous),
        "next_ds": _day(start, 1) if is_moment else _day(end),
        "yesterday_ds": _day(start, -1),
        "tomorrow_ds": _day(start, 1),
    }
    values = {
        **days,
        **{f"{name}_nodash": day.replace("-", "") for name, day in days.items()},
        "ts": _seconds(start),
        "ts_nodash": start.strftime("%Y%m%dT%H%M%S"),
        "ts_nodash_with_tz": start.strftime("%Y%m%dT%H%M%S%z"),
        "interval_start": _seconds(start),
        "interval_end": _seconds(end),
        "scheduled_at": _seconds(due),
        "zone": times.zone,
        **{name: names.get(name, "") for name in ("run_id", "schedule_id", "schedule_name", "owner", "notebook")},
    }
    return {**values, **{synonym: values[name] for synonym, name in _SYNONYMS.items()}}


_SYNONYMS = {
    "execution_date": "ts",
    "logical_date": "ts",
    "data_interval_start": "interval_start",
    "data_interval_end": "interval_end",
    "next_execution_date": "interval_end",
    "dag.dag_id": "schedule_id",
    "dag.owner": "owner",
    "task.owner": "owner",
    "dag_run.run_id": "run_id",
    "dag_run.logical_date": "ts",
    "dag_run.execution_date": "ts",
    "dag_run.data_interval_start": "interval_start",
    "dag_run.data_interval_end": "interval_end",
    "task_instance.run_id": "run_id",
    "ti.run_id": "run_id",
}


def filled(value: Any, macros: Mapping[str, str], field: str) -> Any:
    """A JSON value with the macros in all its texts replaced. What a macro stands for is not read again.

    Raises :class:`Refused` for a macro that is none, with the nearest one that is.
    """
    if isinstance(value, str):
        return _text(value, macros, field)
    if isinstance(value, list):
        return [filled(item, macros, f"{field}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {filled(key, macros, field): filled(item, macros, f"{field}.{key}") for key, item in value.items()}
    return value


def _text(text: str, macros: Mapping[str, str], field: str) -> str:
    # By hand: a pattern would take for ever with a megabyte of opening braces.
    parts, at = [], 0
    while (start := text.find("{{", at)) >= 0 and (end := text.find("}}", start + 2)) >= 0:
        parts += [text[at:start], _one(text[start + 2 : end].strip(), macros, field)]
        at = end + 2
    return "".join([*parts, text[at:]])


def _one(name: str, macros: Mapping[str, str], field: str) -> str:
    if name in macros:
        return macros[name]
    near = difflib.get_close_matches(name, macros, n=1, cutoff=0.5)
    hint = f"The nearest is {{{{ {near[0]} }}}}." if near else "{{ ds }} is one."
    short = name if len(name) <= 80 else name[:80] + "…"
    raise Refused(
        f"{field} holds {{{{ {short} }}}}, which is no macro. {hint} Expressions are not worked out.", field=field
    )
