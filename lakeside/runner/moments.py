"""When a run is due, and which stretch of time it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .outcome import Refused

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)")


def moment(text: str, field: str) -> datetime:
    """A time with its offset. Raises :class:`Refused` that names the field."""
    if _RFC3339.fullmatch(text):
        try:
            return datetime.fromisoformat(text.upper())
        except ValueError:
            pass
    raise Refused(
        f"{field} is {text!r}, which is no time with an offset. Write it as 2026-11-21T07:30:00+01:00 or …Z.",
        field=field,
    )


def zone_named(name: str) -> tzinfo:
    """A time zone by its IANA name. Raises :class:`Refused`."""
    if name.upper() in ("UTC", "ETC/UTC"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            f"The time zone {name!r} is not known here. Write a name such as Europe/Paris; "
            "where all names are unknown, install the Python package tzdata.",
            field="zone",
        ) from None


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


@dataclass(frozen=True)
class Interval:
    """The times of a run, all in the schedule's zone.

    :param due: when the run was due; for a run that somebody started, when that was
    :param start: where the stretch of time begins that the run is about; ``due`` where none was given
    :param end: where it ends
    """

    zone: str
    due: datetime
    start: datetime
    end: datetime

    @classmethod
    def of(cls, *, zone: str, due: str | None, start: str | None, end: str | None, now: datetime) -> Interval:
        """Reads the times. Raises :class:`Refused` for what is no time, or for an end before its start."""
        where = zone_named(zone)
        at = moment(due, "scheduledAt").astimezone(where) if due else now.astimezone(where)
        first = moment(start, "intervalStart").astimezone(where) if start else at
        # By UTC: in the hour that comes twice, clocks say that the later moment is the earlier one.
        last = moment(end, "intervalEnd").astimezone(where) if end else max(at, first, key=_utc)
        if _utc(last) < _utc(first):
            raise Refused("intervalEnd lies before intervalStart. Give the earlier time first.", field="intervalEnd")
        return cls(zone, at, first, last)
