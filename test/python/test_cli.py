"""The console script hands over to Node.js."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakeside import cli


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the console script with a program of the test's own in place of the bundled one."""
    code = f"import sys; from lakeside import cli; cli.PROGRAMS = {str(folder)!r}; sys.exit(cli.main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    (tmp_path / "cli.js").write_text(
        "const { env, argv, ppid } = process;"
        "console.log(JSON.stringify([argv.slice(2), env.LAKESIDE_PYTHON, env.NODE_COMPILE_CACHE, ppid]));"
        "process.exit(7)"
    )
    return tmp_path


def test_passes_arguments_environment_and_exit_code(programs: Path) -> None:
    import json

    done = run(programs, "share", "a b.ipynb", "--title", "ü", JUPYTER_DATA_DIR="/j")
    assert done.returncode == 7
    arguments, python, cache, parent = json.loads(done.stdout)
    assert arguments == ["share", "a b.ipynb", "--title", "ü"]
    assert python == sys.executable
    assert cache == "/j/lakeside/compile-cache"
    assert parent == os.getpid()  # Python is gone, not waiting


def test_a_missing_node_is_one_sentence(programs: Path) -> None:
    done = run(programs, "doctor", LAKESIDE_NODE="/nowhere/node")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith('lakeside: LAKESIDE_NODE is "/nowhere/node"')
    assert done.stderr.count("\n") == 1


def test_programs_that_are_not_built_are_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path / "none", "doctor")
    assert done.returncode == 1
    assert "npm run build" in done.stderr


def test_imports_almost_nothing() -> None:
    code = "import sys; before = set(sys.modules); import lakeside.cli; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=Path(cli.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    allowed = {
        "lakeside",
        "lakeside.cli",
        "lakeside.node",
        "lakeside.paths",
        "__future__",
        "select",
        "typing",
        "re",
        "enum",
    }
    heavy = {"subprocess", "asyncio", "pathlib", "json", "logging", "importlib.metadata", "jupyter_core", "tornado"}
    assert not heavy & set(done.stdout.split())
    assert {"lakeside.cli"} <= set(done.stdout.split()) & allowed
