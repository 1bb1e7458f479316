"""What the front door adds to a request, and what a large upload costs the Jupyter server.

The same GET goes to the shipped sidecar's socket, through Jupyter and the front door to it, and to an ordinary handler
of the same Jupyter server, in turns and one by one over connections that stay open.

Usage: .venv/bin/python test/bench/frontdoor.py [--requests 2000] [--json FILE]
"""

from __future__ import annotations

import http.client
import shutil
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil
from jupyterlab import TOKEN, Lab, jupyterlab
from report import MB, options, report, row

PEER = Path(__file__).parent / "peer"
UPLOAD = 200 * MB
ROUND = 100


class Asker:
    """One kind of GET over one connection; remembers how long each took."""

    def __init__(self, family: socket.AddressFamily, address: object, path: str, headers: str = "") -> None:
        self.took: list[float] = []
        self._connection = socket.socket(family)
        self._connection.connect(address)  # type: ignore[arg-type]
        self._request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
        self._answers = self._connection.makefile("rb")

    def ask(self, times: int, *, counted: bool = True) -> None:
        for _ in range(times):
            began = time.perf_counter()
            self._connection.sendall(self._request)
            first, length = self._answers.readline(), 0
            assert b" 200 " in first, first
            while (line := self._answers.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = self._answers.read(length)
            if counted:
                self.took.append((time.perf_counter() - began) * 1000)
            assert body == b'{"live":true}', body


def sidecar_socket(lab: Lab) -> str:
    """The path of the socket between front door and sidecar."""
    connections = psutil.Process(lab.pid).net_connections("unix")
    return next(str(found.laddr) for found in connections if str(found.laddr).endswith("sidecar.sock"))


def sign_in(lab: Lab) -> str:
    """The headers of a request of a browser that is signed in by its cookie, as JupyterLab's are."""
    connection = http.client.HTTPConnection("127.0.0.1", lab.port)
    connection.request("GET", "/api", headers={"Host": "localhost", "Authorization": f"token {TOKEN}"})
    answer = connection.getresponse()
    cookies = "; ".join(cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie", []))
    connection.close()
    return f"Cookie: {cookies}\r\nReferer: http://localhost/lab\r\nSec-Fetch-Site: same-origin\r\n"


def measure_latency(lab: Lab, count: int) -> list[list[float]]:
    """Milliseconds of the GETs: on the socket, through the front door, of an ordinary handler."""
    tcp = (socket.AF_INET, ("127.0.0.1", lab.port))
    signed_in = sign_in(lab)
    askers = [
        Asker(socket.AF_UNIX, sidecar_socket(lab), "/health/live"),
        Asker(*tcp, "/lakeside/health/live", signed_in),
        Asker(*tcp, "/plain", signed_in),
    ]
    for asker in askers:
        asker.ask(2 * ROUND, counted=False)
    for _ in range(max(1, count // ROUND)):
        for asker in askers:
            asker.ask(ROUND)
    return [asker.took for asker in askers]


def measure_upload(lab: Lab) -> tuple[float, float]:
    """Seconds of one upload, and by how many MB the Jupyter server's process grew while it lasted."""
    python = psutil.Process(lab.pid)
    before = most = python.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.005):
            most = max(most, python.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", lab.port)) as connection:
        connection.sendall(
            f"PUT /lakeside/api/v1/share/uploads/01JD000000000000000000000A HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: token {TOKEN}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {UPLOAD}\r\nConnection: close\r\n\r\n".encode()
        )
        block = b" " * MB
        for _ in range(UPLOAD // MB):
            connection.sendall(block)
        answer = connection.makefile("rb").read()
    took = time.perf_counter() - began
    done.set()
    watcher.join()
    assert b" 201 " in answer.split(b"\r\n")[0], answer
    return took, (most - before) / MB


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    try:
        with jupyterlab(folder, {"lakeside": True, "plain_handler": True}, PEER) as lab:
            assert lab.get("/lakeside/health/ready") == 200
            time.sleep(5)  # what warms up after a start is not measured
            direct, through, plain = measure_latency(lab, given.requests)
            took, growth = measure_upload(lab)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    late = [statistics.quantiles(times, n=20)[18] for times in (direct, through, plain)]
    middle = [statistics.median(times) for times in (direct, through, plain)]
    report(
        [
            row("GET through the front door, p50", middle[1], "ms", peer=middle[2]),
            row("GET through the front door, p95", late[1], "ms", peer=late[2]),
            row("the same GET on the sidecar's socket, p50", middle[0], "ms"),
            row("**added by Jupyter and the front door, p50**", middle[1] - middle[0], "ms", below=1.5),
            row("more than a handler of Jupyter, p50", middle[1] - middle[2], "ms"),
            row("upload of 200 MB to the sidecar", took, "s"),
            row("growth of the Jupyter server's process meanwhile", growth, "MB", below=30),
        ],
        given.json,
        peer="a handler of Jupyter",
        notes=[f"{len(through)} GETs of each kind, one by one, in turns of {ROUND}; keep-alive; signed in by cookie."],
    )


if __name__ == "__main__":
    main()
