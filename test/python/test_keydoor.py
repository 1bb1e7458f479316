"""The socket on which kernels ask for keys: what is told to kernels, what is not, and what outlives what."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import requests
from conftest import Jupyter, until

from lakeside.environment import Boot, kernel_environment, sidecar_environment
from lakeside.keydoor import KEY, OWN_TOKEN_FILE, OWN_URL, TOKEN_FILE, URI, open_door, take_key

LOG = logging.getLogger(__name__)
MAIN = Path(__file__).parent.parent.parent / "lakeside" / "sidecar" / "main.js"
PROFILE = """profiles:
  lab:
    kind: static
    accessKeyId: {env: LAB_ID}
    secretAccessKey: {env: LAB_SECRET}
"""
SECRET = "wJalrXUtnFEMI0K7MDENGbPxRfiCYEXAMPLEKEY0"


def configured(folder: Path, text: str = PROFILE) -> dict[str, str]:
    """An environment whose configuration file says this."""
    (folder / "lakeside").mkdir(parents=True, exist_ok=True)
    (folder / "lakeside" / "config.yml").write_text(text, "utf-8")
    return {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


def test_nothing_is_set_without_a_profile(tmp_path: Path) -> None:
    environment = configured(tmp_path, "sources: {made: {kind: memory}}")
    assert open_door(str(tmp_path / "home"), LOG, environment) is None
    assert not {URI, TOKEN_FILE} & set(environment)
    assert not (tmp_path / "home").exists()


def test_the_token_is_a_header_as_it_stands_and_its_owners_alone(tmp_path: Path) -> None:
    environment = configured(tmp_path)
    door = open_door(str(tmp_path / "home"), LOG, environment)
    assert door is not None
    assert environment[URI] == door.url == f"http://127.0.0.1:{door.port}/aws/credentials/active"
    file = Path(environment[TOKEN_FILE])
    token = file.read_text("ascii")
    assert len(token) >= 32
    assert token.strip() == token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    door.close()
    # Others may have read it meanwhile: it is made anew.
    file.chmod(0o644)
    again = open_door(str(tmp_path / "home"), LOG, configured(tmp_path))
    assert again is not None
    assert file.read_text("ascii") != token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again.close()


def test_port_and_token_outlive_the_server_and_two_servers_have_two_ports(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    first = open_door(home, LOG, configured(tmp_path))
    second = open_door(home, LOG, configured(tmp_path))
    assert first is not None
    assert second is not None
    assert first.port != second.port
    token = Path(first.token_file).read_text("ascii")
    # A connection that was open leaves the port in a state that must not keep it from being taken again.
    client = socket.create_connection(("127.0.0.1", first.port))
    ports = {first.port, second.port}
    first.close()
    second.close()
    client.close()
    again = [open_door(home, LOG, configured(tmp_path)) for _ in range(2)]
    assert {door.port for door in again if door} == ports
    assert Path(again[0].token_file if again[0] else "").read_text("ascii") == token
    for door in again:
        assert door is not None
        door.close()


@pytest.mark.parametrize("ports", ["", "{", '["x", 1, 70000]', "[1, 2]"])
def test_a_memory_of_ports_that_is_not_right_counts_as_none(tmp_path: Path, ports: str) -> None:
    folder = tmp_path / "home" / "credentials"
    folder.mkdir(parents=True)
    (folder / "ports.json").write_text(ports, "utf-8")
    door = open_door(str(tmp_path / "home"), LOG, configured(tmp_path))
    assert door is not None
    assert door.port > 1024
    assert door.port in json.loads((folder / "ports.json").read_text("utf-8"))
    door.close()


@pytest.mark.parametrize(
    "name", [URI, TOKEN_FILE, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]
)
def test_what_is_set_stays_and_is_not_mixed(tmp_path: Path, name: str) -> None:
    environment = {**configured(tmp_path), name: "theirs"}
    before = dict(environment)
    door = open_door(str(tmp_path / "home"), LOG, environment)
    assert door is not None
    door.close()
    # Lakeside's own code asks Lakeside all the same.
    assert environment == {**before, OWN_URL: door.origin, OWN_TOKEN_FILE: door.token_file}
    runs = kernel_environment({**environment, "LAKESIDE_HOME": "/home"})
    assert runs[OWN_URL] == door.origin
    assert runs[OWN_TOKEN_FILE] == door.token_file
    assert "LAKESIDE_HOME" not in runs


def test_a_home_that_cannot_be_written_is_told_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home").write_text("a file", "utf-8")
    environment = configured(tmp_path)
    assert open_door(str(tmp_path / "home"), LOG, environment) is None
    assert "kernels get no keys" in caplog.text
    assert URI not in environment


def test_the_sidecar_never_asks_itself_and_the_key_travels_in_the_boot_line_alone(tmp_path: Path) -> None:
    environment = {
        **configured(tmp_path, PROFILE + "library: {kind: s3, bucket: b}\n"),
        KEY: "k" * 40,
        "AWS_REGION": "x",
    }
    door = open_door(str(tmp_path / "home"), LOG, environment)
    assert door is not None
    key = take_key(environment)
    assert key == "k" * 40
    assert KEY not in environment
    given = sidecar_environment("/home", 3, environment, key_descriptor=door.descriptor())
    assert given["LAKESIDE_CREDENTIALS_FD"] == str(door.descriptor())
    assert given["AWS_REGION"] == "x"
    assert not {URI, TOKEN_FILE, KEY} & set(given)
    # Those of a container's own service stay: the sidecar may need them.
    theirs = {**environment, URI: "http://169.254.170.23/v1/credentials"}
    assert sidecar_environment("/home", 3, theirs)[URI] == "http://169.254.170.23/v1/credentials"
    door.close()
    boot = Boot(None, False, "python", "2", {}, key)
    assert json.loads(boot.line())["credentialsKey"] == "k" * 40
    assert "k" * 40 not in repr(boot)


def keys(jupyter: Jupyter) -> requests.Response:
    folder = jupyter.home / "credentials"
    port = json.loads((folder / "ports.json").read_text("utf-8"))[0]
    token = (folder / "endpoint-token").read_text("ascii")
    return requests.get(f"http://127.0.0.1:{port}/aws/credentials/active", headers={"Authorization": token}, timeout=10)


def test_a_real_server_gives_its_kernels_keys_through_a_kill_of_the_sidecar(
    jupyters: Callable[..., Jupyter], tmp_path: Path
) -> None:
    given = {**configured(tmp_path), "LAB_ID": "AKIALAB00000001", "LAB_SECRET": SECRET, KEY: "hub-key-" * 8}
    jupyter = jupyters(program=MAIN, environment=given)
    # Asked while the sidecar may not run yet: it waits in the queue of the socket.
    answer = keys(jupyter)
    assert answer.status_code == 200
    assert answer.json()["AccessKeyId"] == "AKIALAB00000001"
    assert answer.json()["SecretAccessKey"] == SECRET

    kernel = jupyter.ask("POST", "api/kernels", json={"name": "python3"}).json()["id"]

    def started() -> psutil.Process | None:
        children = psutil.Process(jupyter.pid).children()
        return next((child for child in children if any(kernel in word for word in child.cmdline())), None)

    environment = until(started, what="a kernel").environ()
    assert environment[TOKEN_FILE] == str(jupyter.home / "credentials" / "endpoint-token")
    assert environment[URI].startswith("http://127.0.0.1:")
    assert KEY not in environment
    sidecar = jupyter.sidecar()
    assert not {KEY, URI, TOKEN_FILE} & set(sidecar.environ())
    assert not any("hub-key" in word for word in sidecar.cmdline())

    overview = until(lambda: jupyter.get("lakeside/api/v1/credentials").json(), what="an overview")
    assert overview["active"] == "lab"
    assert overview["store"]["key"] == "hub"
    assert overview["endpoint"]["url"] == environment[URI]
    sidecar.kill()
    assert keys(jupyter).status_code == 200
    assert keys(jupyter).json()["AccessKeyId"] == "AKIALAB00000001"

    entries = until(
        lambda: jupyter.get("lakeside/api/v1/credentials/audit").json()["entries"], what="an entry of the audit"
    )
    assert entries[0]["process"]["pid"] == os.getpid()
    text = jupyter.log() + json.dumps(overview) + json.dumps(entries)
    assert SECRET not in text
    assert "hub-key" not in text

    port = json.loads((jupyter.home / "credentials" / "ports.json").read_text("utf-8"))[0]
    assert overview["endpoint"]["url"] == f"http://127.0.0.1:{port}/aws/credentials/active"
