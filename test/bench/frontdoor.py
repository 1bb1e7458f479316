"""Measures the front door: added latency, start of JupyterLab, memory of a large upload.

Usage: .venv/bin/python test/bench/frontdoor.py [--runs 5] [--requests 2000]
Needs `npm run build:prod`. Prints a table for docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "lakeside" / "sidecar" / "main.js"
RECORDER = ROOT / "test" / "python" / "recorder.mjs"
MB = 1024 * 1024
TOKEN = secrets.token_hex(16)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def status(port: int, path: str) -> int:
    """The status of an answer; 0 while nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextlib.contextmanager
def lab(folder: Path, *, enabled: bool, program: Path = MAIN) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """A JupyterLab with or without Lakeside: its port, its process, and the milliseconds until it answered."""
    port = free_port()
    (folder / "root").mkdir(exist_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "jupyter-lab"),
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={folder / 'root'}",
            f"--ServerApp.jpserver_extensions={{'lakeside': {enabled}}}",
            f"--Lakeside.program={program}",
        ],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("LAKESIDE_")},
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "LAKESIDE_HOME": str(folder / "home"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while status(port, "/api/status") != 200:
            time.sleep(0.005)
        yield port, process, (time.perf_counter() - began) * 1000
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure_start(folder: Path, runs: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds until JupyterLab answers without and with Lakeside, in turns, and until the sidecar answers."""
    without, with_lakeside, sidecar = [], [], []
    for number in range(runs + 1):
        with lab(folder, enabled=False) as (_, _, took):
            first = took
        with lab(folder, enabled=True) as (port, _, took):
            began = time.perf_counter()
            assert status(port, "/lakeside/health/ready") == 200
            if number > 0:  # the first round fills caches
                without.append(first)
                with_lakeside.append(took)
                sidecar.append((time.perf_counter() - began) * 1000)
    return without, with_lakeside, sidecar


async def one_by_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, count: int
) -> list[float]:
    """Milliseconds of each of many requests on one connection."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n")[0], head
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        took.append((time.perf_counter() - began) * 1000)
    writer.close()
    return took


def request_for(path: str, host: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def measure_latency(folder: Path, count: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds on the sidecar's socket, through the front door, and of Jupyter's own smallest answer."""
    with lab(folder, enabled=True, program=RECORDER) as (port, process, _):
        assert status(port, "/lakeside/health/ready") == 200
        sidecar = next(child for child in psutil.Process(process.pid).children() if Path(child.exe()).name == "node")
        path = next(
            found.laddr for found in sidecar.net_connections("unix") if str(found.laddr).endswith("sidecar.sock")
        )
        direct, through, own = [], [], []
        token = {"Authorization": f"token {TOKEN}"}
        host = f"127.0.0.1:{port}"
        for _ in range(4):  # in turns, so that whatever else runs here meets all alike
            unix = await asyncio.open_unix_connection(str(path))
            direct += await one_by_one(*unix, request_for("/health/live", "sidecar"), count // 4)
            tcp = await asyncio.open_connection("127.0.0.1", port)
            through += await one_by_one(*tcp, request_for("/lakeside/health/live", host, **token), count // 4)
            tcp = await asyncio.open_connection("127.0.0.1", port)
            own += await one_by_one(*tcp, request_for("/api/me", host, **token), count // 4)
    return direct, through, own


def measure_upload(folder: Path, size: int) -> tuple[float, float]:
    """Seconds and the growth in MB of the Python process for one upload."""
    with lab(folder, enabled=True, program=RECORDER) as (port, process, _):
        assert status(port, "/lakeside/health/ready") == 200
        python = psutil.Process(process.pid)
        before = most = python.memory_info().rss
        done = threading.Event()

        def watch() -> None:
            nonlocal most
            while not done.wait(0.005):
                most = max(most, python.memory_info().rss)

        thread = threading.Thread(target=watch)
        thread.start()
        began = time.perf_counter()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                f"PUT /lakeside/echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: token {TOKEN}\r\n"
                f"Content-Length: {size}\r\nConnection: close\r\n\r\n".encode()
            )
            block = bytes(MB)
            for _ in range(size // MB):
                connection.sendall(block)
            answer = connection.makefile("rb").read()
        took = time.perf_counter() - began
        done.set()
        thread.join()
        assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["bytes"] == size
        return took, (most - before) / MB


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--requests", type=int, default=2000)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lk-"))
    try:
        direct, through, own = asyncio.run(measure_latency(folder, given.requests))
        without, with_lakeside, sidecar = measure_start(folder, given.runs)
        took, growth = measure_upload(folder, 200 * MB)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    added = statistics.median(through) - statistics.median(direct)
    print(f"Front door, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| what | p50 | p95 | limit |")
    print("|---|---|---|---|")
    for name, values in (
        ("the sidecar's socket, direct", direct),
        ("through the front door", through),
        ("`/api/me` of Jupyter itself", own),
    ):
        middle, late = statistics.median(values), quantile(values, 0.95)
        print(f"| {name}, {len(values)} GETs one by one | {middle:.2f} ms | {late:.2f} ms | |")
    print(f"| **added by the front door** | **{added:.2f} ms** | | < 1.5 ms |")
    delay = statistics.median(with_lakeside) - statistics.median(without)
    print(f"| start of JupyterLab without Lakeside, {given.runs} runs | {statistics.median(without):.0f} ms | | |")
    print(f"| start of JupyterLab with Lakeside | {statistics.median(with_lakeside):.0f} ms | | |")
    print(f"| **added to the start** | **{delay:+.0f} ms** | | ≤ 150 ms |")
    print(f"| first answer of the sidecar after that | {statistics.median(sidecar):.0f} ms | | |")
    print(f"| upload of 200 MB: time | {took:.1f} s | | |")
    print(f"| **upload of 200 MB: growth of the Python process** | **{growth:.1f} MB** | | < 30 MB |")


if __name__ == "__main__":
    main()
