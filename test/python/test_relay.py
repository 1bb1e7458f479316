"""The sidecar's output as Jupyter's log shows it."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakeside.relay import Lines, Relay


@pytest.mark.parametrize(
    ("level", "name"),
    [(10, "DEBUG"), (20, "DEBUG"), (30, "INFO"), (40, "WARNING"), (50, "ERROR"), (60, "CRITICAL"), ("x", "INFO")],
)
def test_levels(caplog: pytest.LogCaptureFixture, level: object, name: str) -> None:
    caplog.set_level(logging.DEBUG)
    Relay(logging.getLogger()).structured(json.dumps({"level": level, "msg": "m"}))
    assert [(record.levelname, record.message) for record in caplog.records] == [(name, "lakeside | m")]


def test_fields_and_errors() -> None:
    relay = Relay(logging.getLogger())
    relay.structured('{"level":50,"time":1,"pid":2,"msg":"it failed","err":{"message":"why"},"path":"a b","n":1}')
    assert list(relay.lines) == ['it failed: why path="a b" n=1']
    assert relay.last_message == "it failed: why"


@pytest.mark.parametrize("line", ["[1]", "nonsense", '{"msg"', "[" * 100_000, "null"])
def test_what_is_no_entry_is_text(line: str) -> None:
    relay = Relay(logging.getLogger())
    relay.structured(line)
    assert relay.lines[0] == line


def test_an_entry_cannot_look_like_two() -> None:
    relay = Relay(logging.getLogger())
    relay.structured(json.dumps({"level": 30, "msg": "a\n[C 2026] forged\x1b[31m"}))
    assert "\n" not in relay.lines[0]
    assert "\x1b" not in relay.lines[0]


def test_keeps_fifty_lines() -> None:
    relay = Relay(logging.getLogger())
    for number in range(80):
        relay.plain(str(number))
    assert list(relay.lines) == [str(number) for number in range(30, 80)]


@given(st.lists(st.binary(max_size=40)), st.integers(1, 7))
def test_lines_come_out_however_the_bytes_come_in(parts: list[bytes], size: int) -> None:
    whole = b"\n".join(parts)
    taken: list[str] = []
    lines = Lines(taken.append)
    for start in range(0, len(whole), size):
        lines.feed(whole[start : start + size])
    lines.end()
    expected = [text for part in whole.split(b"\n") if (text := part.decode("utf-8", "replace").strip())]
    assert taken == expected


def test_a_line_without_end_takes_little_memory() -> None:
    taken: list[str] = []
    lines = Lines(taken.append)
    for _ in range(100):
        lines.feed(b"x" * 65_536)
    lines.feed(b"\nnext\n")
    assert [len(line) for line in taken] == [16_384, 4]
