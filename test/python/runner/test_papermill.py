"""Each line of the compatibility table in docs/users/runner.md, on papermill itself and on the runner."""

from __future__ import annotations

import ast
import contextlib
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat import NotebookNode
from papermill.exceptions import PapermillException, PapermillExecutionError
from papermill.parameterize import parameterize_notebook
from papermill.translators import papermill_translators
from running import ROOT, Ran, Runner, notebook

from lakeside.runner.inspection import inspect_notebook
from lakeside.runner.languages import language_for
from lakeside.runner.parameters import inject, typed

VALUES: dict[str, Any] = {
    "text": "it's \"so\"\n\\n '''",
    "unicode": "ünï 😀",
    "whole": 3,
    "part": 1.5,
    "yes": True,
    "nothing": None,
    "items": [1, "two", None, [True]],
    "pairs": {"a": {"b": 1}},
    "endless": float("inf"),
}


def peer(made: NotebookNode, folder: Path, parameters: dict[str, Any] | None = None) -> NotebookNode:
    """What papermill makes of a notebook; an error of a cell is the notebook's own."""
    nbformat.write(made, folder / "in.ipynb")
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(
            folder / "in.ipynb", folder / "peer.ipynb", parameters, progress_bar=False, cwd=folder
        )
    result: NotebookNode = nbformat.read(folder / "peer.ipynb", as_version=4)
    return result


def put_in(made: NotebookNode, parameters: dict[str, Any]) -> NotebookNode:
    """The same by papermill alone, without running."""
    made = nbformat.from_dict(made)
    made["metadata"]["papermill"] = NotebookNode()
    for cell in made["cells"]:
        cell["metadata"].setdefault("tags", [])
    result: NotebookNode = parameterize_notebook(made, parameters)
    return result


def tagged(made: NotebookNode) -> list[int]:
    return [n for n, cell in enumerate(made["cells"]) if "injected-parameters" in cell["metadata"].get("tags", [])]


@pytest.fixture(scope="module")
def both(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> tuple[NotebookNode, Ran]:
    """One notebook, run by papermill and by the runner."""
    names = ", ".join(VALUES)
    cells = ("#md # T", ("text = ''", ["parameters"]), f"print(ascii([{names}]))", "", "1 / 0", "2")
    theirs = peer(notebook(*cells), tmp_path_factory.mktemp("peer"), VALUES)
    return theirs, runner.run(notebook(*cells), parameters=VALUES)


def test_values_arrive_the_same(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both
    theirs_said = next(cell["outputs"][0]["text"] for cell in theirs["cells"] if "print" in cell["source"])
    assert ours.text(3) == theirs_said
    assert eval(ours.text(3), {"inf": float("inf")}) == list(VALUES.values())


def test_the_cell_of_values_has_the_same_place_tag_and_comment(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both[0], both[1].output
    # papermill put a message above everything, as the run failed.
    assert [n - 1 for n in tagged(theirs)] == tagged(ours) == [2]
    for made in (theirs, ours):
        cell = made["cells"][tagged(made)[0]]
        assert cell["metadata"]["tags"] == ["injected-parameters"]
        assert cell["source"].startswith("# Parameters\n")
        assert [node.targets[0].id for node in ast.parse(cell["source"]).body] == list(VALUES)  # type: ignore[attr-defined]


def test_metadata_has_papermills_fields(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both[0]["metadata"]["papermill"], both[1].output["metadata"]["papermill"]
    assert set(theirs) <= set(ours)
    assert ours["runner"] == "lakeside"
    same = ("parameters", "default_parameters", "environment_variables", "exception")
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    for name in ("start_time", "end_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", ours[name])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", theirs[name])


def test_cells_have_papermills_states(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both[0], both[1].output
    kept = [cell for cell in theirs["cells"] if "papermill-error-cell-tag" not in cell["metadata"].get("tags", [])]

    def states(cells: list[NotebookNode]) -> list[tuple[Any, ...]]:
        blocks = [cell["metadata"]["papermill"] for cell in cells if cell["cell_type"] == "code" and cell["source"]]
        return [(block["status"], block["exception"], sorted(block)) for block in blocks]

    assert states(kept) == states(ours["cells"])


def test_after_a_failure_papermill_adds_two_cells_and_the_runner_none(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both[0], both[1].output
    assert len(theirs["cells"]) == 9
    assert len(ours["cells"]) == 7
    # An output of papermill, run again, loses its marks in both.
    assert len(peer_marks(theirs)) == 2


def peer_marks(made: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in made["cells"] if "papermill-error-cell-tag" in cell["metadata"].get("tags", [])]


def test_an_output_of_papermill_runs_again(both: tuple[NotebookNode, Ran], runner: Runner) -> None:
    again = runner.run(both[0], parameters={**VALUES, "whole": 4})
    assert peer_marks(again.output) == []
    assert "4" in again.text(3)
    assert len(tagged(again.output)) == 1


def test_an_output_of_the_runner_runs_on_papermill(both: tuple[NotebookNode, Ran], tmp_path: Path) -> None:
    made = peer(both[1].output, tmp_path, {**VALUES, "whole": 4})
    assert len(tagged(made)) == 1


def test_replaces_the_values_put_in_before() -> None:
    made = notebook(("x = 1", ["parameters"]), "x", ("x = 2", ["injected-parameters"]))
    theirs = put_in(made, {"x": 3})
    inject(made, {"x": 3})
    assert [cell["source"] for cell in theirs["cells"]] == [cell["source"] for cell in made["cells"]]


def test_without_a_tagged_cell_papermill_writes_above_the_title() -> None:
    made = notebook("#md # T", "print(x)")
    assert tagged(put_in(made, {"x": 1})) == [0]
    inject(made, {"x": 1})
    assert tagged(made) == [1]


@pytest.mark.parametrize(
    ("kernel", "language"), [("ir", "R"), ("s", "scala"), ("j", "julia"), ("m", "matlab"), ("python3", "python")]
)
def test_plain_values_are_written_alike(kernel: str, language: str) -> None:
    theirs = papermill_translators.find_translator(kernel, language)
    ours = language_for(language)
    for value in ("plain", 3, -1, 1.5, True, False, [1, 2], [], ["a", ["b"]]):
        assert ours.literal(value) == theirs.translate(value).replace("'", '"')


def test_bash_dictionaries_are_the_runners_alone() -> None:
    theirs = papermill_translators.find_translator("bash", "bash")
    for value in ("a b", "it's", "$HOME", 3, 1.5, True, [1, "a b"]):
        assert language_for("bash").literal(value) == theirs.translate(value)
    with pytest.raises(NotImplementedError):
        theirs.translate({"a": 1})
    assert language_for("bash").assign("x", language_for("bash").literal({"a": 1})) == "declare -A x=([a]=1)"


def test_a_dollar_runs_in_papermills_julia() -> None:
    # Filled in by Julia: whatever stands there runs.
    assert papermill_translators.find_translator("j", "julia").translate("$(run(`id`))") == '"$(run(`id`))"'
    assert language_for("julia").literal("$(run(`id`))") == '"\\$(run(`id`))"'


def test_javascript_is_the_runners_alone() -> None:
    with pytest.raises(PapermillException):
        papermill_translators.find_translator("javascript", "javascript")
    assert language_for("javascript").literal([1]) == "[1]"


def test_a_name_that_is_none_is_pasted_by_papermill(runner: Runner) -> None:
    made = notebook(("x = 1", ["parameters"]), "print(x)")
    assert "import os; x = 2" in put_in(made, {"import os; x": 2})["cells"][1]["source"]
    ran = runner.run(made, parameters={"import os; x": 2})
    assert ran.ended == ("FAILED", 15)
    assert ran.record["field"] == "parameters.import os; x"


def test_texts_on_the_command_line() -> None:
    from papermill.cli import _resolve_type

    made = notebook(("s = 'a'\nn = 1", ["parameters"]))
    known = {parameter.name: parameter for parameter in inspect_notebook(made)}
    for text, guessed in (("True", True), ("007", 7), ("1.0", 1.0), ("None", None)):
        assert _resolve_type(text) == guessed
        assert typed(text, known["s"], "s") == text
        assert typed(text, None, "unknown") == guessed
    assert typed("5", known["n"], "n") == _resolve_type("5") == 5


def test_dates_stay_dates_in_the_runner_alone() -> None:
    made = notebook(("from datetime import date\nd = date(2026, 1, 2)", ["parameters"]))
    assert put_in(made, {"d": "2026-02-03"})["cells"][1]["source"] == '# Parameters\nd = "2026-02-03"\n'
    inject(made, {"d": "2026-02-03"})
    assert made["cells"][1]["source"] == '# Parameters\nd = date.fromisoformat("2026-02-03")\n'


def test_a_tagged_cell_may_fail_in_the_runner_alone(runner: Runner, tmp_path: Path) -> None:
    made = notebook(("1 / 0", ["raises-exception"]), "print('on')")
    assert len(peer_marks(peer(made, tmp_path))) == 2
    assert runner.run(made).ended == ("SUCCEEDED", 0)


def test_exit_with_0_ends_well_in_both(runner: Runner, tmp_path: Path) -> None:
    made = notebook("import sys\nsys.exit(0)", "print('never')")
    assert peer_marks(peer(made, tmp_path)) == []
    ran = runner.run(made)
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.text(1) == ""


def test_printed_text_is_joined_in_the_runner_alone(runner: Runner, tmp_path: Path) -> None:
    made = notebook("import time\nfor n in range(3): print(n, flush=True); time.sleep(.05)")
    theirs = peer(made, tmp_path)["cells"][0]["outputs"]
    ours = runner.run(made).output["cells"][0]["outputs"]
    assert len(theirs) > 1
    assert [output["text"] for output in ours] == ["".join(output["text"] for output in theirs)]


def test_papermill_tags_every_cell(both: tuple[NotebookNode, Ran]) -> None:
    theirs, ours = both[0], both[1].output
    assert all("tags" in cell["metadata"] for cell in theirs["cells"])
    assert ["tags" in cell["metadata"] for cell in ours["cells"]] == [False, True, True, False, False, False, False]


def test_every_line_of_the_table_names_its_test() -> None:
    text = (ROOT / "docs" / "users" / "runner.md").read_text("utf-8")
    rows = re.findall(r"^\| .*\| `(test_\w+)` \|$", text, re.MULTILINE)
    tests = {name for name in globals() if name.startswith("test_")} - {"test_every_line_of_the_table_names_its_test"}
    assert len(rows) == len(set(rows))
    assert set(rows) == tests
