"""Values as literals: what goes in comes out, whatever it is, and none of it runs."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from lakeside.node import find_node
from lakeside.runner.languages import language_for
from lakeside.runner.outcome import Refused

NASTY = [
    "",
    "it's",
    'say "hi"',
    "'''",
    '"""',
    "two\nlines\r\n\ttab",
    "back\\slash\\",
    "\\n",
    "ünïcödé 中文 😀",
    "\u2028\u2029\x85\x0b\x0c\x7f\x01",
    "'; import os; os._exit(9) #",
    '"; process.exit(9) //',
    "$(exit 9)`exit 9`${HOME} $HOME !! %s",
    "{{ ds }} {x} #{x} $x ${x}",
    "%magic\n!ls\n?",
    "In [1]: x\n>>> y",
    "\u2018curly\u2019 \u201aquotes\u201b",
    "line ends with \\",
]
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=40) | st.sampled_from(NASTY)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_python_reads_back_what_was_written(value: Any) -> None:
    literal = language_for("python").literal(value)
    names: dict[str, Any] = {}
    exec(language_for("python").assign("x", literal), {"float": float}, names)
    assert names["x"] == value
    assert len(literal.splitlines()) <= 1


def test_python_keeps_types() -> None:
    for value in (True, 1, 1.0, "1", None, [1], {"a": 1}, 10**30, -0.0, 1e300):
        back = eval(language_for("python").literal(value))
        assert type(back) is type(value)
        assert back == value
    assert math.isnan(eval(language_for("python").literal(float("nan"))))
    assert eval(language_for("python").literal(float("-inf"))) == -math.inf


def node(script: str) -> str:
    done = subprocess.run([find_node(), "-e", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_javascript_reads_back_what_was_written() -> None:
    language = language_for("javascript")
    tried = [*NASTY, 1, -1, 1.5, True, None, [1, ["a"]], {"__proto__": {"x": 1}, "a b": [None]}, 2**53 - 1]
    lines = [language.assign(f"x{number}", language.literal(value)) for number, value in enumerate(tried)]
    shown = ", ".join(f"x{number}" for number in range(len(tried)))
    assert json.loads(node("\n".join(lines) + f"\nconsole.log(JSON.stringify([{shown}]))")) == tried
    assert node(f"{language.assign('x', language.literal(2**60))} console.log(String(x + 1n))") == f"{2**60 + 1}\n"


def test_bash_reads_back_what_was_written() -> None:
    language = language_for("bash")
    tried = [*NASTY, 7, 1.5]
    lines = [language.assign(f"x{number}", language.literal(value)) for number, value in enumerate(tried)]
    shown = " ".join(f'"$x{number}"' for number in range(len(tried)))
    script = "\n".join(lines) + f"\nprintf '%s\\0' {shown}"
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run([bash, "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stdout.decode().split("\0")[:-1] == [str(value) for value in tried]
    lists = language.assign("l", language.literal(NASTY)) + "\n" + language.assign("d", language.literal({"a b": "$c"}))
    done = subprocess.run(
        [bash, "-c", lists + "\nprintf '%s\\0' \"${l[@]}\" \"${d['a b']}\""], capture_output=True, check=True
    )
    assert done.stdout.decode().split("\0")[:-1] == [*NASTY, "$c"]
    for nested in ([[1]], {"a": [1]}):
        with pytest.raises(Refused, match="lists of lists"):
            language.literal(nested)


@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        ("R", {"a": [1, None], "b c": True}, 'x = list("a" = list(1, NULL), "b c" = TRUE)'),
        ("R", 'a"\\\n$é\x01', 'x = "a\\"\\\\\\n$é\\U00000001"'),
        ("R", float("inf"), "x = Inf"),
        ("julia", {"a": [1, None], "b": False}, 'x = Dict("a" => [1, nothing], "b" => false)'),
        ("julia", "$(run(`ls`)) $HOME", 'x = "\\$(run(`ls`)) \\$HOME"'),
        (
            "scala",
            {"a": [1, 2**40, 2**70]},
            'val x = Map("a" -> Seq(1, 1099511627776L, BigInt("1180591620717411303424")))',
        ),
        ("scala", "😀\x07$x", 'val x = "😀\\u0007$x"'),
        ("matlab", ["it's", 'a "b"\nc', True], 'x = {"it\'s", "a ""b""" + string(char([10])) + "c", true};'),
        ("C#", [1, "a\n", None], 'var x = new object[] { 1, "a\\n", (object)null };'),
        ("F#", {"a": [1, True]}, 'let x = dict [ ("a", box ([ box (1); box (true) ])) ]'),
        ("powershell", {"a": ["it's \u2018", None]}, "$x = @{'a' = @('it''s \u2018\u2018', $Null)}"),
        ("powershell", "a\nb", "$x = ('' + 'a' + [char]::ConvertFromUtf32(10) + 'b')"),
    ],
)
def test_other_languages(name: str, value: Any, source: str) -> None:
    language = language_for(name)
    assert language.assign("x", language.literal(value)) == source


def test_a_reference_to_a_variable_never_shows_its_value() -> None:
    said = {
        name: language_for(name).literal({"$env": "DB_PASSWORD"}) for name in ("python", "r", "julia", "bash", "scala")
    }
    assert said == {
        "python": '__import__("os").environ["DB_PASSWORD"]',
        "r": 'Sys.getenv("DB_PASSWORD")',
        "julia": 'ENV["DB_PASSWORD"]',
        "bash": '"${DB_PASSWORD}"',
        "scala": 'sys.env("DB_PASSWORD")',
    }
    with pytest.raises(Refused):
        language_for("bash").literal({"$env": "X}$(exit 9)"})


@pytest.mark.parametrize("name", ["1x", "a b", "x;y", "", "x=1\ny", "class", "x.y", "é-"])
def test_a_name_that_is_no_variable_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        language_for("python").checked_name(name)
    assert refused.value.field == f"parameters.{name}"


def test_a_language_without_literals_is_named() -> None:
    with pytest.raises(Refused, match="'brainfuck'"):
        language_for("brainfuck")
    assert language_for("python3").name == "Python"
    assert language_for("R").name == "R"


def test_a_nul_is_refused_where_no_text_can_hold_it() -> None:
    for name in ("r", "bash"):
        with pytest.raises(Refused, match="NUL"):
            language_for(name).literal("a\0b")
