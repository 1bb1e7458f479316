"""A real PostgreSQL whose password is in Lakeside's store alone: the panel, `%%sql` and the command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psycopg
import pytest
import requests
import yaml
from conftest import Jupyter, until
from nbclient import NotebookClient
from sql_servers import Server

from lakeside.keydoor import OWN_TOKEN_FILE, OWN_URL
from lakeside.node import find_node

pytestmark = pytest.mark.databases

ROOT = Path(__file__).parents[3]
MAIN = ROOT / "lakeside" / "sidecar" / "main.js"
FIRST, SECOND = "Typed-once-of-the-clerk-41c7", "Typed-again-by-the-clerk-41c8"
API = "lakeside/api/v1"


def administrator(server: Server) -> Any:
    return psycopg.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        dbname=server.database,
        autocommit=True,
    )


def written(folder: Path, server: Server) -> Path:
    """A configuration whose sources `shop` and `other` take who and how from the profile `warehouse`."""
    shop = {
        "kind": "postgresql",
        "host": server.host,
        "port": server.port,
        "database": server.database,
        "schemas": ["public"],
        "password": {"credential": "warehouse"},
    }
    other = {**shop, "user": "someone", "schemas": ["pub*"]}
    profile = {"kind": "database", "user": "clerk", "label": "Warehouse"}
    file = folder / "config" / "lakeside" / "config.yml"
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump({"profiles": {"warehouse": profile}, "sources": {"shop": shop, "other": other}}))
    return file.parent.parent


class Kernel:
    """A kernel as this Jupyter server starts it, and all that it printed."""

    def __init__(self, jupyter: Jupyter, config: Path) -> None:
        port = json.loads((jupyter.home / "credentials" / "ports.json").read_text())[0]
        folder = jupyter.folder / "kernel"
        folder.mkdir()
        env = {
            **os.environ,
            OWN_URL: f"http://127.0.0.1:{port}",
            OWN_TOKEN_FILE: str(jupyter.home / "credentials" / "endpoint-token"),
            "XDG_CONFIG_HOME": str(config),
            "PYTHONPATH": str(ROOT),
            "IPYTHONDIR": str(folder),
        }
        self.notebook = nbformat.v4.new_notebook()
        self.client = NotebookClient(self.notebook, timeout=60, kernel_name="python3", allow_errors=True)
        self._setup = self.client.setup_kernel(env=env, cwd=str(folder))
        self._setup.__enter__()

    def run(self, source: str) -> str:
        cell = nbformat.v4.new_code_cell(source)
        self.notebook.cells.append(cell)
        self.client.execute_cell(cell, len(self.notebook.cells) - 1)
        return json.dumps(cell.outputs)

    def close(self) -> None:
        self._setup.__exit__(None, None, None)


def schemas(jupyter: Jupyter, source: str = "shop") -> requests.Response:
    return jupyter.get(f"{API}/tables/sources/{source}/schemas")


def preview(jupyter: Jupyter) -> requests.Response:
    return jupyter.get(f"{API}/tables/sources/shop/preview", params={"schema": "public", "table": "orders"})


def command(jupyter: Jupyter, config: Path) -> Any:
    """What `lakeside sources test shop` finds, which asks no Jupyter."""
    env = {**os.environ, "XDG_CONFIG_HOME": str(config), "LAKESIDE_HOME": str(jupyter.home)}
    asked = [find_node(), str(MAIN.with_name("cli.js")), "sources", "test", "shop", "--json"]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert not any(each in done.stdout + done.stderr for each in (FIRST, SECOND)), "a secret was printed"
    return json.loads(done.stdout)[0]["findings"]


def sign_in(jupyter: Jupyter, number: int, password: str) -> None:
    number_of = f"01K000000000000000000000{number:02d}"
    begun = jupyter.ask("POST", f"{API}/credentials/profiles/warehouse/sign-in", json={"signInId": number_of})
    assert begun.status_code == 202, begun.text
    answer = {"answer": {"kind": "password", "password": password}}
    told = jupyter.ask("POST", f"{API}/credentials/sign-ins/{number_of}/answer", json=answer)
    assert told.json()["state"] == "succeeded", told.text


def test_out_in_and_after_a_new_password(postgresql: Server, jupyters: Callable[..., Jupyter], tmp_path: Path) -> None:
    with administrator(postgresql) as admin:
        admin.execute(f"CREATE ROLE clerk LOGIN PASSWORD '{FIRST}'")
        admin.execute("CREATE TABLE orders AS SELECT 7 AS id; GRANT SELECT ON orders TO clerk")
    config = written(tmp_path, postgresql)
    jupyter = jupyters(program=MAIN, environment={"XDG_CONFIG_HOME": str(config)})
    until(lambda: jupyter.get(f"{API}/credentials").ok, 60, "the sidecar")
    kernel = Kernel(jupyter, config)
    sql = "%%sql --source shop\nSELECT id * 6 AS answer FROM public.orders"
    connect = "print(lakeside.get_connection('shop').execute('SELECT session_user').fetchone())"
    fresh = "from lakeside.sql import sessions\nsessions.close_session('shop')"
    try:
        kernel.run("%load_ext lakeside\n%xmode Verbose\nimport lakeside")
        # Signed out: a sentence on both sides, and nothing of our own fault.
        out = preview(jupyter)
        assert (out.status_code, out.json()["code"]) == (403, "credential-signin")
        assert "lakeside credentials login warehouse" in out.json()["message"]
        assert "Nobody is signed in to Warehouse" in kernel.run(sql)

        sign_in(jupyter, 1, FIRST)
        assert "7" in json.dumps(preview(jupyter).json()["rows"])
        assert any("clerk is signed in" in each["detail"] for each in command(jupyter, config))
        assert "42" in kernel.run(sql)
        assert "clerk" in kernel.run(connect)
        assert "is signed in as clerk, and user" in schemas(jupyter, "other").json()["message"]

        # Another password at the server: what is open lives on, what connects anew is told what to do.
        with administrator(postgresql) as admin:
            admin.execute(f"ALTER ROLE clerk PASSWORD '{SECOND}'")
        assert "42" in kernel.run(sql)
        kernel.run(fresh)
        refused = kernel.run(sql)
        assert "refused to sign clerk in. Sign in to warehouse with the right password" in refused
        sign_in(jupyter, 2, SECOND)
        assert "42" in kernel.run(sql)
        assert preview(jupyter).status_code == 200

        # Signed in with a wrong one: the panel signs in anew, and says so.
        sign_in(jupyter, 3, "Typed-wrongly-by-the-clerk-41c9")
        wrong = preview(jupyter)
        assert (wrong.status_code, wrong.json()["code"]) == (403, "source-signin")
        assert "Sign in to warehouse again with the right one" in wrong.json()["message"]

        # Signed out: no connection of before is used, here; the kernel's own stays the kernel's.
        sign_in(jupyter, 4, SECOND)
        assert preview(jupyter).status_code == 200
        assert jupyter.ask("DELETE", f"{API}/credentials/profiles/warehouse/session").ok
        assert preview(jupyter).json()["code"] == "credential-signin"
        assert "42" in kernel.run(sql)
        kernel.run(fresh)
        assert "Nobody is signed in to Warehouse" in kernel.run(sql)
        said = command(jupyter, config)[-1]
        assert said["state"] == "failed"
        assert "lakeside credentials login warehouse" in said["cure"]
        entries = jupyter.get(f"{API}/credentials/audit").json()
        given = [each for each in entries["entries"] if each["event"] == "handed-out"]
        assert {each["by"] for each in given} == {"kernel", "system"}
        assert entries["whole"]
    finally:
        kernel.close()
    token = (jupyter.home / "credentials" / "endpoint-token").read_bytes()
    for secret in (FIRST.encode(), SECOND.encode(), b"Typed-wrongly", token):
        assert secret not in nbformat.writes(kernel.notebook).encode()
        assert secret not in jupyter.log().encode()
        for file in (each for each in jupyter.folder.rglob("*") if each.is_file() and each.name != "endpoint-token"):
            assert secret not in file.read_bytes(), file
