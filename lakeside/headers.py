"""Which parts of a request reach the sidecar, and which parts of its answer reach the browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote_plus

#: Everything else, cookies and tokens above all, stays in the Jupyter server.
_TO_SIDECAR = (
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Content-Length",
    "If-Match",
    "If-None-Match",
    "Range",
    "Last-Event-ID",
    "X-Request-Id",
)
_SECRET_PARAMETERS = {"token", "_xsrf"}
_NOT_TO_BROWSER = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "server",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


def to_sidecar(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers of a request that the sidecar gets; one that is given twice is joined."""
    allowed = {name.lower(): name for name in _TO_SIDECAR}
    passed: dict[str, str] = {}
    for name, value in given:
        known = allowed.get(name.lower())
        if known:
            passed[known] = f"{passed[known]}, {value}" if known in passed else value
    return passed


def to_browser(given: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The headers of the sidecar's answer that the browser gets."""
    headers = list(given)
    named = {
        part.strip().lower() for name, value in headers if name.lower() == "connection" for part in value.split(",")
    }
    for name, value in headers:
        if name.lower() not in _NOT_TO_BROWSER | named:
            yield name, value


def percent_encoded(text: str) -> str:
    """Any text as the ASCII that a header can carry."""
    return quote(text, safe="")


def sidecar_target(uri: str, prefix: str) -> str:
    """Path and query for the sidecar: without the prefix, without tokens, all ASCII, otherwise as given.

    :param uri: path and query of the request as they came
    :param prefix: what the front door listens under, without a slash at its end
    """
    path, mark, query = uri.partition("?")
    parts = [part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in _SECRET_PARAMETERS]
    kept = "&".join(parts)
    target = (path[len(prefix) :] or "/") + (mark + kept if kept else "")
    return quote(target, safe="".join(map(chr, range(33, 127))))
