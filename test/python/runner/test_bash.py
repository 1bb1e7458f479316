"""Another language, with its real kernel."""

from __future__ import annotations

from running import Runner, notebook

BASH = {"name": "bash", "language": "bash", "display_name": "Bash"}


def test_parameters_macros_and_errors_in_bash(runner: Runner) -> None:
    ran = runner.run(
        notebook(
            ("who=nobody\nn=1", ["parameters"]),
            'printf \'%s|\' "$who" "$n" "${list[@]}" "${map[a b]}"',
            kernelspec=BASH,
        ),
        parameters={
            "who": "it's {{ ds }} \"$HOME\" `id` $(exit 3)\n'second' 😀",
            "n": 3,
            "list": ["a b", "$x"],
            "map": {"a b": "c"},
        },
        scheduledAt="2026-11-21T00:00:00Z",
    )
    assert ran.ended == ("SUCCEEDED", 0)
    assert ran.text(2).rstrip("\n") == "it's 2026-11-21 \"$HOME\" `id` $(exit 3)\n'second' 😀|3|a b|$x|c|"
    assert ran.output["cells"][1]["metadata"]["tags"] == ["injected-parameters"]
    assert ran.output["metadata"]["language_info"]["name"] == "bash"


def test_a_cell_of_bash_has_its_time(runner: Runner) -> None:
    ran = runner.run(notebook("echo kept; sleep 600", kernelspec=BASH), cellTimeout=2).released()
    assert ran.ended == ("TIMED_OUT", 12)
    assert ran.text(0).startswith("kept\n")


def test_a_failing_cell_of_bash_fails_the_run(runner: Runner) -> None:
    ran = runner.run(notebook("echo kept", "no-such-command", kernelspec=BASH))
    assert ran.ended == ("FAILED", 10)
    assert ran.record["cell"]["number"] == 2
