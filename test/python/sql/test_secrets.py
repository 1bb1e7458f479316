"""Secrets of every kind are planted, everything is made to fail in a real kernel, and all that is left is searched."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from sql_servers import Server

from lakeside.sources import SourceError, read_secret

ROOT = Path(__file__).parents[3]
#: Planted where nothing works with it. Letters beyond Latin-1 are in one.
_WRONG = {
    name: f"Planted-{name.lower()}-5e2d{more}"
    for name, more in {
        "PG_WRONG": "",
        "MY_WRONG": "",
        "MY_CHINESE": "订单",
        "PG_CLOSED": "",
        "MY_CLOSED": "",
        "PG_TLS": "",
        "MY_TLS": "",
        "PG_OPTION": "",
        "MY_OPTION": "",
        "PG_SILENT": "",
        "MY_SILENT": "",
        "ICE_TOKEN": "",
        "ICE_LATER": "",
        "ICE_CLOSED": "",
        "ICE_CLIENT": "",
        "S3_ID": "",
        "S3_KEY": "/+",
        "S3_SESSION": "",
        "S3_OPTION": "",
    }.items()
}
_FRAMES = """def frames(connections, engine, sources):
    1 / 0
from lakeside.sources import all_sources
frames([lakeside.get_connection(name) for name in ('pg-right', 'my-right', 'pg-file', 'my-file')],
       lakeside.get_engine('pg-right'), all_sources())"""
_INSIDE = """from lakeside.sql import sessions
print(sessions._open, get_ipython().magics_manager.registry)
[vars(held[1]) for held in sessions._open.values()]"""
#: What a cell prints: whoever searches must find it.
_FOUND = "Printed-on-purpose-77c1"


class Repeating(BaseHTTPRequestHandler):
    """Refuses everything, and repeats in its words what it was sent."""

    def do_GET(self) -> None:
        if self.path.startswith("/later/v1/config"):
            self.answer(200, {"defaults": {}, "overrides": {}})
        elif self.path.startswith("/later"):
            self.answer(401, {"error": {"message": "not you", "type": "NotAuthorized", "code": 401}})
        else:
            self.answer(401, {"error": {"message": self.sent(), "type": "NotAuthorized", "code": 401}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.answer(401, {"error": "invalid_client", "error_description": f"{body} {self.sent()}"})

    def sent(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.headers.items())

    def answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def repeating() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeating)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def silent() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def bucket(port: int, **more: Any) -> dict[str, Any]:
    keys = {"accessKeyId": "S3_ID", "secretAccessKey": "S3_KEY", "sessionToken": "S3_SESSION"}
    credentials = {name: {"env": variable} for name, variable in keys.items()}
    endpoint = f"http://127.0.0.1:{port}"
    return {"bucket": "b", "endpoint": endpoint, "pathStyle": True, "credentials": credentials, **more}


def databases(kind: str, server: Server, file: Path, silent: int) -> dict[str, Any]:
    """Every way in which a database can refuse, by a secret of its own."""
    short = "pg" if kind == "postgresql" else "my"
    right = server.section(f"{short.upper()}_RIGHT")

    def variant(name: str, **more: Any) -> tuple[str, dict[str, Any]]:
        return f"{short}-{name}", {**right, "password": {"env": f"{short.upper()}_{name.upper()}"}, **more}

    found = dict(
        [
            variant("right"),
            variant("wrong"),
            variant("closed", port=closed_port()),
            variant("tls", tls="verify"),
            variant("option", tls="maybe"),
            variant("silent", port=silent),
        ]
    )
    found[f"{short}-file"] = {**right, "password": {"file": str(file)}}
    if short == "my":
        found["my-chinese"] = {**right, "password": {"env": "MY_CHINESE"}}
    return found


def others(folder: Path, repeating: int) -> dict[str, Any]:
    """Catalogues and buckets that refuse."""
    (folder / "token").write_text(_WRONG["ICE_LATER"])
    address, closed = f"http://127.0.0.1:{repeating}", f"http://127.0.0.1:{closed_port()}"
    client = {"clientId": "ada", "clientSecret": {"env": "ICE_CLIENT"}, "tokenUri": f"{address}/tokens"}
    wrong = bucket(repeating, endpoint="htp://127.0.0.1")
    wrong["credentials"]["secretAccessKey"] = {"env": "S3_OPTION"}
    return {
        "ice-token": {"kind": "iceberg", "uri": address, "token": {"env": "ICE_TOKEN"}},
        "ice-later": {
            "kind": "iceberg",
            "uri": f"{address}/later",
            "token": {"file": str(folder / "token")},
            "data": {"s3": bucket(repeating)},
        },
        "ice-closed": {"kind": "iceberg", "uri": closed, "token": {"env": "ICE_CLOSED"}},
        "ice-client": {"kind": "iceberg", "uri": address, "oauth": client},
        "s3": {"kind": "files", "bucket": bucket(repeating)},
        "s3-option": {"kind": "files", "bucket": wrong},
    }


def cells(sources: dict[str, Any]) -> list[str]:
    found = ["%load_ext lakeside\n%xmode Verbose\nimport lakeside, os, signal, threading, traceback, sys"]
    for name in sources:
        if name.endswith("silent"):
            interrupt = "threading.Timer(0.4, os.kill, [os.getpid(), signal.SIGINT]).start()"
            found += [f"{interrupt}\nget_ipython().run_cell_magic('sql', '--source {name}', 'SELECT 1')", "%tb"]
            continue
        found += [
            f"%%sql broken --source {name}\nSELECT broken FROM a.nowhere WHERE x = {{{{1 / 0}}}}",
            f"%%sql broken --source {name}\nSELECT broken FROM a.nowhere",
            "%tb",
            f"%%sql kept --source {name} --cache\nSELECT 1 AS a",
            f"connection = lakeside.get_connection({name!r})\nprint(repr(connection), str(connection))\nconnection",
            f"lakeside.read_sql('SELECT 1', {name!r})\nlakeside.read_sql('SELECT broken', {name!r})",
            "traceback.print_exception(sys.last_value)",
            f"%sql --source {name} SELECT * FROM x",
        ]
        if name.startswith(("pg", "my")):
            found += [
                f"engine = lakeside.get_engine({name!r})\nprint(engine, engine.url, repr(engine.url))\nengine",
                "engine.connect().exec_driver_sql('SELECT broken FROM nowhere')",
                "connection.cursor().execute('SELECT broken FROM nowhere')",
            ]
        if name.startswith("ice"):
            found += [f"catalog = lakeside.get_catalog({name!r})\nprint(catalog)\ncatalog", "%tb"]
    found += [
        # Frames that hold what works: a traceback shows what is in them.
        _FRAMES,
        "%tb",
        "catalog = lakeside.get_catalog('ice-later')\ncatalog.list_namespaces()",
        "%tb",
        _INSIDE,
        f"print({_FOUND!r})",
        "print(In, Out, dir())",
        "%history -g -o",
        "%whos",
    ]
    return found


@pytest.mark.databases
def test_no_secret_is_left_anywhere(
    postgresql: Server, mariadb: Server, repeating: int, silent: int, tmp_path: Path
) -> None:
    secrets = dict(_WRONG, PG_RIGHT=postgresql.password, MY_RIGHT=mariadb.password)
    hidden, seen = tmp_path / "hidden", tmp_path / "seen"
    for folder in (hidden, seen / "config/lakeside", seen / "work"):
        folder.mkdir(parents=True)
    for name, server in {"pg": postgresql, "my": mariadb}.items():
        (hidden / name).write_text(f"{server.password}\n")
    sources = {
        **databases("postgresql", postgresql, hidden / "pg", silent),
        **databases("mariadb", mariadb, hidden / "my", silent),
        **others(hidden, repeating),
    }
    (seen / "config/lakeside/config.yml").write_text(yaml.safe_dump({"sources": sources}))
    own = {name: str(seen / name.lower()) for name in ("IPYTHONDIR", "LAKESIDE_HOME", "JUPYTER_RUNTIME_DIR")}
    env = {**os.environ, **own, **secrets, "XDG_CONFIG_HOME": str(seen / "config"), "PYTHONPATH": str(ROOT)}
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells(sources)])
    with (seen / "kernel.log").open("wb") as log:
        client = NotebookClient(made, timeout=120, kernel_name="python3", allow_errors=True)
        client.ipython_hist_file = str(seen / "history.sqlite")
        client.execute(env=env, cwd=str(seen / "work"), stdout=log, stderr=log)
    nbformat.write(made, seen / "made.ipynb")

    text = (seen / "made.ipynb").read_text("utf-8")
    for said in (
        "refused to sign",
        "does not answer",
        "no TLS with",
        "tls must be off",
        "KeyboardInterrupt",
        "nowhere",
    ):
        assert said in text, said
    assert text.count("ZeroDivisionError") > 1
    files = [file for file in seen.rglob("*") if stat.S_ISREG(file.lstat().st_mode)]
    assert any(file.suffix == ".arrow" for file in files)
    assert any(_FOUND.encode() in file.read_bytes() for file in files if file.suffix == ".sqlite")
    found = [
        (file.name, name)
        for file in files
        for name, secret in {**secrets, "found": _FOUND}.items()
        if any(form in file.read_bytes() for form in forms(secret))
    ]
    assert [each for each in found if each[1] != "found"] == []
    assert ("made.ipynb", "found") in found


def forms(secret: str) -> list[bytes]:
    """How a secret may stand in a file."""
    return [secret.encode(), json.dumps(secret)[1:-1].encode(), repr(secret.encode())[2:-1].encode()]


def test_an_error_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "Planted/in a variable")
    read_secret({"env": "TOKEN"}, "here")
    said = str(SourceError("The server said: Planted/in a variable, Planted%2Fin%20a%20variable."))
    assert said == "The server said: ***, ***."
