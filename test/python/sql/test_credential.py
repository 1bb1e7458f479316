"""Secrets of profiles: what is asked of Lakeside, and the sentence for each way in which it cannot give one."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lakeside.keydoor import OWN_TOKEN_FILE, OWN_URL
from lakeside.sources import SourceError, read_secret
from lakeside.sources.credential import TOKEN_FILE, URL, read_profile
from lakeside.sources.record import Source
from lakeside.sources.settings import database_settings

PASSWORD = "Planted-in-the-store-8a41"
TOKEN = "Token-of-the-endpoint-" + "t" * 30


@dataclass
class Endpoint:
    """What answers in the sidecar's place."""

    status: int = 200
    body: Any = field(default_factory=lambda: {"user": "ada", "password": PASSWORD})
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Endpoint]:
    made = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers.get("Authorization")))
            body = json.dumps(made.body).encode()
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv(URL, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv(TOKEN_FILE, str(tmp_path / "token"))
    # A proxy never sees what stays on this machine.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    yield made
    server.shutdown()
    server.server_close()


def database(**settings: Any) -> Source:
    given = {"host": "h", "password": {"credential": "warehouse"}, **settings}
    return Source("shop", "postgresql", given, "sources.shop in config.yml")


def test_the_names_are_those_that_the_jupyter_server_sets() -> None:
    assert (OWN_URL, OWN_TOKEN_FILE) == (URL, TOKEN_FILE)


def test_a_password_and_its_user_come_from_the_profile_at_each_use(endpoint: Endpoint) -> None:
    settings = database_settings(database())
    assert (settings.user, settings.password) == ("ada", PASSWORD)
    assert PASSWORD not in repr(settings)
    assert PASSWORD not in repr(read_profile("warehouse", "here"))
    assert endpoint.asked[0] == ("/secrets/warehouse", TOKEN)
    endpoint.body = {"user": "ada", "password": "Newer-in-the-store-8a42"}
    assert database_settings(database(user="ada")).password == "Newer-in-the-store-8a42"
    # A token has no user of its own.
    endpoint.body = {"password": PASSWORD}
    assert database_settings(database(user="grace")).user == "grace"
    assert read_secret({"credential": "warehouse"}, "here") == PASSWORD
    # No sentence shows it, whoever repeats it.
    assert str(SourceError(f"The server said: {PASSWORD}")) == "The server said: ***"


@pytest.mark.parametrize(
    ("status", "body", "source", "said"),
    [
        (401, {"Code": "SignInRequired", "Message": "Nobody is signed in to Warehouse."}, database(), "Nobody is"),
        (503, {}, database(), r"Lakeside gave no keys \(it answered 503\)"),
        (200, {"user": "ada"}, database(), "the profile warehouse gave no password. Sign in to it again."),
        (200, [], database(), "the profile warehouse gave no password"),
        (200, {"password": PASSWORD}, database(), "nobody says who signs in, neither user nor the profile warehouse"),
        (200, {"user": "ada", "password": PASSWORD}, database(user="eve"), "is signed in as ada, and user is eve"),
        (200, {}, database(password={"credential": "Ware/../x"}), "a profile has a name of small letters"),
        (
            200,
            {},
            database(user="ada", password={"credential": 1}),
            r"or \{credential: PROFILE\}, never the secret itself",
        ),
        (200, {}, database(password=None), "user is missing"),
    ],
)
def test_what_is_wrong_has_its_sentence_with_the_place(
    endpoint: Endpoint, status: int, body: Any, source: Source, said: str
) -> None:
    endpoint.status, endpoint.body = status, body
    with pytest.raises(SourceError, match=said) as caught:
        database_settings(source)
    assert "sources.shop in config.yml" in str(caught.value)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=False).format())
    assert PASSWORD not in shown
    assert TOKEN not in shown


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint, tmp_path: Path) -> None:
    monkeypatch.setenv(TOKEN_FILE, str(tmp_path / "none"))
    with pytest.raises(SourceError, match=r"does not answer at 127\.0\.0\.1:.* still running"):
        read_profile("warehouse", "here")
    for url in ("", "http://evil.example:80", "https://127.0.0.1:1", "http://127.0.0.1"):
        monkeypatch.setenv(URL, url)
        with pytest.raises(SourceError, match="lakeside credentials exec -- COMMAND"):
            read_profile("warehouse", "here")
    assert endpoint.asked == []
