"""The sidecar is there whenever the Jupyter server is, and never longer."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import requests
from conftest import Jupyter, problem, seen, until

from lakeside.backoff import BAD_CONFIGURATION, Backoff

READY_AGAIN = 3.0
NO_ORPHAN = 2.0


def script(folder: Path, text: str) -> Path:
    """A sidecar of the test's own."""
    made = folder / "sidecar.cjs"
    made.write_text(text, "utf-8")
    return made


def test_starts_without_being_asked(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    before = jupyter.sidecar().pid
    assert jupyter.get("lakeside/boot").json()["pid"] == before


def test_tells_the_sidecar_where_it_is(jupyters: Callable[..., Jupyter]) -> None:
    import sys

    environment = {"AWS_SECRET_ACCESS_KEY": "s3cret", "JUPYTER_TOKEN": "t", "LC_TIME": "de_DE", "NODE_OPTIONS": "--x"}
    jupyter = jupyters(environment={**environment, "XDG_CONFIG_HOME": "/x", "https_proxy": "http://p"})
    boot = jupyter.get("lakeside/boot").json()
    assert boot["rootDir"] == str(jupyter.root)
    assert boot["allowHidden"] is False
    assert boot["python"] == sys.executable
    assert len(boot["secret"]) >= 43
    assert boot["serverVersion"].startswith("2.")
    env = boot["env"]
    assert env["LAKESIDE_HOME"] == str(jupyter.home)
    assert env["MALLOC_ARENA_MAX"] == "1"
    assert env["NODE_COMPILE_CACHE"] == str(jupyter.folder / "data" / "lakeside" / "compile-cache")
    assert (env["LC_TIME"], env["XDG_CONFIG_HOME"], env["https_proxy"]) == ("de_DE", "/x", "http://p")
    assert not {"AWS_SECRET_ACCESS_KEY", "JUPYTER_TOKEN", "NODE_OPTIONS", "PYTHONPATH"} & set(env)
    assert "--max-semi-space-size=1" in boot["argv"]
    assert boot["secret"] not in " ".join(jupyter.sidecar().cmdline())


def test_contents_that_are_no_files_have_no_root(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters("--ServerApp.contents_manager_class=policies.NoFiles")
    assert jupyter.get("lakeside/boot").json()["rootDir"] is None


def test_its_socket_is_for_this_account_only(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    jupyter.get("lakeside/echo")
    (folder,) = (jupyter.folder / "tmp").glob("lakeside-*")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_ISSOCK((folder / "sidecar.sock").stat().st_mode)


def test_works_again_after_a_kill(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    secret = jupyter.get("lakeside/boot").json()["secret"]
    for _ in range(3):
        jupyter.get("lakeside/echo")
        jupyter.sidecar().kill()
        began = time.monotonic()
        answer = jupyter.ask("POST", "lakeside/echo", data="x")
        assert answer.ok, answer.text
        assert time.monotonic() - began < READY_AGAIN
    assert jupyter.get("lakeside/boot").json()["secret"] == secret
    assert "was killed by signal 9" in jupyter.log()


def test_comes_back_without_a_request(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    first = jupyter.sidecar()
    jupyter.get("lakeside/echo")
    first.kill()
    until(lambda: jupyter.sidecar().pid != first.pid, READY_AGAIN)


@pytest.mark.parametrize("code", [0, 1])
def test_starts_again_after_any_exit(jupyters: Callable[..., Jupyter], folder: Path, code: int) -> None:
    once = f"""
        const fs = require('node:fs'), marker = process.env.LAKESIDE_HOME + '/ended';
        if (!fs.existsSync(marker)) {{ fs.writeFileSync(marker, ''); process.exit({code}); }}
        import({str(Path(__file__).parent / "recorder.mjs")!r});
    """
    jupyter = jupyters(program=script(folder, once))
    assert jupyter.get("lakeside/echo").ok
    assert f"ended with exit code {code}" in jupyter.log()


def test_six_first_requests_at_once(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    slow = f"setTimeout(() => import({str(Path(__file__).parent / 'recorder.mjs')!r}), 1500);"
    jupyter = jupyters(program=script(folder, slow))
    answers: list[requests.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(jupyter.get("lakeside/boot"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.json()["pid"] for answer in answers}) == 1


def test_a_read_is_asked_again_when_the_sidecar_dies_meanwhile(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    assert jupyter.get("lakeside/die-once").json() == {"survived": True}


def test_a_write_is_not_repeated(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    answer = jupyter.ask("POST", "lakeside/die-once", data="x")
    assert answer.status_code == 503
    refused = problem(answer)
    assert (refused["code"], refused["retryAfter"]) == ("unavailable", 1)
    assert answer.headers["Retry-After"] == "1"
    assert [request["method"] for request in seen(jupyter)] == []  # the second sidecar has seen nothing
    assert jupyter.get("lakeside/echo").ok


def test_a_configuration_error_is_told_and_not_tried_again_at_once(
    jupyters: Callable[..., Jupyter], folder: Path
) -> None:
    bad = """
        require('node:fs').appendFileSync(process.env.LAKESIDE_HOME + '/starts', 'x');
        console.log(JSON.stringify({ level: 50, msg: 'No LAKESIDE_HOM. Did you mean LAKESIDE_HOME?' }));
        process.exit(78);
    """
    jupyter = jupyters(program=script(folder, bad))
    until(lambda: "exit code 78" in jupyter.log())
    began = time.monotonic()
    answer = jupyter.get("lakeside/echo")
    assert time.monotonic() - began < 2
    assert answer.status_code == 503
    assert "Did you mean LAKESIDE_HOME?" in problem(answer)["message"]
    time.sleep(1.5)
    assert (jupyter.home / "starts").read_text() == "x"


def test_a_sidecar_that_always_fails_is_told(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(program=script(folder, "throw new Error('no such luck')"))
    until(lambda: jupyter.log().count("starting it again") >= 3)
    began = time.monotonic()
    answer = jupyter.get("lakeside/library/", headers={"Accept": "text/html"})
    assert time.monotonic() - began < 2
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert '<meta http-equiv="refresh"' in answer.text
    assert "does not start" in answer.text
    assert "no such luck" in answer.text  # the log's last lines


def test_what_a_page_shows_of_the_log_is_text(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(program=script(folder, "console.log('<script>alert(1)</script>'); process.exit(1)"))
    until(lambda: jupyter.log().count("starting it again") >= 3)
    page = jupyter.get("lakeside/", headers={"Accept": "text/html"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_sidecar_that_never_gets_ready_is_ended(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(
        "--Lakeside.start_patience=1",
        "--Lakeside.request_patience=0.5",
        program=script(folder, "setInterval(() => {}, 1000); process.stdin.resume()"),
    )
    first = jupyter.sidecar()
    answer = jupyter.get("lakeside/echo")
    assert answer.status_code == 503
    assert problem(answer)["code"] in ("starting", "unavailable")
    until(lambda: not first.is_running() or first.status() == psutil.STATUS_ZOMBIE)
    assert "was not ready after 1 s" in jupyter.log()


def node_that_says(folder: Path, version: str) -> Path:
    made = folder / "node"
    made.write_text(f"#!/bin/sh\necho {version}\n")
    made.chmod(0o755)
    return made


def test_a_missing_node_is_told_with_the_cure(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(f"--Lakeside.node={folder}/none")
    refused = problem(jupyter.get("lakeside/echo"))
    assert refused["code"] == "node-missing"
    assert f"{folder}/none" in refused["message"]
    assert "24 or newer" in refused["message"]
    assert jupyter.get("api/contents").ok


def test_an_old_node_is_refused_and_a_new_one_taken(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    from lakeside.node import find_node

    old = node_that_says(folder, "v18.20.4")
    jupyter = jupyters(environment={"LAKESIDE_NODE": str(old)})
    refused = problem(jupyter.get("lakeside/echo"))
    assert refused["code"] == "node-missing"
    assert "Node.js 18" in refused["message"]
    old.unlink()
    old.symlink_to(find_node())
    until(lambda: jupyter.get("lakeside/echo").ok, 10, "a start with the new Node.js")


def test_programs_that_are_not_built_are_told(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    jupyter = jupyters(program=folder / "none.js")
    assert "npm run build" in problem(jupyter.get("lakeside/echo"))["message"]


def test_no_orphan_after_the_server_was_killed(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    jupyter.get("lakeside/echo")
    sidecar = jupyter.sidecar()
    jupyter.kill()
    until(lambda: not sidecar.is_running(), NO_ORPHAN, "the end of the sidecar")


def test_stops_with_the_server_and_leaves_nothing(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    stream = jupyter.get("lakeside/forever", stream=True)
    sidecar = jupyter.sidecar()
    began = time.monotonic()
    jupyter.stop()
    stream.close()
    assert time.monotonic() - began < 8
    assert not sidecar.is_running()
    assert list((jupyter.folder / "tmp").glob("lakeside-*")) == []


def test_children_of_a_sidecar_end_with_it(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    with_child = f"""
        require('node:child_process').spawn('sleep', ['600'], {{ stdio: 'inherit' }});
        import({str(Path(__file__).parent / "recorder.mjs")!r});
    """
    jupyter = jupyters(program=script(folder, with_child))
    jupyter.get("lakeside/echo")
    sidecar = jupyter.sidecar()
    (child,) = sidecar.children()
    sidecar.kill()
    began = time.monotonic()
    assert jupyter.get("lakeside/echo").ok
    assert time.monotonic() - began < READY_AGAIN
    until(lambda: not child.is_running())


def test_sweeps_what_a_killed_server_left_but_nothing_in_use(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    common = {"TMPDIR": str(folder)}
    first = jupyters(environment=common)
    first.get("lakeside/echo")
    second = jupyters(environment=common)
    second.get("lakeside/echo")
    assert len(list(folder.glob("lakeside-*"))) == 2
    first.kill()
    third = jupyters(environment=common)
    third.get("lakeside/echo")
    assert len(list(folder.glob("lakeside-*"))) == 2
    assert second.get("lakeside/echo").ok


def test_opens_a_new_socket_where_a_cleaner_removed_it(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    jupyter.get("lakeside/echo")
    for socket in (jupyter.folder / "tmp").glob("lakeside-*/sidecar.sock"):
        socket.unlink()
    assert jupyter.ask("POST", "lakeside/echo", data="x").ok
    assert "was removed" in jupyter.log()


def test_a_long_temporary_folder_is_no_hindrance(jupyters: Callable[..., Jupyter], folder: Path) -> None:
    long = folder / ("x" * 100)
    long.mkdir()
    jupyter = jupyters(environment={"TMPDIR": str(long)})
    assert jupyter.get("lakeside/echo").ok
    assert jupyter.stop() == 0


def test_its_log_reaches_jupyters_log(jupyters: Callable[..., Jupyter]) -> None:
    jupyter = jupyters()
    for line in ('{"level":30,"msg":"calm"}', '{"level":50,"msg":"loud","path":"a"}', "plain"):
        jupyter.get("lakeside/log", params={"line": line})
    until(lambda: "plain" in jupyter.log())
    log = jupyter.log()
    assert "[I" in next(line for line in log.splitlines() if "calm" in line)
    assert "[E" in next(line for line in log.splitlines() if 'loud path="a"' in line)


def test_backoff_grows_and_forgets() -> None:
    backoff = Backoff()
    waits = [backoff.after_end(1, float(second)) for second in range(12)]
    assert waits[:3] == [0.2, 0.2, 0.2]
    assert waits[3:9] == [0.4, 0.8, 1.6, 3.2, 6.4, 10]
    assert waits[-1] == 10
    assert backoff.after_end(1, 100.0) == 0.2
    assert backoff.after_end(BAD_CONFIGURATION, 101.0) == 30
