"""Who may pass the front door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from conftest import Jupyter, problem, seen

FOREIGN = "https://attacker.example"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_refuses_who_is_not_signed_in(jupyter: Jupyter, method: str) -> None:
    before = len(seen(jupyter))
    answer = requests.request(method, jupyter.url("lakeside/echo"), timeout=60)
    assert answer.status_code == 403
    if method == "GET":
        assert problem(answer)["code"] == "forbidden"
    assert len(seen(jupyter)) == before


def test_refuses_a_wrong_token(jupyter: Jupyter) -> None:
    answer = requests.get(jupyter.url("lakeside/echo"), headers={"Authorization": "token wrong"}, timeout=60)
    assert answer.status_code == 403


def test_sends_a_person_who_follows_a_link_to_sign_in(jupyter: Jupyter) -> None:
    answer = requests.get(
        jupyter.url("lakeside/library/?q=x"), headers={"Accept": "text/html"}, allow_redirects=False, timeout=60
    )
    assert answer.status_code == 302
    assert "/login?next=" in answer.headers["Location"]


@pytest.mark.parametrize("method", WRITES)
def test_needs_the_xsrf_token_with_a_cookie(jupyter: Jupyter, method: str) -> None:
    browser = jupyter.browser()
    url = jupyter.url("lakeside/echo")
    before = len(seen(jupyter))
    assert browser.request(method, url, data="x", headers={"Content-Type": "text/plain"}).status_code == 403
    assert browser.request(method, url, data="x", headers={"X-XSRFToken": "wrong"}).status_code == 403
    assert len(seen(jupyter)) == before
    assert browser.request(method, url, data="x", headers=jupyter.xsrf(browser)).ok


def test_a_page_opened_straight_from_a_link_may_write(jupyter: Jupyter) -> None:
    browser = requests.Session()
    page = browser.get(
        jupyter.url("lakeside/echo"), params={"token": jupyter.token}, headers={"Accept": "text/html"}, timeout=60
    )
    assert page.ok
    cookie = browser.cookies["_xsrf"]
    assert browser.post(jupyter.url("lakeside/echo"), data="x", headers=jupyter.xsrf(browser), timeout=60).ok
    browser.get(jupyter.url("lakeside/echo"), headers={"Accept": "text/html"}, timeout=60)
    assert browser.cookies["_xsrf"] == cookie


def test_lets_a_browser_read(jupyter: Jupyter) -> None:
    browser = jupyter.browser()
    assert browser.get(jupyter.url("lakeside/echo")).ok
    assert browser.get(jupyter.url("lakeside/echo"), headers={"Origin": f"http://127.0.0.1:{jupyter.port}"}).ok


def test_refuses_foreign_origins_even_for_reading(jupyter: Jupyter) -> None:
    browser = jupyter.browser()
    before = len(seen(jupyter))
    answer = browser.get(jupyter.url("lakeside/echo"), headers={"Origin": FOREIGN})
    assert answer.status_code == 403
    assert problem(answer)["code"] == "forbidden"
    assert "Access-Control-Allow-Origin" not in answer.headers
    token = jupyter.xsrf(browser)
    for method in WRITES:
        refused = browser.request(method, jupyter.url("lakeside/echo"), headers={"Origin": FOREIGN, **token})
        assert refused.status_code in (403, 404)
    assert len(seen(jupyter)) == before


@pytest.mark.parametrize(
    ("site", "mode", "destination", "status"),
    [
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),  # a link in a wiki or a chat
        ("same-site", "navigate", "document", 200),
        ("cross-site", "no-cors", "image", 403),
        ("cross-site", "navigate", "iframe", 403),
        ("same-site", "no-cors", "script", 403),  # another person's server on the same hub
    ],
)
def test_believes_the_browser_about_foreign_pages(
    jupyter: Jupyter, site: str, mode: str, destination: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    assert jupyter.browser().get(jupyter.url("lakeside/echo"), headers=headers).status_code == status


def test_refuses_a_foreign_host(jupyter: Jupyter) -> None:
    answer = jupyter.get("lakeside/echo", headers={"Host": "attacker.example"})
    assert answer.status_code == 403


def test_a_token_needs_neither_origin_nor_xsrf(jupyter: Jupyter) -> None:
    # Jupyter's rule: a page cannot make a browser send this header on its own.
    assert jupyter.ask("POST", "lakeside/echo", headers={"Origin": FOREIGN}).ok


def test_asks_the_authorizer(jupyters: Callable[..., Jupyter]) -> None:
    read_only = jupyters("--ServerApp.authorizer_class=policies.ReadOnly")
    assert read_only.get("lakeside/echo").ok
    assert read_only.ask("HEAD", "lakeside/head").ok
    for method in WRITES:
        answer = read_only.ask(method, "lakeside/echo")
        assert answer.status_code == 403
        assert "may not" in problem(answer)["message"]
    closed = jupyters("--ServerApp.authorizer_class=policies.Closed")
    assert closed.get("lakeside/echo").status_code == 403


def test_an_operator_may_allow_an_origin(jupyters: Callable[..., Jupyter]) -> None:
    open_to_one = jupyters(f"--ServerApp.allow_origin={FOREIGN}")
    browser = open_to_one.browser()
    allowed = browser.get(open_to_one.url("lakeside/echo"), headers={"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"})
    assert allowed.ok
    assert allowed.headers["Access-Control-Allow-Origin"] == FOREIGN
    other = browser.get(open_to_one.url("lakeside/echo"), headers={"Origin": "https://other.example"})
    assert other.status_code == 403


def test_an_unauthenticated_server_part_stays_closed(jupyters: Callable[..., Jupyter]) -> None:
    strict = jupyters("--ServerApp.allow_unauthenticated_access=False")
    answer = requests.get(strict.url("lakeside/echo"), timeout=60, allow_redirects=False)
    assert answer.status_code == 403
    assert strict.get("lakeside/echo").ok
