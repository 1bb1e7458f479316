"""Going on from the cell that failed: in the same kernel where it was kept, honestly from the start where not."""

from __future__ import annotations

from running import Runner, notebook

COUNT = "import pathlib\nwith pathlib.Path('runs.txt').open('a') as f: f.write('x')\nstate = {name}"


def cells(*, fixed: bool, first: str = "40") -> list[str | tuple[str, list[str]]]:
    return [
        ("who = 'nobody'", ["parameters"]),
        COUNT.format(name=first),
        "print('second')",
        "print(who, state + 2)" if fixed else "print(who, state + oops)",
        "print('last')",
    ]


def test_a_kept_kernel_goes_on_from_the_failed_cell(runner: Runner) -> None:
    failed = runner.run(
        notebook(*cells(fixed=False)),
        parameters={"who": "{{ ds }}"},
        scheduledAt="2026-03-04T05:00:00Z",
        keepKernelSeconds=60,
    )
    assert failed.ended == ("FAILED", 10)
    assert failed.record["kernelKept"] is True
    again = runner.run(
        notebook(*cells(fixed=True)), resume=str(failed.out / "output.ipynb"), cwd=str(failed.out.parent)
    )
    assert again.ended == ("SUCCEEDED", 0)
    # The first cell did not run again, its state was there, and the macro stands for what it stood for then.
    assert (failed.out.parent / "runs.txt").read_text() == "x"
    assert again.text(4) == "2026-03-04 42\n"
    assert again.text(5) == "last\n"
    assert again.text(3) == "second\n"
    assert again.output["cells"][3]["metadata"]["lakeside"] == {"kept": True}
    resumed = again.record["resumed"]
    assert (resumed["cell"], resumed["kept"]) == (5, True)
    assert "did not run again" in resumed["text"]
    assert again.output["metadata"]["lakeside"]["resumed"] == resumed
    assert again.record["cells"] == {"done": 6, "total": 6}


def test_without_the_kernel_every_cell_runs_again_and_the_run_says_so(runner: Runner) -> None:
    failed = runner.run(notebook(*cells(fixed=False)), parameters={"who": "ada"})
    assert failed.record["kernelKept"] is False
    again = runner.run(
        notebook(*cells(fixed=True)), resume=str(failed.out / "output.ipynb"), cwd=str(failed.out.parent)
    )
    assert again.ended == ("SUCCEEDED", 0)
    assert (failed.out.parent / "runs.txt").read_text() == "xx"
    assert again.text(4) == "ada 42\n"
    assert again.record["resumed"]["kept"] is False
    assert "cells 1 to 4 ran again" in again.record["resumed"]["text"]


def test_an_earlier_cell_that_changed_runs_again_first(runner: Runner) -> None:
    failed = runner.run(notebook(*cells(fixed=False)), parameters={"who": "ada"}, keepKernelSeconds=60)
    again = runner.run(
        notebook(*cells(fixed=True, first="50")),
        resume=str(failed.out / "output.ipynb"),
        cwd=str(failed.out.parent),
    )
    assert again.record["resumed"]["cell"] == 3
    assert (failed.out.parent / "runs.txt").read_text() == "xx"
    assert again.text(4) == "ada 52\n"


def test_a_kernel_is_kept_for_one_resumption_and_no_longer_than_asked(runner: Runner) -> None:
    failed = runner.run(notebook("1/0"), keepKernelSeconds=0.01)
    pid = next(event["pid"] for event in failed.events if event["event"] == "kernel")
    again = runner.run(notebook("import os\nprint(os.getpid())"), resume=str(failed.out / "output.ipynb"))
    assert again.text(0) != f"{pid}\n" or again.record["resumed"]["kept"]


def test_a_resumption_of_nothing_is_refused(runner: Runner) -> None:
    ran = runner.run(notebook("1"), resume=str(runner.folder / "no-output.ipynb"))
    assert ran.ended == ("FAILED", 15)
    assert "no-output.ipynb" in ran.reason
