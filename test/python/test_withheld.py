"""Variables with keys that kernels do not inherit."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from lakeside.withheld import Withheld, launch_environments

OLD = {"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "old", "PATH": "/bin"}


def choose(home: Path, text: str) -> None:
    folder = home / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "choices.json").write_text(text, encoding="utf-8")


def test_new_kernels_do_not_inherit_what_is_withheld_and_get_it_back(tmp_path: Path) -> None:
    environment, launched = dict(OLD), dict(OLD, JPY_SESSION_NAME="a.ipynb")
    withheld = Withheld(str(tmp_path), environment)
    assert withheld.apply([launched]) == []
    assert environment == OLD

    choose(tmp_path, json.dumps({"withheld": ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]}))
    assert withheld.apply([launched]) == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    assert environment == {"PATH": "/bin"}
    assert launched == {"PATH": "/bin", "JPY_SESSION_NAME": "a.ipynb"}
    assert withheld.values == {"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "old"}
    assert withheld.apply() == []

    choose(tmp_path, json.dumps({"withheld": []}))
    withheld.apply([launched])
    assert environment == OLD
    assert launched["AWS_ACCESS_KEY_ID"] == "AKIAOLD"
    assert withheld.values == {}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"withheld": "PATH"}', '{"withheld": ["PATH", 1, null, {}]}', '{"active": "dev"}']
)
def test_nothing_else_is_ever_taken_out(tmp_path: Path, text: str) -> None:
    environment = dict(OLD)
    choose(tmp_path, text)
    assert Withheld(str(tmp_path), environment).apply() == []
    assert environment == OLD


def test_kernels_that_run_are_started_again_without_it() -> None:
    noted: list[object] = [{"env": {"A": "1"}}, {"env": None}, {}, None]
    kernels = {str(number): SimpleNamespace(_launch_args=args) for number, args in enumerate(noted)}
    kernels["other"] = SimpleNamespace()
    manager = SimpleNamespace(list_kernel_ids=lambda: list(kernels), get_kernel=kernels.__getitem__)
    assert launch_environments(manager) == [{"A": "1"}]
