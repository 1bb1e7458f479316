"""The front door with the sidecar that is shipped. `npm run build` makes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from conftest import ROOT, Jupyter, problem, start_jupyter, until

MAIN = ROOT / "lakeside" / "sidecar" / "main.js"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    running = start_jupyter(tmp_path_factory.mktemp("real"), program=MAIN)
    yield running
    running.kill()


def test_answers_for_the_person(real: Jupyter) -> None:
    import getpass

    status = real.get("lakeside/api/v1/status").json()
    assert status["user"] == getpass.getuser()
    assert status["readsFiles"] is True


def test_health(real: Jupyter) -> None:
    assert real.get("lakeside/health/live").ok
    assert real.get("lakeside/health/ready").ok


def test_problems_pass_unchanged(real: Jupyter) -> None:
    answer = real.get("lakeside/api/v1/nowhere", headers={"X-Request-Id": "r-42"})
    assert answer.status_code == 404
    assert problem(answer)["code"] == "not-found"


def test_nobody_else_is_answered(real: Jupyter) -> None:
    import http.client
    import socket

    (path,) = (real.folder / "tmp").glob("lakeside-*/sidecar.sock")
    connection = http.client.HTTPConnection("sidecar")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(path))
    connection.request("GET", "/api/v1/status", headers={"X-Lakeside-User": "root", "X-Lakeside-Secret": "x" * 43})
    assert connection.getresponse().status == 403
    connection.close()


def test_pages_are_there_for_browsers(real: Jupyter) -> None:
    page = real.browser().get(real.url("lakeside/library/"), headers={"Accept": "text/html"})
    assert page.ok, page.text
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in page.headers


def test_works_within_three_seconds_of_a_kill(real: Jupyter) -> None:
    for path in ("api/v1/status", "api/v1/library/notebooks"):
        real.get(f"lakeside/{path}").raise_for_status()
        real.sidecar().kill()
        began = time.monotonic()
        assert real.get(f"lakeside/{path}").ok
        assert time.monotonic() - began < 3


def test_logs_no_error_in_ordinary_use(real: Jupyter) -> None:
    assert [line for line in real.log().splitlines() if line.startswith(("[E", "[C"))] == []


def test_a_misspelt_variable_is_told_with_the_right_one(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters(program=MAIN, environment={"LAKESIDE_RENDR_TIMEOUT_S": "5"})
    until(lambda: "exit code 78" in jupyter.log())
    assert "Did you mean LAKESIDE_RENDER_TIMEOUT_S?" in problem(jupyter.get("lakeside/api/v1/status"))["message"]


def test_no_orphan_after_the_server_was_killed(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters(program=MAIN)
    jupyter.get("lakeside/api/v1/library/notebooks").raise_for_status()
    sidecar = jupyter.sidecar()
    jupyter.kill()
    until(lambda: not sidecar.is_running(), 2, "the end of the sidecar")


def test_stops_in_order(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(program=MAIN)
    jupyter.get("lakeside/api/v1/library/notebooks").raise_for_status()
    sidecar = jupyter.sidecar()
    began = time.monotonic()
    jupyter.stop()
    assert time.monotonic() - began < 6
    assert not sidecar.is_running()
    assert "stopping" in jupyter.log()
    with pytest.raises(requests.ConnectionError):
        jupyter.get("lakeside/health/live")
