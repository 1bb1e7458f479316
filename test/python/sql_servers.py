"""Real databases and files for the tests of ``%%sql``, and the configuration that names them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lakeside.node import find_node

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Server:
    """A database that runs for these tests."""

    kind: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    def section(self, variable: str) -> dict[str, Any]:
        """Its entry in the section `sources`."""
        return {
            "kind": self.kind,
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "database": self.database,
            "password": {"env": variable},
        }


@contextmanager
def started(kind: str) -> Iterator[Server]:
    """Starts a database; it ends with the block."""
    program = ROOT / "test/support/databases/start.mjs"
    child = subprocess.Popen(
        [find_node(), str(program), kind], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        told = json.loads(child.stdout.readline() or "{}")
        assert told, f"{kind} did not start: see above"
        yield Server(kind, told["host"], told["port"], told["user"], told["password"], told["database"])
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with started("postgresql") as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    with started("mariadb") as server:
        yield server


@dataclass
class Configured:
    """The person's own configuration in a test."""

    file: Path
    patch: pytest.MonkeyPatch

    def write(self, sources: dict[str, Any]) -> None:
        import yaml

        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configured]:
    """An empty configuration, an empty home; what was connected is ended after the test."""
    from lakeside.sql import sessions

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LAKESIDE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("lakeside.configuration.POLICY", str(tmp_path / "policy.yml"))
    yield Configured(tmp_path / "config/lakeside/config.yml", monkeypatch)
    for name in list(sessions._open):
        sessions.close_session(name)


@pytest.fixture
def pg(configured: Configured, postgresql: Server) -> Server:
    """A source `pg`."""
    configured.patch.setenv("PG_PASSWORD", postgresql.password)
    configured.write({"pg": postgresql.section("PG_PASSWORD")})
    return postgresql


@pytest.fixture
def my(configured: Configured, mariadb: Server) -> Server:
    """A source `my`."""
    configured.patch.setenv("MY_PASSWORD", mariadb.password)
    configured.write({"my": mariadb.section("MY_PASSWORD")})
    return mariadb
