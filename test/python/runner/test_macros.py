"""Macros follow from times and names, the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lakeside.runner.macros import filled, macro_values
from lakeside.runner.moments import Interval
from lakeside.runner.outcome import Refused

NOW = datetime(2030, 1, 1, tzinfo=UTC)
NAMES = {"run_id": "r1", "schedule_id": "s1", "owner": "ada", "schedule_name": "Daily", "notebook": "a.ipynb"}


def macros(due: str, start: str | None = None, end: str | None = None, zone: str = "Europe/Paris") -> dict[str, str]:
    return macro_values(Interval.of(zone=zone, due=due, start=start, end=end, now=NOW), NAMES)


def test_a_day_in_the_schedules_zone() -> None:
    # 23:30 UTC is the next day in Paris.
    made = macros("2026-11-21T23:30:00Z", "2026-11-20T23:30:00Z", "2026-11-21T23:30:00Z")
    assert made["ds"] == "2026-11-21"
    assert (made["ds_nodash"], made["prev_ds"], made["next_ds"]) == ("20261121", "2026-11-20", "2026-11-22")
    assert (made["yesterday_ds"], made["tomorrow_ds_nodash"]) == ("2026-11-20", "20261122")
    assert made["interval_start"] == "2026-11-21T00:30:00+01:00"
    assert made["interval_end"] == made["scheduled_at"] == "2026-11-22T00:30:00+01:00"
    assert (made["ts"], made["ts_nodash"]) == ("2026-11-21T00:30:00+01:00", "20261121T003000")
    assert made["ts_nodash_with_tz"] == "20261121T003000+0100"


def test_without_an_interval_a_run_is_about_the_moment_it_was_due() -> None:
    made = macros("2026-11-21T07:30:00+01:00")
    assert (made["ds"], made["prev_ds"], made["next_ds"]) == ("2026-11-21", "2026-11-20", "2026-11-22")
    assert made["interval_start"] == made["interval_end"] == made["scheduled_at"]


def test_airflows_names_say_the_same() -> None:
    made = macros("2026-11-21T07:30:00+01:00", "2026-11-20T07:30:00+01:00", "2026-11-21T07:30:00+01:00")
    for synonym, name in {
        "execution_date": "ts",
        "logical_date": "interval_start",
        "data_interval_start": "interval_start",
        "data_interval_end": "interval_end",
        "dag.dag_id": "schedule_id",
        "dag_run.run_id": "run_id",
        "task.owner": "owner",
        "dag_run.logical_date": "ts",
    }.items():
        assert made[synonym] == made[name] != ""


def test_the_day_before_a_day_is_counted_on_the_clocks() -> None:
    # Daily at midnight: Sunday the 29th had 23 hours, the 25th of October 25.
    monday = macros("2026-03-30T22:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z")
    assert (monday["prev_ds"], monday["ds"], monday["next_ds"]) == ("2026-03-29", "2026-03-30", "2026-03-31")
    sunday = macros("2026-10-25T23:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
    assert (sunday["prev_ds"], sunday["ds"], sunday["next_ds"]) == ("2026-10-24", "2026-10-25", "2026-10-26")


def test_a_run_in_the_hour_that_comes_twice() -> None:
    # From 02:30 summer time to 02:10 winter time, 40 minutes later.
    made = macros("2026-10-25T01:10:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z")
    assert (made["interval_start"], made["interval_end"]) == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00+01:00")
    assert made["prev_ds"] == made["ds"] == made["next_ds"] == "2026-10-25"


def test_a_day_with_a_change_of_clocks() -> None:
    # From Saturday 02:30 to Sunday 03:30, as 02:30 is missing: 24 hours of absolute time.
    made = macros("2026-03-29T01:30:00Z", "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z")
    assert (made["ds"], made["prev_ds"], made["next_ds"]) == ("2026-03-28", "2026-03-27", "2026-03-29")
    assert made["interval_end"] == "2026-03-29T03:30:00+02:00"


def test_macros_stand_in_texts_lists_and_keys() -> None:
    made = macros("2026-11-21T07:30:00+01:00")
    value = {"{{ds}}": ["as of {{ ds }}, {{owner}}", 3, None, {"x": "{{  run_id  }}"}], "plain": "{ds} {{"}
    assert filled(value, made, "parameters.p") == {
        "2026-11-21": ["as of 2026-11-21, ada", 3, None, {"x": "r1"}],
        "plain": "{ds} {{",
    }


def test_what_a_macro_stands_for_is_not_read_again() -> None:
    made = macro_values(Interval.of(zone="UTC", due=None, start=None, end=None, now=NOW), {"owner": "{{ run_id }}"})
    assert filled("{{ owner }}", made, "p") == "{{ run_id }}"


@pytest.mark.parametrize(
    ("text", "near"), [("{{ dss }}", "{{ ds }}"), ("{{ interval_strat }}", "{{ interval_start }}")]
)
def test_an_unknown_macro_names_the_parameter_and_the_nearest(text: str, near: str) -> None:
    with pytest.raises(Refused) as refused:
        filled({"a": [text]}, macros("2026-11-21T07:30:00Z"), "parameters.p")
    assert refused.value.field == "parameters.p.a[0]"
    assert near in refused.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "{{ ds + 1 }}",
        "{{ ().__class__ }}",
        "{{ macros.ds_add(ds, 1) }}",
        "{{ }}",
        "{{ ds | upper }}",
        "{{" + "x" * 9999 + "}}",
    ],
)
def test_expressions_are_not_worked_out(text: str) -> None:
    with pytest.raises(Refused, match="not worked out") as refused:
        filled(text, macros("2026-11-21T07:30:00Z"), "parameters.p")
    assert len(refused.value.sentence) < 400


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-11-21", "2026-11-21T07:30:00", "2026-13-01T00:00:00Z", "2026-11-21T07:30"]
)
def test_a_time_without_an_offset_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Interval.of(zone="UTC", due=text, start=None, end=None, now=NOW)
    assert refused.value.field == "scheduledAt"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "/etc/localtime", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(Refused) as refused:
        Interval.of(zone=zone, due=None, start=None, end=None, now=NOW)
    assert refused.value.field == "zone"


def test_an_interval_does_not_run_backwards() -> None:
    with pytest.raises(Refused, match="before"):
        macros("2026-11-21T07:30:00Z", "2026-11-21T07:30:00Z", "2026-11-20T07:30:00Z")
