"""Bodies flow both ways without being gathered."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import requests
from conftest import Jupyter, problem, until

MB = 1024 * 1024
UPLOAD = 200 * MB
MOST_GROWTH = 30 * MB


def test_events_arrive_one_by_one(jupyter: Jupyter) -> None:
    jupyter.get("lakeside/echo")
    began = time.monotonic()
    with jupyter.get("lakeside/events?n=4&gap=300", stream=True) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["X-Accel-Buffering"] == "no"
        lines = [
            (time.monotonic() - began, line) for line in answer.iter_lines(chunk_size=1) if line.startswith(b"data")
        ]
    assert [line for _, line in lines] == [b'data: {"n":%d}' % n for n in (1, 2, 3, 4)]
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(lines)]
    assert min(gaps) > 0.1, f"events came together: {gaps}"


def test_the_head_of_a_stream_arrives_before_its_first_event(jupyter: Jupyter) -> None:
    with jupyter.get("lakeside/forever", stream=True) as answer:
        assert answer.ok
        assert next(answer.iter_lines(chunk_size=1)) == b"data: open"


def aborted(jupyter: Jupyter) -> int:
    return int(jupyter.get("lakeside/seen").json()["aborted"])


@pytest.mark.parametrize("path", ["forever", "silent"])
def test_the_sidecar_learns_when_the_browser_leaves(jupyter: Jupyter, path: str) -> None:
    before = aborted(jupyter)
    connection = socket.create_connection(("127.0.0.1", jupyter.port))
    connection.sendall(
        f"GET /lakeside/{path} HTTP/1.1\r\nHost: 127.0.0.1:{jupyter.port}\r\n"
        f"Authorization: token {jupyter.token}\r\n\r\n".encode()
    )
    until(lambda: any(r["url"] == f"/{path}" for r in jupyter.get("lakeside/seen").json()["seen"]))
    connection.close()
    until(lambda: aborted(jupyter) == before + 1, 5, "the end of the sidecar's stream")


class Watch:
    """The most memory that the Python process takes meanwhile."""

    def __init__(self, jupyter: Jupyter) -> None:
        self.jupyter = jupyter
        self.before = self.most = jupyter.memory()
        self._going = True
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going = False
        self._thread.join()

    def _look(self) -> None:
        while self._going:
            self.most = max(self.most, self.jupyter.memory())
            time.sleep(0.01)

    @property
    def growth(self) -> int:
        return self.most - self.before


def pieces() -> Iterator[bytes]:
    block = bytes(range(256)) * 4096
    for _ in range(UPLOAD // len(block)):
        yield block


class Sized:
    """The same pieces, with their length told before."""

    def __iter__(self) -> Iterator[bytes]:
        return pieces()

    def __len__(self) -> int:
        return UPLOAD


@pytest.mark.parametrize("sized", [True, False], ids=["sized", "chunked"])
def test_a_large_upload_takes_no_memory(jupyter: Jupyter, sized: bool) -> None:
    jupyter.ask("PUT", "lakeside/echo", data=b"warm")
    wanted = hashlib.sha256()
    for piece in pieces():
        wanted.update(piece)
    with Watch(jupyter) as watch:
        answer = jupyter.ask("PUT", "lakeside/echo", data=Sized() if sized else pieces())
    assert answer.json()["bytes"] == UPLOAD
    assert answer.json()["sha256"] == wanted.hexdigest()
    assert watch.growth < MOST_GROWTH, f"{watch.growth / MB:.0f} MB"


def test_a_large_download_takes_no_memory_even_when_read_slowly(jupyter: Jupyter) -> None:
    jupyter.get("lakeside/big?bytes=1000000")
    total = 0
    with Watch(jupyter) as watch, jupyter.get(f"lakeside/big?bytes={UPLOAD}", stream=True) as answer:
        assert answer.headers["Content-Length"] == str(UPLOAD)
        for number, chunk in enumerate(answer.iter_content(MB)):
            total += len(chunk)
            if number < 10:
                time.sleep(0.1)
    assert total == UPLOAD
    assert watch.growth < MOST_GROWTH, f"{watch.growth / MB:.0f} MB"


def test_an_upload_can_be_refused_before_it_is_there(jupyter: Jupyter) -> None:
    connection = socket.create_connection(("127.0.0.1", jupyter.port))
    connection.sendall(
        f"PUT /lakeside/refuse-upload HTTP/1.1\r\nHost: 127.0.0.1:{jupyter.port}\r\nContent-Length: {8 * 1024 * MB}\r\n"
        f"Authorization: token {jupyter.token}\r\n\r\nbeginning".encode()
    )
    connection.settimeout(10)
    assert connection.recv(65_536).startswith(b"HTTP/1.1 413")
    connection.close()


def test_answers_without_a_body(jupyter: Jupyter) -> None:
    assert jupyter.get("lakeside/empty").status_code == 204
    unchanged = jupyter.get("lakeside/unchanged")
    assert (unchanged.status_code, unchanged.headers["ETag"]) == (304, '"v1"')
    head = jupyter.ask("HEAD", "lakeside/head")
    assert head.headers["Content-Length"] == "12345"
    assert "ETag" not in head.headers


@pytest.mark.parametrize("path", ["broken", "broken-chunked"])
def test_an_answer_that_breaks_off_is_not_taken_for_whole(jupyter: Jupyter, path: str) -> None:
    with pytest.raises(requests.RequestException):
        _ = jupyter.get(f"lakeside/{path}").content


def test_methods_it_does_not_know_are_problems(jupyter: Jupyter) -> None:
    answer = jupyter.ask("PROPFIND", "lakeside/echo")
    assert answer.status_code == 405
    assert problem(answer)["code"] == "method-not-allowed"


def test_background_polling_is_no_activity(jupyter: Jupyter) -> None:
    def last() -> str:
        status = jupyter.get("api/status", params={"no_track_activity": 1}).json()
        return str(status["last_activity"])

    jupyter.get("lakeside/echo")
    before = last()
    time.sleep(0.01)
    jupyter.get("lakeside/echo?no_track_activity=1")
    assert last() == before
    jupyter.get("lakeside/echo")
    assert last() > before
