"""How runs end, and what they leave."""

from __future__ import annotations

import json

import pytest
from running import Runner, notebook


def test_a_run_leaves_its_output_its_events_and_a_record(runner: Runner) -> None:
    ran = runner.run(notebook("#md # Title", "print('one')", "", "1 + 1"), owner="ada", scheduleId="s1")
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.record["reason"] is None
    assert ran.record["cells"] == {"done": 2, "total": 2}
    assert (ran.record["owner"], ran.record["scheduleId"], ran.record["attempt"]) == ("ada", "s1", 1)
    assert ran.text(1) == "one\n"
    assert ran.output["cells"][3]["outputs"][0]["data"]["text/plain"] == "2"
    assert [cell["metadata"]["papermill"]["status"] for cell in ran.output["cells"]] == ["completed"] * 4
    events = ran.events
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    names = [event["event"] for event in events]
    assert names[:2] == ["started", "kernel"]
    assert names[-1] == "finished"
    told = {name: value for name, value in events[-1].items() if name not in ("run", "seq", "at", "event")}
    assert told == ran.record
    cells = [(event["cell"], event["of"], event["state"]) for event in events if event["event"] == "cell"]
    assert cells == [(1, 2, "running"), (1, 2, "done"), (2, 2, "running"), (2, 2, "done")]


def test_a_cell_that_begins_is_shown_by_its_first_lines(runner: Runner) -> None:
    long = "\n".join(f"x{number} = {number}" for number in range(100))
    ran = runner.run(notebook("a = 1\nb = 2", long, f"y = '{'z' * 5000}'"))
    told = [event.get("source") for event in ran.events if event["event"] == "cell"]
    assert told[:2] == ["a = 1\nb = 2", None]
    assert told[2] == "x0 = 0\nx1 = 1\nx2 = 2 …"
    assert told[4] == "y = '" + "z" * 295 + " …"


def test_a_failing_cell_ends_the_run_and_is_named(runner: Runner) -> None:
    ran = runner.run(notebook("print('kept')", "def f():\n    return 1 / 0\nf()", "print('never')"))
    assert ran.ended == ("FAILED", 10)
    assert ran.reason == "Cell 2 failed: ZeroDivisionError: division by zero"
    assert ran.record["cell"] == {"index": 1, "number": 2, "id": "c2", "firstLine": "def f():"}
    error = ran.record["error"]
    assert (error["name"], error["lastLine"]) == ("ZeroDivisionError", "ZeroDivisionError: division by zero")
    assert "\x1b" not in json.dumps(error)
    assert "\\u001b" not in json.dumps(error)
    assert ran.text(0) == "kept\n"
    states = [cell["metadata"]["papermill"]["status"] for cell in ran.output["cells"]]
    assert states == ["completed", "failed", "pending"]
    assert ran.output["cells"][2]["outputs"] == []


def test_a_cell_may_fail_where_it_is_tagged(runner: Runner) -> None:
    ran = runner.run(notebook(("1 / 0", ["raises-exception"]), "print('on')"))
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.text(1) == "on\n"


def test_exit_ends_a_notebook_well_and_another_code_does_not(runner: Runner) -> None:
    well = runner.run(notebook("import sys\nsys.exit(0)", "print('never')"))
    assert well.ended == ("SUCCEEDED", 0)
    assert well.text(1) == ""
    badly = runner.run(notebook("import sys\nsys.exit(3)", "print('never')"))
    assert badly.ended == ("FAILED", 10)
    assert badly.reason == "Cell 1 failed: SystemExit: 3"


def test_input_is_refused_in_words(runner: Runner) -> None:
    ran = runner.run(notebook("name = input('Who? ')"))
    assert ran.ended == ("FAILED", 10)
    assert "Cell 1 asks for input" in ran.reason
    assert "parameter" in ran.reason


@pytest.mark.parametrize(("code", "named"), [("SIGSEGV", "SIGSEGV"), ("SIGKILL", "SIGKILL"), (7, "exit code 7")])
def test_a_kernel_that_dies_is_named(runner: Runner, code: str | int, named: str) -> None:
    end = f"os._exit({code})" if isinstance(code, int) else f"os.kill(os.getpid(), signal.{code})"
    ran = runner.run(
        notebook("print('kept')", f"print('last', flush=True)\nimport os, signal, time\ntime.sleep(.3)\n{end}")
    )
    assert ran.ended == ("FAILED", 13)
    assert ran.record["kind"] == "kernel-died"
    assert ran.reason.startswith("The kernel died in cell 2")
    assert named in ran.reason
    assert ran.text(0) == "kept\n"
    assert ran.text(1) == "last\n"


def test_a_notebook_without_a_kernelspec_runs(runner: Runner) -> None:
    ran = runner.run(notebook("print(1)", kernelspec=None))
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.output["metadata"]["kernelspec"]["name"] == "python3"


def test_a_missing_kernel_is_refused_with_the_installed_ones(runner: Runner) -> None:
    ran = runner.run(notebook("1", kernelspec={"name": "no-such", "display_name": "No"}))
    assert ran.ended == ("FAILED", 15)
    assert ran.reason == "There is no kernel 'no-such' here. Installed: bash, python3."
    assert ran.record["field"] == "kernel"


def test_the_chosen_kernel_wins_over_the_notebooks(runner: Runner) -> None:
    ran = runner.run(notebook("echo $BASH_VERSION"), kernel="bash")
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.record["kernel"] == "bash"
    assert ran.text(0)[0].isdigit()


def test_a_kernel_that_cannot_start_says_its_last_words(runner: Runner) -> None:
    for name, argv in (("broken", ["python3", "-c", "raise SystemExit('no ipykernel')"]), ("absent", ["/no/such"])):
        folder = runner.folder / "kernels" / name
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name, "language": "python"}))
    ran = runner.run(notebook("1"), kernel="broken")
    assert ran.ended == ("FAILED", 13)
    assert ran.reason == "The kernel broken died while it started. Its last words: no ipykernel"
    ran = runner.run(notebook("1"), kernel="absent")
    assert ran.ended == ("FAILED", 15)
    assert "/no/such" in ran.reason
    for name in ("broken", "absent"):
        (runner.folder / "kernels" / name / "kernel.json").unlink()


def test_widget_state_is_kept(runner: Runner) -> None:
    ran = runner.run(
        notebook(
            "from comm import create_comm\n"
            "state = {'_model_name': 'IntSliderModel', '_model_module': '@jupyter-widgets/controls', 'value': 7}\n"
            "c = create_comm(target_name='jupyter.widget', comm_id='w1', metadata={}, data={'state': state})"
        )
    )
    assert ran.ended == ("SUCCEEDED", 0)
    state = ran.output["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert state["w1"]["state"]["value"] == 7


def test_outputs_are_joined_updated_and_cleared(runner: Runner) -> None:
    ran = runner.run(
        notebook(
            "import sys\nfor n in range(50):\n    print(n, flush=True)\nprint('e', file=sys.stderr)",
            "from IPython.display import display, clear_output\nprint('gone')\nclear_output()\nprint('stays')",
            "h = display('old', display_id='d')",
            "h.update('new')",
        )
    )
    assert ran.ended == ("SUCCEEDED", 0)
    first = ran.output["cells"][0]["outputs"]
    assert [output["name"] for output in first] == ["stdout", "stderr"]
    assert first[0]["text"] == "".join(f"{n}\n" for n in range(50))
    assert ran.text(1) == "stays\n"
    assert ran.output["cells"][2]["outputs"][0]["data"]["text/plain"] == "'new'"


def test_the_kernel_works_in_the_notebooks_folder_with_the_given_variables(runner: Runner) -> None:
    for _ in range(2):  # once on a warm kernel at least
        ran = runner.run(notebook("import os\nprint(os.getcwd(), os.environ['KEY'])"), env={"KEY": "v'\n"})
        assert ran.text(0) == f"{ran.out.parent} v'\n\n"
        ran = runner.run(notebook("import os\nprint('HOME' in os.environ)"), env={"HOME": None})
        assert ran.text(0) == "False\n"
    ran = runner.run(notebook("1"), cwd=str(runner.folder / "nowhere"))
    assert ran.ended == ("FAILED", 15)
    assert "nowhere" in ran.reason


def test_no_name_is_left_in_the_notebooks_own(runner: Runner) -> None:
    ran = runner.run(notebook("print(sorted(n for n in globals() if 'lakeside' in n.lower()))"))
    assert ran.text(0) == "[]\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no notebook"),
        ("{", "no notebook"),
        ("[]", "nbformat"),
        ('{"nbformat": 5, "cells": []}', "newer"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "list of cells"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}', "cell 1"),
        ("[" * 100_000, "no notebook"),
    ],
)
def test_what_is_no_notebook_is_refused(runner: Runner, text: str, named: str) -> None:
    path = runner.folder / "bad.ipynb"
    path.write_text(text)
    ran = runner.run(path)
    assert ran.ended == ("FAILED", 15)
    assert named in ran.reason
    assert "bad.ipynb" in ran.reason


def test_a_missing_notebook_is_refused(runner: Runner) -> None:
    ran = runner.run(runner.folder / "none.ipynb")
    assert ran.ended == ("FAILED", 15)
    assert "moved, renamed or deleted" in ran.reason
    ran = runner.run(runner.folder)
    assert ran.ended == ("FAILED", 15)


def test_old_notebooks_run(runner: Runner) -> None:
    path = runner.folder / "v3.ipynb"
    cell = {"cell_type": "code", "input": ["print(3)"], "language": "python", "metadata": {}, "outputs": []}
    path.write_text(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}))
    assert runner.run(path).text(0) == "3\n"
    path.write_text(
        json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 2,
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "source": ["print(", "4)"],
                        "metadata": {},
                        "outputs": [],
                        "execution_count": 9,
                    }
                ],
            }
        )
    )
    assert runner.run(path).text(0) == "4\n"


def test_runs_of_one_runner_go_on_beside_each_other(runner: Runner) -> None:
    pipe = runner.folder / "meet"
    first = runner.start(notebook(f"import os\nos.mkfifo({str(pipe)!r})\nopen({str(pipe)!r}).read()"))
    # Each waits for the other: neither ends where they ran one after the other.
    second = runner.start(
        notebook(
            f"import os, time\npipe = {str(pipe)!r}\n"
            "while not os.path.exists(pipe): time.sleep(.01)\nopen(pipe, 'w').close()"
        )
    )
    assert first.finish().ended == second.finish().ended == ("SUCCEEDED", 0)


def test_requests_that_cannot_be_understood_are_refused_and_the_next_goes_on(runner: Runner) -> None:
    assert runner.process.stdin is not None
    runner.process.stdin.write(b"no json\n[1]\n\xff\n\n")
    for _ in range(3):
        assert "no JSON object" in runner.wait("refused", op=None)["text"]
    runner.send(op="run", id="x")
    assert runner.wait("refused", op="run")["text"] == "The request names no notebook."
    runner.send(op="run", id="x", notebook="a", out="b", timeout="soon")
    assert runner.wait("refused", op="run")["field"] == "timeout"
    runner.send(op="run", id="x", notebook="a", out="b", colour=1)
    assert runner.wait("refused", op="run")["field"] == "colour"
    runner.send(op="cancel", id="nobody")
    assert "nobody" in runner.wait("refused", op="cancel")["text"]
    runner.send(op="dance")
    assert "dance" in runner.wait("refused", op="dance")["text"]
    runner.send(op="warm", kernel="no-such", count=1)
    assert "Installed" in runner.wait("refused", op="warm")["text"]
    assert runner.run(notebook("1")).ended == ("SUCCEEDED", 0)
