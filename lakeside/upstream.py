"""The HTTP connection to the sidecar. The only module that knows aiohttp, which is slow to import."""

from __future__ import annotations

import aiohttp

#: What goes wrong between here and the sidecar, as opposed to between the browser and here.
ConnectionLost = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientOSError)
Answer = aiohttp.ClientResponse


class Upstream:
    """Sends requests to a unix socket, as they are: no cookies, no time limit, nothing decoded or added."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._reused = _session(aiohttp.UnixConnector(path, limit=0, keepalive_timeout=30))
        # A request that changes something must not meet a connection that is just being closed.
        self._fresh = _session(aiohttp.UnixConnector(path, limit=0, force_close=True))

    def session(self, *, repeatable: bool) -> aiohttp.ClientSession:
        """A session whose connections are kept for requests that may be sent twice, and new for all others."""
        return self._reused if repeatable else self._fresh

    async def close(self) -> None:
        """Closes all connections."""
        await self._reused.close()
        await self._fresh.close()


def _session(connector: aiohttp.UnixConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers={"User-Agent", "Accept", "Accept-Encoding", "Content-Type"},
    )
