"""%expect and %notify, in a run and by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest
from running import Runner, environment, notebook

from lakeside.magics.checks import as_json, split_text


def test_a_check_that_holds_is_shown_and_recorded(runner: Runner) -> None:
    ran = runner.run(notebook("rows = 12031", "%expect rows > 1000"))
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.record["checks"] == [{"expression": "rows > 1000", "ok": True, "value": 12031, "text": None, "cell": 2}]
    assert ran.output["cells"][1]["outputs"][0]["data"]["text/plain"] == "✓ rows > 1000 (rows is 12031)"


@pytest.mark.parametrize("tags", [[], ["raises-exception"]])
def test_a_check_that_does_not_hold_ends_the_run_with_its_value(runner: Runner, tags: list[str]) -> None:
    ran = runner.run(
        notebook("rows = [1, 2]", ('%expect len(rows) > 1000, f"only {len(rows)}"', tags), "print('never')")
    )
    assert ran.ended == ("FAILED_CHECK", 11)
    assert ran.reason == "A data check in cell 2 did not hold: only 2: expected len(rows) > 1000 (len(rows) is 2)"
    assert [(check["ok"], check["value"], check["cell"]) for check in ran.record["checks"]] == [(False, 2, 2)]
    error = ran.output["cells"][1]["outputs"][-1]
    assert error["traceback"] == ["CheckFailed: only 2: expected len(rows) > 1000 (len(rows) is 2)"]
    assert ran.text(2) == ""


def test_a_notification_is_recorded_and_the_run_goes_on(runner: Runner) -> None:
    ran = runner.run(
        notebook(
            "drift = 0.25",
            '%notify if drift > 0.2 f"moved by {drift:.0%}"\n%notify if drift > 0.9 "never"\n%notify "done {}"',
            "%notify if drift > 0.1",
        )
    )
    assert ran.ended == ("SUCCEEDED", 0)
    told = [(notice["text"], notice["value"], notice["cell"]) for notice in ran.record["notifications"]]
    assert told == [("moved by 25%", 0.25, 2), ("done {}", None, 2), ("drift > 0.1 (drift is 0.25)", 0.25, 3)]
    assert [event["text"] for event in ran.events if event["event"] == "notice"] == [text for text, _, _ in told]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%expect nothing_here > 1", "NameError"),
        ("%expect rows >", "no expression of Python"),
        ("%expect", "wants a condition"),
        ("%notify rows", "wants %notify if CONDITION"),
        ("%expect Many()", "one yes or no"),
    ],
)
def test_a_check_that_cannot_be_weighed_is_an_error_of_the_cell(runner: Runner, line: str, said: str) -> None:
    many = "class Many:\n    def __bool__(self): raise ValueError('ambiguous')"
    ran = runner.run(notebook(many, line))
    # IPython shows a UsageError as a line of text: the run must fail all the same.
    assert ran.ended == ("FAILED", 10)
    assert said in ran.reason + ran.text(1)


def test_a_refused_credential_has_an_exit_code_of_its_own(runner: Runner) -> None:
    ran = runner.run(notebook("from lakeside.magics import CredentialRefused\nraise CredentialRefused('gone')"))
    assert ran.ended == ("FAILED", 14)


def test_the_magics_can_be_loaded_by_hand(runner: Runner) -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(history_length=0)\n"
        "shell.run_line_magic('load_ext', 'lakeside.magics')\n"
        "shell.user_ns['rows'] = 5\n"
        "shell.run_line_magic('expect', 'rows == 5')\n"
        "print('held')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(runner.folder), capture_output=True, text=True, check=True
    )
    assert "held" in done.stdout


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("rows > 1000", ("rows > 1000", None)),
        ('rows > 1000 "few"', ("rows > 1000", '"few"')),
        ('rows > 1000, "few"', ("rows > 1000", '"few"')),
        ("name == 'a b'", ("name == 'a b'", None)),
        ("name == 'a' 'b'", ("name == 'a'", "'b'")),
        ("""d["a b"] > 1 f'x {d["a b"]}'""", ('d["a b"] > 1', """f'x {d["a b"]}'""")),
        ("'x' in text", ("'x' in text", None)),
        ('"only text"', ("", '"only text"')),
        ("", ("", None)),
    ],
)
def test_condition_and_text_are_told_apart(line: str, parts: tuple[str, str | None]) -> None:
    assert split_text(line) == parts


def test_values_become_json() -> None:
    numpy = pytest.importorskip("numpy")
    assert as_json(numpy.int64(3)) == 3
    assert as_json(numpy.float64("nan")) == "nan"
    assert as_json(numpy.array([1, 2])) == "array([1, 2])"
    assert as_json("x" * 300) == "x" * 200
    assert as_json(object)[:7] == "<class "
