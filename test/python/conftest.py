"""Real Jupyter servers with a recording sidecar, for the tests of the front door."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import requests
import zygote
from sql_servers import configured, mariadb, my, pg, postgresql  # noqa: F401

if TYPE_CHECKING:
    from running import Runner

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RECORDER = HERE / "recorder.mjs"


FIRST_TRY = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps in the report why a test failed that passes on its second try (``--reruns``)."""
    report = yield
    if report.failed and call.excinfo and FIRST_TRY not in item.stash:
        item.stash[FIRST_TRY] = call.excinfo.exconly()[:1000]
        item.user_properties.append(("first-try", item.stash[FIRST_TRY]))
    return report


def until(check: Callable[[], Any], seconds: float = 15.0, what: str = "it") -> Any:
    """Waits for a true answer and gives it."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(requests.RequestException, OSError, psutil.Error):
            if answer := check():
                return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


@dataclass
class Jupyter:
    """A running Jupyter server on folders of its own."""

    process: BaseProcess
    folder: Path
    port: int
    token: str
    base_url: str = "/"
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def root(self) -> Path:
        return self.folder / "root"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{self.base_url}{path}"

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Asks as a program does: with the token, without cookies."""
        headers = {"Authorization": f"token {self.token}", **options.pop("headers", {})}
        return requests.request(method, self.url(path), headers=headers, timeout=60, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def browser(self) -> requests.Session:
        """A signed-in browser: cookies only. Its XSRF token is the cookie `_xsrf`."""
        session = requests.Session()
        session.get(self.url("login"), params={"token": self.token}, timeout=60).raise_for_status()
        session.get(self.url("login"), timeout=60).raise_for_status()
        assert "_xsrf" in session.cookies
        return session

    def xsrf(self, browser: requests.Session) -> dict[str, str]:
        """The header with which the pages of a browser prove that they are this server's."""
        return {"X-XSRFToken": str(browser.cookies["_xsrf"])}

    def log(self) -> str:
        return (self.folder / "jupyter.log").read_text("utf-8", "replace")

    def sidecar(self) -> psutil.Process:
        """The process of the sidecar that runs now."""

        def find() -> psutil.Process | None:
            children = psutil.Process(self.pid).children()
            # Another child of the same name may ask Node for its version.
            return next((child for child in children if "--max-semi-space-size=1" in child.cmdline()), None)

        found = until(find, what="a sidecar")
        assert isinstance(found, psutil.Process)
        return found

    def memory(self) -> int:
        """Resident bytes of the Python process."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def stop(self, patience: float = 20.0) -> int:
        """Ends the server as Ctrl-C does, gives its exit code."""
        self.process.terminate()
        self.process.join(patience)
        assert self.process.exitcode is not None, "it did not stop"
        return self.process.exitcode

    def kill(self) -> None:
        """Ends the server without a word, as `kill -9` does."""
        self.process.kill()
        self.process.join()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_jupyter(
    folder: Path,
    *arguments: str,
    program: Path = RECORDER,
    environment: dict[str, str] | None = None,
    base_url: str = "/",
) -> Jupyter:
    """Starts a Jupyter server with no extension but Lakeside and waits until it answers."""
    for name in ("root", "home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    token, port = secrets.token_hex(16), free_port()
    given = {name: value for name, value in os.environ.items() if not name.startswith("LAKESIDE_")}
    process = zygote.start(
        [
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.base_url={base_url}",
            f"--ServerApp.root_dir={folder / 'root'}",
            "--ServerApp.jpserver_extensions={'lakeside': True}",
            f"--IdentityProvider.token={token}",
            f"--Lakeside.program={program}",
            *arguments,
        ],
        {
            **given,
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "PYTHONPATH": str(HERE),
            "LAKESIDE_HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            **(environment or {}),
        },
        folder / "root",
        folder / "jupyter.log",
    )
    jupyter = Jupyter(process, folder, port, token, base_url)

    def answers() -> bool:
        assert process.is_alive(), jupyter.log()
        return requests.get(jupyter.url("api"), timeout=60).ok

    until(answers, 180, "the start of Jupyter")
    return jupyter


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short scratch folder: paths of unix sockets have few characters."""
    with tempfile.TemporaryDirectory(prefix="lk-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture
def jupyters(folder: Path) -> Iterator[Callable[..., Jupyter]]:
    """Starts servers; ends them after the test."""
    started: list[Jupyter] = []

    def start(*arguments: str, **options: Any) -> Jupyter:
        own = folder / str(len(started))
        own.mkdir()
        started.append(start_jupyter(own, *arguments, **options))
        return started[-1]

    yield start
    for jupyter in started:
        jupyter.kill()


@pytest.fixture(scope="module")
def jupyter() -> Iterator[Jupyter]:
    """One server with the recording sidecar for a whole file of tests."""
    made = Path(tempfile.mkdtemp(prefix="lk-"))
    running = start_jupyter(made)
    yield running
    running.kill()
    shutil.rmtree(made, ignore_errors=True)


def seen(jupyter: Jupyter) -> list[dict[str, Any]]:
    """What reached the recording sidecar."""
    return list(jupyter.get("lakeside/seen").json()["seen"])


def problem(answer: requests.Response) -> dict[str, Any]:
    """The problem that an answer carries, checked for its shape."""
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.content)
    assert body["status"] == answer.status_code
    assert body["message"] == body["detail"]
    assert body["type"] == f"urn:lakeside:problem:{body['code']}"
    assert body["title"]
    return dict(body)


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """One runner of notebooks with a warm kernel, for all tests."""
    from running import Runner

    made = Runner(tmp_path_factory.mktemp("runner"))
    made.send(op="warm", kernel="python3", count=1)
    yield made
    made.close()
