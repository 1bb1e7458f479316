"""What reaches the sidecar and what comes back."""

from __future__ import annotations

import json
import os
import pwd
import socket
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from conftest import Jupyter, seen
from hypothesis import given
from hypothesis import strategies as st

from lakeside.headers import sidecar_target, to_browser, to_sidecar

ALLOWED = {
    "Accept": "application/json",
    "Accept-Language": "de",
    "Content-Type": "application/json",
    "If-Match": '"a"',
    "If-None-Match": '"b"',
    "Range": "bytes=0-9",
    "Last-Event-ID": "17",
    "X-Request-Id": "r-1",
}
ADDED = {
    "host",
    "connection",
    "x-lakeside-secret",
    "x-lakeside-user",
    "x-lakeside-display-name",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-host",
    "content-length",
    "transfer-encoding",
}


def test_no_cookie_and_no_token_reaches_the_sidecar(jupyter: Jupyter) -> None:
    browser = jupyter.browser()
    xsrf = jupyter.xsrf(browser)["X-XSRFToken"]
    url = jupyter.url("lakeside/echo")
    secret_headers = {
        "X-XSRFToken": xsrf,
        "Proxy-Authorization": "Basic c2VjcmV0",
        "Referer": f"{url}?token={jupyter.token}",
        "X-Api-Key": "api-key-1",
        "Forwarded": "for=1.2.3.4",
    }
    browser.get(f"{url}?a=1&token={jupyter.token}&b=2", headers=secret_headers)
    browser.get(f"{url}?%74oken={jupyter.token}&to%6ben={jupyter.token}&_xsrf={xsrf}", headers=secret_headers)
    browser.post(url, data="x", headers=secret_headers)
    browser.post(f"{url}?_xsrf={xsrf}", data="x")
    jupyter.ask("POST", "lakeside/echo", data="x", headers=secret_headers)
    jupyter.get(f"lakeside/echo?token={jupyter.token}")
    requests_seen = seen(jupyter)
    assert len(requests_seen) == 6
    text = json.dumps(requests_seen)
    for secret in (jupyter.token, xsrf, *map(str, browser.cookies.values()), "c2VjcmV0", "api-key-1", "1.2.3.4"):
        assert secret not in text
    for request in requests_seen:
        assert set(request["headers"]) <= ADDED | {name.lower() for name in ALLOWED}
        assert "token" not in request["url"]
        assert "_xsrf" not in request["url"]
    assert requests_seen[0]["url"] == "/echo?a=1&b=2"
    assert requests_seen[1]["url"] == "/echo"


def test_allowed_headers_pass_unchanged(jupyter: Jupyter) -> None:
    headers = jupyter.ask("POST", "lakeside/echo", data=b"12345", headers=ALLOWED).json()["headers"]
    for name, value in ALLOWED.items():
        assert headers[name.lower()] == value
    assert headers["content-length"] == "5"
    assert len(headers["x-lakeside-secret"]) >= 32
    assert headers["x-forwarded-prefix"] == "/lakeside"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-host"] == f"127.0.0.1:{jupyter.port}"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_request_without_a_body_arrives_without_one(jupyter: Jupyter, method: str) -> None:
    headers = jupyter.ask(method, "lakeside/echo").json()["headers"]
    assert "transfer-encoding" not in headers
    assert headers.get("content-length", "0") == "0"


def test_a_caller_cannot_pose_as_the_front_door(jupyter: Jupyter) -> None:
    forged = {"X-Lakeside-User": "intruder", "X-Lakeside-Secret": "x" * 43, "X-Forwarded-Prefix": "/evil"}
    headers = jupyter.get("lakeside/echo", headers=forged).json()["headers"]
    assert headers["x-lakeside-user"] != "intruder"
    assert headers["x-lakeside-secret"] != "x" * 43
    assert headers["x-forwarded-prefix"] == "/lakeside"


def test_set_cookie_and_hop_by_hop_headers_stay_behind(jupyter: Jupyter) -> None:
    browser = jupyter.browser()
    answer = browser.get(jupyter.url("lakeside/cookie"))
    assert "Set-Cookie" not in answer.headers
    assert "X-Hop" not in answer.headers
    assert answer.headers["X-Kept"] == "yes"
    assert answer.headers["ETag"] == '"v1"'


def test_an_answer_without_a_policy_gets_the_strictest(jupyter: Jupyter) -> None:
    assert "default-src 'none'" in jupyter.get("lakeside/echo").headers["Content-Security-Policy"]


def test_names_in_any_script_arrive(jupyters: Callable[..., Jupyter]) -> None:
    named = jupyters("--ServerApp.identity_provider_class=policies.HeaderIdentity")
    person = {"username": "zoë@exämple", "display_name": "周 王 🌊", "name": "Zoë"}
    headers = named.get("lakeside/echo", headers={"X-Test-Person": json.dumps(person)}).json()["headers"]
    assert unquote(headers["x-lakeside-user"]) == "zoë@exämple"
    assert unquote(headers["x-lakeside-display-name"]) == "周 王 🌊"
    headers = named.get("lakeside/echo", headers={"X-Test-Person": '{"username": "a\\r\\nX-Evil: 1"}'}).json()[
        "headers"
    ]
    assert unquote(headers["x-lakeside-user"]) == "a\r\nX-Evil: 1"
    assert "x-evil" not in headers


def test_a_person_jupyter_does_not_know_is_the_account(jupyter: Jupyter) -> None:
    account = pwd.getpwuid(os.getuid()).pw_name
    names = {unquote(jupyter.get("lakeside/echo").json()["headers"]["x-lakeside-user"]) for _ in range(3)}
    assert names == {account}
    assert jupyter.browser().get(jupyter.url("lakeside/echo")).json()["headers"]["x-lakeside-user"] == account


def test_a_base_url_is_part_of_the_prefix(jupyters: Callable[..., Jupyter]) -> None:
    hub = jupyters(base_url="/user/j%C3%B6rg/")
    answer = hub.get("lakeside/echo?x=%2F").json()
    assert answer["url"] == "/echo?x=%2F"
    assert answer["headers"]["x-forwarded-prefix"] == "/user/j%C3%B6rg/lakeside"


@pytest.mark.parametrize(
    "path", ["lakeside", "lakeside/", "lakeside//x", "lakeside/a%2Fb", "lakeside/../seen", "lakeside/é"]
)
def test_odd_paths_arrive_as_they_are_or_are_refused(jupyter: Jupyter, path: str) -> None:
    with socket.create_connection(("127.0.0.1", jupyter.port), 60) as connection:
        head = f" HTTP/1.1\r\nHost: 127.0.0.1:{jupyter.port}\r\nConnection: close\r\n"
        connection.sendall(b"GET /" + path.encode() + head.encode())
        connection.sendall(f"Authorization: token {jupyter.token}\r\n\r\n".encode())
        status = int(connection.makefile("rb").readline().split()[1])
    assert status in (200, 400, 404)


@given(st.lists(st.tuples(st.sampled_from(["token", "_xsrf", "a", "to ken", "tokens"]), st.text(max_size=5))))
def test_only_secret_parameters_are_removed(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    target = sidecar_target(f"/x/lakeside/a?{query}", "/x/lakeside")
    kept = [(name, value) for name, value in pairs if name not in ("token", "_xsrf")]
    assert urlsplit(target).path == "/a"
    assert parse_qsl(urlsplit(target).query, keep_blank_values=True) == kept


@given(st.text(max_size=50))
def test_a_target_is_always_ascii_without_spaces(text: str) -> None:
    target = sidecar_target(f"/lakeside/{text}", "/lakeside")
    assert target.startswith("/")
    assert target.isascii()
    assert all(32 < ord(character) < 127 for character in target)


def test_repeated_request_headers_are_joined() -> None:
    assert to_sidecar([("accept", "a"), ("Accept", "b"), ("Cookie", "c")]) == {"Accept": "a, b"}


def test_repeated_answer_headers_stay_apart() -> None:
    given_headers = [("Vary", "a"), ("Vary", "b"), ("set-cookie", "c"), ("Connection", "x-a"), ("X-A", "1")]
    assert list(to_browser(given_headers)) == [("Vary", "a"), ("Vary", "b")]
