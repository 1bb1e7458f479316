"""The parameters of a notebook: read, typed, put in."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat import NotebookNode
from running import notebook

from lakeside.runner.guess import Parameter
from lakeside.runner.inspection import inspect_notebook
from lakeside.runner.outcome import Refused
from lakeside.runner.parameters import inject, typed

R = {"name": "ir", "language": "R", "display_name": "R"}
SOURCE = """
import datetime as dt
%load_ext autoreload
day = "2026-01-02"  # the day to report
rows: int = 10
ratio = 0.5
deep: bool = False  # type: bool go deeper
label = 'a'
names = ["a", 'b']
limits = {"x": 1}
mode: Literal["fast", "exact"] = "fast"
colour = "red"  # one of: red, green, blue
when = dt.date(2026, 1, 2)
api_token = "abc"
nothing = None
maybe: float | None = None
made = f(1)
a = b = 3
x, y = 1, 2
print(rows)
"""


def read(source: str, kernelspec: dict[str, str] | None = None) -> dict[str, Parameter]:
    made = notebook((source, ["parameters"]), **({"kernelspec": kernelspec} if kernelspec else {}))
    return {parameter.name: parameter for parameter in inspect_notebook(made)}


def test_types_defaults_and_help_are_read() -> None:
    found = {name: (parameter.type, parameter.default) for name, parameter in read(SOURCE).items()}
    assert found == {
        "day": ("date", "2026-01-02"),
        "rows": ("int", 10),
        "ratio": ("float", 0.5),
        "deep": ("bool", False),
        "label": ("str", "a"),
        "names": ("list", ["a", "b"]),
        "limits": ("dict", {"x": 1}),
        "mode": ("enum", "fast"),
        "colour": ("enum", "red"),
        "when": ("date", "2026-01-02"),
        "api_token": ("secret", None),
        "nothing": ("str", None),
        "maybe": ("float", None),
        "made": ("str", None),
        "a": ("int", 3),
        "b": ("int", 3),
    }
    parameters = read(SOURCE)
    assert parameters["day"].help == "the day to report"
    assert parameters["deep"].help == "go deeper"
    assert parameters["mode"].choices == ["fast", "exact"]
    assert parameters["colour"].choices == ["red", "green", "blue"]
    assert parameters["made"].expression == "f(1)"
    assert "abc" not in str(parameters["api_token"].told())


def test_a_cell_that_is_no_python_is_read_line_by_line() -> None:
    assert {name: one.default for name, one in read("x = 1\nif oops\ny = 'b'").items()} == {"x": 1, "y": "b"}


def test_other_languages_are_read() -> None:
    found = read('n <- 5L # how many\nwho = "ada"\non <- TRUE\nv <- c(1, 2)', R)
    assert [(one.name, one.type, one.default, one.help) for one in found.values()] == [
        ("n", "int", 5, "how many"),
        ("who", "str", "ada", ""),
        ("on", "bool", True, ""),
        ("v", "str", None, ""),
    ]
    scala = read('val n: Int = 5 // how many\nvar who = "ada"', {"name": "s", "language": "scala", "display_name": "S"})
    assert {one.name: one.default for one in scala.values()} == {"n": 5, "who": "ada"}
    bash = read("n=5\nwho='a b' # who", {"name": "bash", "language": "bash", "display_name": "B"})
    assert {one.name: (one.default, one.help) for one in bash.values()} == {"n": (5, ""), "who": ("a b", "who")}


def test_no_tagged_cell_has_no_parameters() -> None:
    assert inspect_notebook(notebook("x = 1")) == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("label", "True", "True"),
        ("label", "007", "007"),
        ("rows", "007", 7),
        ("rows", "-3", -3),
        ("ratio", "1", 1.0),
        ("ratio", "inf", float("inf")),
        ("deep", "True", True),
        ("deep", "0", False),
        ("names", '["x"]', ["x"]),
        ("limits", '{"x": 2}', {"x": 2}),
        ("day", "2026-02-03", "2026-02-03"),
        ("day", "{{ ds }}", "{{ ds }}"),
        ("rows", "{{ ds }}", "{{ ds }}"),
        ("colour", "blue", "blue"),
        ("api_token", "True", "True"),
        ("made", "True", "True"),
        ("nothing", "5", 5),
        ("unknown", "5", 5),
        ("unknown", "true", True),
        ("unknown", "1.5", 1.5),
        ("unknown", "None", None),
        ("unknown", "word", "word"),
    ],
)
def test_a_text_takes_the_type_of_the_default(name: str, text: str, value: Any) -> None:
    found = typed(text, read(SOURCE).get(name), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("rows", "1.5", "a whole number"),
        ("rows", "", "a whole number"),
        ("ratio", "much", "a number"),
        ("deep", "maybe", "true or false"),
        ("names", "{}", "a list in JSON"),
        ("limits", "[", "a dict in JSON"),
        ("day", "tomorrow", "a date"),
        ("colour", "pink", "one of red, green, blue"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(name: str, text: str, wanted: str) -> None:
    with pytest.raises(Refused) as refused:
        typed(text, read(SOURCE)[name], name)
    assert refused.value.field == f"parameters.{name}"
    assert wanted in refused.value.sentence


def sources(made: NotebookNode) -> list[str]:
    return [cell["source"] for cell in made["cells"]]


def test_values_go_after_the_tagged_cell() -> None:
    made = notebook("#md # T", ("x = 1", ["parameters"]), "print(x)")
    assert inject(made, {"x": "it's"}) == []
    assert sources(made) == ["# T", "x = 1", '# Parameters\nx = "it\'s"\n', "print(x)"]
    assert made["cells"][2]["metadata"]["tags"] == ["injected-parameters"]


def test_values_put_in_before_are_replaced_where_they_stand() -> None:
    made = notebook(("x = 1", ["parameters"]), "print(x)", ("x = 2", ["injected-parameters"]), "print(x)")
    inject(made, {"x": 3})
    assert sources(made) == ["x = 1", "print(x)", "# Parameters\nx = 3\n", "print(x)"]
    assert made["cells"][2]["id"] == "c3"


def test_without_a_tagged_cell_values_go_before_the_first_code() -> None:
    made = notebook("#md # T", "print(x)")
    assert "parameters" in inject(made, {"x": 3})[0]
    assert sources(made) == ["# T", "# Parameters\nx = 3\n", "print(x)"]


def test_an_unknown_parameter_is_set_with_a_warning() -> None:
    made = notebook(("x = 1", ["parameters"]))
    assert inject(made, {"y": 1}) == ["The notebook has no parameter y; it is set all the same."]


def test_a_date_stays_a_date() -> None:
    made = notebook(
        ("import datetime as dt\nwhen = dt.date(2026, 1, 2)\nt = pd.Timestamp('2026-01-02')", ["parameters"])
    )
    inject(made, {"when": "2026-02-03", "t": "2026-02-04"})
    assert made["cells"][1]["source"] == (
        '# Parameters\nwhen = dt.date.fromisoformat("2026-02-03")\nt = pd.Timestamp("2026-02-04")\n'
    )


def test_ids_of_cells_stay_unique() -> None:
    made = notebook("1", "2")
    made["cells"][0]["id"] = "injected-parameters"
    inject(made, {"x": 3})
    assert [cell["id"] for cell in made["cells"]] == ["injected-parameters-2", "injected-parameters", "c2"]


def test_no_values_change_nothing() -> None:
    made = notebook(("x = 1", ["parameters"]))
    assert inject(made, {}) == []
    assert len(made["cells"]) == 1


def test_a_bad_name_or_value_names_the_parameter() -> None:
    for name, value in (("x y", 1), ("x", {1, 2})):
        with pytest.raises(Refused) as refused:
            inject(notebook("1"), {name: value})
        assert refused.value.field == f"parameters.{name}"
