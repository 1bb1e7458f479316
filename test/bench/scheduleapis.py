"""Two schedulers behind their REST APIs, each in a Jupyter server of its own: Lakeside and jupyter-scheduler."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from identifiers import ulid
from jupyterlab import TOKEN, Lab

#: Seconds between two questions whether something is done, the same for both.
POLL = 0.02
#: The same where many runs go on: the questions must not be what takes the time.
SELDOM = 0.2
#: Seconds after which something that is not done never will be.
PATIENCE = 120.0
API = "/lakeside/api/v1"
#: A cron expression of a day that is not near.
NEVER = "0 0 29 2 *"


class Server:
    """Asks a Jupyter server over one connection that stays open."""

    def __init__(self, lab: Lab) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer, None where it holds none; raises where it is no success."""
        text = self.read(method, path, body)
        return json.loads(text) if text else None

    def read(self, method: str, path: str, body: Any = None) -> bytes:
        """The same, as it came."""
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert 200 <= answer.status < 300, f"{method} {path}: {answer.status} {text[:500]!r}"
        return text


class Side(Protocol):
    """One of the two."""

    def begin(self, what: str) -> str:
        """Begins a run, and gives its id."""

    def is_done(self, run: str) -> bool:
        """Whether a run is over; raises where it failed."""


class Lakeside:
    """Runs schedules, as the button *Run now* does."""

    def __init__(self, lab: Lab) -> None:
        self._server = Server(lab)

    def schedule(self, name: str, notebook: str, cron: str = NEVER, **more: Any) -> str:
        """Makes a schedule. :param more: further fields of it. :returns: its id"""
        spec = {"name": name, "notebook": {"path": notebook}, "when": {"cron": cron, "zone": "UTC"}, **more}
        return str(self.ask("POST", "schedules", {"opId": ulid(), "spec": spec})["id"])

    def begin(self, what: str) -> str:
        return str(self.ask("POST", f"schedules/{what}/runs", {"opId": ulid()})["id"])

    def run(self, run: str) -> dict[str, Any]:
        """What is known of a run."""
        return dict(self.ask("GET", f"runs/{run}"))

    def is_done(self, run: str) -> bool:
        found = self.run(run)
        assert found["state"] in ("QUEUED", "RUNNING", "SUCCEEDED"), found
        return bool(found["state"] == "SUCCEEDED")

    def runs(self, **query: Any) -> dict[str, Any]:
        """One page of the history."""
        return dict(self.ask("GET", f"runs?{urlencode(query)}"))

    def timed(self, path: str) -> tuple[float, Any]:
        """Seconds until the whole answer of a GET is there, and its JSON."""
        began = time.perf_counter()
        text = self._server.read("GET", f"{API}/{path}")
        return time.perf_counter() - began, json.loads(text)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Asks through the front door."""
        return self._server.ask(method, f"{API}/{path}", body)


class JupyterScheduler:
    """Runs notebooks as jobs, and job definitions when they are due. Only the notebook is kept as output."""

    def __init__(self, lab: Lab) -> None:
        self._server = Server(lab)
        self._environment = self._ask("GET", "runtime_environments")[0]["name"]

    def begin(self, what: str) -> str:
        """:param what: the path of a notebook"""
        return str(self._ask("POST", "jobs", self._job(what))["job_id"])

    def is_done(self, run: str) -> bool:
        found = self._ask("GET", f"jobs/{run}")
        # One that has not begun is called stopped.
        assert found["status"] in ("IN_PROGRESS", "COMPLETED") or found["start_time"] is None, found
        return bool(found["status"] == "COMPLETED")

    def define(self, notebook: str, cron: str) -> str:
        """Makes a job definition, and gives its id."""
        body = {**self._job(notebook), "schedule": cron, "timezone": "UTC"}
        return str(self._ask("POST", "job_definitions", body)["job_definition_id"])

    def forget(self, definition: str) -> None:
        """Deletes a job definition."""
        self._ask("DELETE", f"job_definitions/{definition}")

    def jobs_of(self, definition: str) -> list[dict[str, Any]]:
        """The jobs that were made of a job definition."""
        return list(self._ask("GET", f"jobs?{urlencode({'job_definition_id': definition})}")["jobs"])

    def _job(self, notebook: str) -> dict[str, Any]:
        name = {"name": Path(notebook).stem, "input_uri": notebook, "output_formats": ["ipynb"]}
        return {**name, "runtime_environment_name": self._environment}

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._server.ask(method, f"/scheduler/{path}", body)


def wait(side: Side, run: str) -> None:
    """Returns once a run is done."""
    deadline = time.monotonic() + PATIENCE
    while not side.is_done(run):
        assert time.monotonic() < deadline, f"the run {run} does not end"
        time.sleep(POLL)


def until_done(side: Side, what: str) -> float:
    """Seconds from the request to run something until it is known to be done."""
    began = time.perf_counter()
    wait(side, side.begin(what))
    return time.perf_counter() - began


def all_done(side: Side, what: str, count: int, at_once: int) -> float:
    """Seconds that so many runs take, so many of them at once: the next is asked for when one is done."""
    began = time.perf_counter()
    under_way: list[str] = []
    left = count
    deadline = time.monotonic() + 3 * PATIENCE
    while left > 0 or under_way:
        assert time.monotonic() < deadline, "the runs do not end"
        while left > 0 and len(under_way) < at_once:
            under_way.append(side.begin(what))
            left -= 1
        time.sleep(SELDOM)
        under_way = [run for run in under_way if not side.is_done(run)]
    return time.perf_counter() - began
